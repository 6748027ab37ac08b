// What people who study a tree can ask for: averages, the whole graph, the shape of the noise.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "eval/hash_evaluator.h"
#include "search/root.h"
#include "search/search.h"
#include "search/tree_averages.h"

using namespace ponnuki;

namespace {

struct Fixture {
  HashEvaluator net;
  Logger log;
  Search search;
  explicit Fixture(int64_t visits)
      : net([] {
          HashEvaluatorSettings settings;
          settings.nnX = settings.nnY = 5;
          return settings;
        }()),
        search(paramsFor(visits), net, nullptr, log, "test") {
    search.setPosition(GameState(Board(5, 5), Color::Black, Rules::parse("tromp-taylor", false)));
  }
  static SearchParams paramsFor(int64_t visits) {
    SearchParams p;
    p.maxVisits = visits;
    return p;
  }
};

}  // namespace

TEST_CASE("averages of a tree of one node are what the net says") {
  Fixture f(1);
  CHECK_FALSE(f.search.treeAverages().has_value());
  f.search.run({});
  SearchReport report;
  REQUIRE(f.search.makeReport({}, report));
  const auto averages = f.search.treeAverages();
  REQUIRE(averages.has_value());
  CHECK(averages->sharpScore == doctest::Approx(report.rootNet->whiteScoreMean));
  CHECK(averages->shorttermWinlossError == doctest::Approx(report.rootNet->shorttermWinlossError));
  CHECK(averages->shorttermScoreError == doctest::Approx(report.rootNet->shorttermScoreError));
}

TEST_CASE("averages of a larger tree move away from the root's own evaluation and stay in range") {
  Fixture one(1), many(500);
  one.search.run({});
  many.search.run({});
  const auto a = one.search.treeAverages(), b = many.search.treeAverages();
  REQUIRE((a.has_value() && b.has_value()));
  CHECK(a->sharpScore != doctest::Approx(b->sharpScore));
  CHECK(std::abs(b->sharpScore) < 25 + 8);
}

TEST_CASE("the graph lists every node once and all visits of the root") {
  Fixture f(300);
  f.search.run({});
  std::vector<std::string> lines = split(f.search.describeGraph(), '\n');
  if (lines.back().empty()) lines.pop_back();
  CHECK(lines.size() == f.search.nodeCount());
  CHECK(lines[0].rfind("0 N 300 W ", 0) == 0);
  int64_t edgeVisits = 0;
  for (const std::string& word : splitWhitespace(lines[0])) {
    const size_t open = word.find('(');
    if (open == std::string::npos) continue;
    edgeVisits += std::stoll(word.substr(open + 1));
    const size_t child = std::stoul(word.substr(word.find("->") + 2));
    REQUIRE(child < lines.size());
    CHECK(lines[child].rfind(std::to_string(child) + " N ", 0) == 0);
  }
  CHECK(edgeVisits == 299);  // the first visit is the root's own
}

TEST_CASE("Dirichlet noise spreads half its concentration evenly and half over the likely moves") {
  const std::vector<double> shares = dirichletShares(std::vector<float>{0.5f, 1e-4f, -1, 1e-4f, 1e-4f});
  CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == doctest::Approx(1));
  CHECK(shares[0] == doctest::Approx(0.5 + 0.125));
  CHECK(shares[1] == doctest::Approx(0.125));
  CHECK(shares[2] == 0);
}
