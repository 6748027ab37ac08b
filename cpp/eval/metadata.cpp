#include "eval/metadata.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace ponnuki {
namespace {

constexpr int kRankEntries = 34;
constexpr int kDatePairs = 32;
constexpr int kSourceKgs = 2, kSourceGoGoD = 5, kSourceGo4Go = 6;

// Input rows and hashes see times and counts only up to these.
double cappedMainTime(const SgfMetadata& m) {
  return std::min(std::max(m.mainTime, 0.0), 259200.0);
}
double cappedPeriodTime(const SgfMetadata& m) {
  return std::min(std::max(m.periodTime, 0.0), 86400.0);
}
int cappedPeriods(const SgfMetadata& m) {
  return std::clamp(m.byoYomiPeriods, 0, 50);
}
int cappedCanadian(const SgfMetadata& m) {
  return std::clamp(m.canadianMoves, 0, 50);
}

std::optional<int> parseInverseRank(const std::string& s) {
  if (s.size() == 2 && s[1] == 'd' && s[0] >= '1' && s[0] <= '9') return 10 - (s[0] - '0');
  if (s.size() < 2 || s.size() > 3 || s.back() != 'k' || s[0] < '1' || s[0] > '9') return std::nullopt;
  if (s.size() == 3 && (s[1] < '0' || s[1] > '9')) return std::nullopt;
  const int kyu = s.size() == 2 ? s[0] - '0' : (s[0] - '0') * 10 + (s[1] - '0');
  if (kyu > 20) return std::nullopt;
  return kyu + 9;
}

// rank_ and preaz_ profiles; `ranks` is "R" or "B_W".
std::optional<SgfMetadata> amateurProfile(const std::string& ranks, int year, int month) {
  const size_t underscore = ranks.find('_');
  const auto black = parseInverseRank(ranks.substr(0, underscore));
  const auto white = underscore == std::string::npos ? black : parseInverseRank(ranks.substr(underscore + 1));
  if (!black || !white) return std::nullopt;
  SgfMetadata m;
  m.initialized = true;
  m.black.inverseRank = *black;
  m.white.inverseRank = *white;
  m.black.isHuman = m.white.isHuman = true;
  m.gameRatednessIsUnknown = true;
  m.timeControl = SgfMetadata::TimeControl::ByoYomi;
  m.mainTime = 1200;
  m.periodTime = 30;
  m.byoYomiPeriods = 5;
  m.daysSince1970 = daysFromCivil(year, month, 1);
  m.source = kSourceKgs;
  return m;
}

std::optional<SgfMetadata> professionalProfile(const std::string& yearText) {
  const auto year = tryInt(yearText);
  if (!year || *year < 1800 || *year > 2023) return std::nullopt;
  SgfMetadata m;
  m.initialized = true;
  m.black.inverseRank = m.white.inverseRank = 1;
  m.black.isHuman = m.white.isHuman = true;
  m.timeControl = SgfMetadata::TimeControl::Unknown;
  m.daysSince1970 = daysFromCivil(*year, 6, 1);
  m.source = *year <= 2020 ? kSourceGoGoD : kSourceGo4Go;
  return m;
}

std::optional<SgfMetadata> namedProfile(const std::string& name) {
  if (startsWith(name, "rank_")) return amateurProfile(name.substr(5), 2020, 3);
  if (startsWith(name, "preaz_")) return amateurProfile(name.substr(6), 2016, 9);
  if (startsWith(name, "proyear_")) return professionalProfile(name.substr(8));
  return std::nullopt;
}

void fillRankThermometer(float* entries, const SgfMetadata::Player& player) {
  if (!player.isUnranked) std::fill_n(entries, std::clamp(player.inverseRank, 0, kRankEntries), 1.0f);
}

void fillDate(float* entries, int64_t days) {
  constexpr double kTwoPi = 6.283185307179586476925;
  const double growth = std::pow(80000.0, 1.0 / 31.0);
  double period = 7.0;
  for (int i = 0; i < kDatePairs; i++) {
    const double revolutions = static_cast<double>(days) / period;
    entries[2 * i] = static_cast<float>(std::cos(revolutions * kTwoPi));
    entries[2 * i + 1] = static_cast<float>(std::sin(revolutions * kTwoPi));
    period *= growth;
  }
}

uint32_t playerBits(const SgfMetadata::Player& p) {
  return static_cast<uint32_t>(p.inverseRank) + (p.isUnranked ? 128u : 0u) + (p.rankIsUnknown ? 256u : 0u) +
         (p.isHuman ? 512u : 0u);
}

void checkHashable(const SgfMetadata& m) {
  ENSURE(m.initialized);
  const auto inRange = [](int v) { return v >= 0 && v <= 127; };
  if (!inRange(m.black.inverseRank) || !inRange(m.white.inverseRank) || !inRange(m.source))
    throw UserError("SGF metadata has a rank or source outside 0 to 127");
  if (!std::isfinite(m.mainTime) || !std::isfinite(m.periodTime) || m.mainTime < 0 || m.periodTime < 0 ||
      m.byoYomiPeriods < 0 || m.canadianMoves < 0)
    throw UserError("SGF metadata has a negative or infinite time or count");
}

}  // namespace

