#include "eval/metadata.h"

#include <doctest/doctest.h>

#include <array>

#include "base/error.h"

using namespace ponnuki;

namespace {

using Row = std::array<float, SgfMetadata::kChannels>;

Row rowOf(const SgfMetadata& m, Color pla, int area) {
  Row row;
  row.fill(-1);
  m.fillRow(row.data(), pla, area);
  return row;
}

constexpr double kClose = 1e-6;

}  // namespace

TEST_CASE("days are counted from 1970 in the proleptic Gregorian calendar") {
  CHECK(daysFromCivil(1970, 1, 1) == 0);
  CHECK(daysFromCivil(2020, 3, 1) == 18322);
  CHECK(daysFromCivil(2016, 9, 1) == 17045);
  CHECK(daysFromCivil(1985, 6, 1) == 5630);
  CHECK(daysFromCivil(2022, 6, 1) == 19144);
  CHECK(daysFromCivil(1800, 6, 1) == -61940);
}

TEST_CASE("the row of rank_5k equals the reference's") {
  const SgfMetadata m = SgfMetadata::fromProfile("rank_5k");
  const Row row = rowOf(m, Color::Black, 361);
  Row expected{};
  const auto set = [&](int i, double v) { expected[i] = static_cast<float>(v); };
  set(0, 1);
  set(1, 1);
  for (int i = 6; i <= 19; i++) set(i, 1);
  for (int i = 40; i <= 53; i++) set(i, 1);
  set(74, 0.5);
  set(79, 1);
  set(82, 0.255546808);
  set(83, 0.130196154);
  set(84, 0.222955078);
  set(85, -0.201713204);
  set(153, 1);
  for (int i = 0; i < SgfMetadata::kChannels; i++) {
    if (i >= 87 && i <= 150) continue;
    CAPTURE(i);
    CHECK(row[i] == doctest::Approx(expected[i]).epsilon(kClose));
  }
  CHECK(row[87] == doctest::Approx(-0.90096885).epsilon(kClose));
  CHECK(row[88] == doctest::Approx(0.433883727).epsilon(kClose));
  CHECK(row[89] == doctest::Approx(-0.997552752).epsilon(kClose));
  CHECK(row[90] == doctest::Approx(0.0699182153).epsilon(kClose));
  CHECK(row[117] == doctest::Approx(0.800536394).epsilon(kClose));
  CHECK(row[118] == doctest::Approx(0.599284112).epsilon(kClose));
  CHECK(row[149] == doctest::Approx(0.978944302).epsilon(kClose));
  CHECK(row[150] == doctest::Approx(0.204127505).epsilon(kClose));

  const Row small = rowOf(m, Color::Black, 81);
  for (int i = 0; i < SgfMetadata::kChannels; i++) {
    if (i != 86) CHECK(small[i] == row[i]);
  }
  CHECK(small[86] == doctest::Approx(-0.747214377).epsilon(kClose));
}

TEST_CASE("the row of proyear_1985 equals the reference's") {
  const Row row = rowOf(SgfMetadata::fromProfile("proyear_1985"), Color::Black, 361);
  CHECK(row[75] == 1);
  CHECK(row[74] == 0);
  CHECK(row[82] == doctest::Approx(-0.962262154).epsilon(kClose));
  CHECK(row[83] == doctest::Approx(-0.9).epsilon(kClose));
  CHECK(row[84] == doctest::Approx(-0.403426409).epsilon(kClose));
  CHECK(row[85] == doctest::Approx(-0.201713204).epsilon(kClose));
  CHECK(row[6] == 1);
  CHECK(row[7] == 0);
  CHECK(row[40] == 1);
  CHECK(row[41] == 0);
  CHECK(row[156] == 1);
  CHECK(rowOf(SgfMetadata::fromProfile("proyear_2022"), Color::White, 361)[157] == 1);
}

TEST_CASE("profiles are absolute in colour, the row is relative to the player to move") {
  const SgfMetadata m = SgfMetadata::fromProfile("preaz_3d_1k");
  CHECK(m.black.inverseRank == 7);
  CHECK(m.white.inverseRank == 10);
  const Row black = rowOf(m, Color::Black, 361), white = rowOf(m, Color::White, 361);
  CHECK(black[12] == 1);
  CHECK(black[13] == 0);
  CHECK(black[49] == 1);
  CHECK(white[15] == 1);
  CHECK(white[47] == 0);
  CHECK(black[87] == 1);
}

TEST_CASE("profile hashes equal the reference's") {
  const auto hash = [](const char* name, Color pla) {
    return SgfMetadata::fromProfile(name).hash(pla).toString();
  };
  CHECK(hash("rank_5k", Color::Black) == "3EBBDD2D0731232357F5A0FBFC40CD11");
  CHECK(hash("rank_5k", Color::White) == "3EBBDD2D0731232357F5A0FBFC40CD11");
  CHECK(hash("preaz_3d_1k", Color::Black) == "5FE35C3A52156E44FD52F28796C5C0B9");
  CHECK(hash("preaz_3d_1k", Color::White) == "0A2CDA59BF5CFCA4564E35E6E06B431B");
  CHECK(hash("proyear_1985", Color::Black) == "8619C3670B1DFD90FF8780482E858E38");
  CHECK(hash("proyear_2022", Color::White) == "C3E2D00B0B5F4DE68C41555167E9818D");
  CHECK(hash("proyear_1800", Color::Black) == "EEFE71B23DE0F9EE686C2E9361488A96");
}

TEST_CASE("empty names leave the record uninitialized, unknown ones are refused") {
  for (const char* name : {"", "_", "\"\""}) CHECK_FALSE(SgfMetadata::fromProfile(name).initialized);
  CHECK(SgfMetadata::fromProfile("rank_20k_9d").black.inverseRank == 29);
  CHECK(SgfMetadata::fromProfile("rank_20k_9d").white.inverseRank == 1);
  CHECK(SgfMetadata::fromProfile("proyear_ 2020").source == 5);
  for (const char* name :
       {"rank_", "rank_0d", "rank_21k", "rank_5K", "rank_10d", "rank_05k", "rank_5k_", "rank_5k_3d_1d",
        "proyear_1799", "proyear_2024", "proyear_2000x", "pro", "rank_5k "}) {
    CAPTURE(name);
    CHECK_THROWS_WITH_AS(SgfMetadata::fromProfile(name),
                         ("Unknown human SL network profile: " + std::string(name)).c_str(), UserError);
  }
}

TEST_CASE("impossible records are refused") {
  SgfMetadata m = SgfMetadata::fromProfile("rank_5k");
  m.source = 16;
  CHECK_THROWS_AS(rowOf(m, Color::Black, 361), UserError);
  m.source = 128;
  CHECK_THROWS_AS(m.hash(Color::Black), UserError);
  m.source = 2;
  m.mainTime = -1;
  CHECK_THROWS_AS(m.hash(Color::Black), UserError);
}
