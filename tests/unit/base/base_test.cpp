#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "base/text.h"

using namespace ponnuki;

TEST_CASE("sha256 gives the published digests") {
  CHECK_EQ(sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK_EQ(sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("the seeded generator gives the streams of the spec") {
  Rng abc("abc");
  for (uint32_t expected : {0x1C6B83BDu, 0xFB7677DBu, 0x698688D5u, 0xA3CD21C3u})
    CHECK_EQ(abc.next32(), expected);
  Rng board("Board::initHash()");
  for (uint32_t expected : {0x9ABB2CC6u, 0x15E4AB31u, 0xC01C557Fu, 0x53219F89u})
    CHECK_EQ(board.next32(), expected);
}

TEST_CASE("integers parse whole or not at all") {
  CHECK_EQ(tryInt(" +5 "), 5);
  CHECK_EQ(tryInt("05"), 5);
  for (const char* bad : {"", "5x", "99999999999", "+-5", "++5", "1.0", "-"})
    CHECK_FALSE(tryInt(bad).has_value());
}

TEST_CASE("floats parse finite numbers only") {
  CHECK_EQ(tryFloat("1e2"), 100.0f);
  CHECK_EQ(tryFloat(".5"), 0.5f);
  CHECK_EQ(tryFloat("7."), 7.0f);
  for (const char* bad : {"nan", "inf", "-inf", "1e99", "7.x", ""}) CHECK_FALSE(tryFloat(bad).has_value());
}

TEST_CASE("split drops one trailing empty piece") {
  CHECK_EQ(split("9:", ':'), std::vector<std::string>{"9"});
  CHECK_EQ(split("a::b", ':'), std::vector<std::string>{"a", "", "b"});
  CHECK(split("", ':').empty());
}

TEST_CASE("a misspelled word finds its neighbour and nonsense finds none") {
  const std::vector<std::string> words{"maxVisits", "maxTime", "numSearchThreads"};
  CHECK_EQ(nearestWord("maxVisit", words), "maxVisits");
  CHECK_EQ(nearestWord("numsearchthread", words), "numSearchThreads");
  CHECK_EQ(nearestWord("zzzzzz", words), "");
}

TEST_CASE("invalid UTF-8 is replaced byte by byte and valid text is kept") {
  CHECK_EQ(sanitizeUtf8("na\xC3\xAFve"), "na\xC3\xAFve");
  CHECK_EQ(sanitizeUtf8("a\xFFz"), "a\xEF\xBF\xBDz");
  CHECK_EQ(sanitizeUtf8("\xED\xA0\x80").substr(0, 3), "\xEF\xBF\xBD");
}

TEST_CASE("a missing file is named in the error") {
  CHECK_THROWS_WITH_AS(readFile("/nonexistent/x"), doctest::Contains("/nonexistent/x"), UserError);
}

TEST_CASE("parallel work is done once for each piece, and its failure reaches the caller") {
  std::vector<std::atomic<int>> done(1000);
  parallelFor(done.size(), [&](size_t i) { done[i]++; });
  CHECK(std::all_of(done.begin(), done.end(), [](const std::atomic<int>& n) { return n == 1; }));
  parallelFor(0, [](size_t) { FAIL("there is no piece"); });
  CHECK_THROWS_WITH_AS(parallelFor(100,
                                   [](size_t i) {
                                     if (i == 50) throw UserError("piece 50");
                                   }),
                       "piece 50", UserError);
}

TEST_CASE("a log file that cannot be opened is warned of, and the log goes on") {
  LogSettings settings;
  settings.file = "/no/such/folder/x.log";
  Logger log(settings);
  log.write("still here");
}