int64_t daysFromCivil(int year, int month, int day) {
  // Years from March, so that the leap day is the last one; eras of 400 years.
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t yearOfEra = y - era * 400;
  const int64_t dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

SgfMetadata SgfMetadata::fromProfile(const std::string& name) {
  if (name.empty() || name == "_" || name == "\"\"") return SgfMetadata();
  const auto profile = namedProfile(name);
  if (!profile) throw UserError("Unknown human SL network profile: " + name);
  return *profile;
}

void SgfMetadata::fillRow(float* row, Color pla, int boardArea) const {
  ENSURE(initialized);
  if (source < 0 || source > 15)
    throw UserError("SGF metadata source is " + std::to_string(source) + "; expected 0 to 15");
  std::fill_n(row, kChannels, 0.0f);
  const Player* players[2] = {&black, &white};
  if (pla == Color::White) std::swap(players[0], players[1]);
  for (int i = 0; i < 2; i++) {
    row[i] = players[i]->isHuman ? 1.0f : 0.0f;
    row[2 + i] = players[i]->isUnranked ? 1.0f : 0.0f;
    row[4 + i] = players[i]->rankIsUnknown ? 1.0f : 0.0f;
    fillRankThermometer(row + 6 + kRankEntries * i, *players[i]);
  }
  row[74] = gameRatednessIsUnknown ? 0.5f : gameIsUnrated ? 1.0f : 0.0f;
  row[74 + static_cast<int>(timeControl)] = 1.0f;
  row[82] = static_cast<float>(0.4 * (std::log(cappedMainTime(*this) + 60.0) - 6.5));
  row[83] = static_cast<float>(0.3 * (std::log(cappedPeriodTime(*this) + 1.0) - 3.0));
  row[84] = static_cast<float>(0.5 * (std::log(cappedPeriods(*this) + 2.0) - 1.5));
  row[85] = static_cast<float>(0.25 * (std::log(cappedCanadian(*this) + 2.0) - 1.5));
  row[86] = static_cast<float>(0.5 * std::log(boardArea / 361.0));
  fillDate(row + 87, daysSince1970);
  row[151 + source] = 1.0f;
}

Hash128 SgfMetadata::hash(Color pla) const {
  checkHashable(*this);
  const uint32_t b = playerBits(black), w = playerBits(white);
  const uint32_t x0 = (pla == Color::Black ? b + (w << 10) : w + (b << 10)) +
                      (gameIsUnrated ? 1u << 20 : 0u) + (gameRatednessIsUnknown ? 1u << 21 : 0u) +
                      (static_cast<uint32_t>(timeControl) << 22) + (static_cast<uint32_t>(source) << 25);
  const uint32_t x1 = static_cast<uint32_t>(cappedMainTime(*this) * 4.0) +
                      (static_cast<uint32_t>(cappedPeriods(*this)) << 24);
  const uint32_t x2 = static_cast<uint32_t>(cappedPeriodTime(*this) * 32.0) +
                      (static_cast<uint32_t>(cappedCanadian(*this)) << 24);
  const uint32_t x3 = static_cast<uint32_t>(daysSince1970);
  uint64_t h0 = (static_cast<uint64_t>(x0) << 32) | x1;
  uint64_t h1 = (static_cast<uint64_t>(x2) << 32) | x3;
  h0 = mix::nasam(h0);
  h1 = mix::nasam(h1 + h0);
  h0 += h1;
  return Hash128(h0, h1);
}

}  // namespace ponnuki
