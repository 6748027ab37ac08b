#include "engine/net_error.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace ponnuki {
namespace {

using nlohmann::json;

double scoreStdev(const NNOutput& o) {
  const double mean = o.whiteScoreMean;
  return std::sqrt(std::max(0.0, static_cast<double>(o.whiteScoreMeanSq) - mean * mean));
}

// How a kind of error is shown, and which limit bounds it.
struct Kind {
  const char* name;
  const char* format;  // of one number
  double shownFactor;  // to percent or hundredths
  double ErrorLimits::*limit;
  double limitFactor99, limitFactorMost;
};

}  // namespace

ErrorSummary ErrorSummary::of(std::vector<double> errors) {
  if (errors.empty()) return {};
  std::sort(errors.begin(), errors.end());
  ErrorSummary s;
  for (const double e : errors) s.average += e;
  const size_t last = errors.size() - 1;
  s.average /= static_cast<double>(errors.size());
  s.at90 = errors[last * 9 / 10];
  s.at99 = errors[last * 99 / 100];
  s.most = errors[last];
  return s;
}

void NetErrors::add(const NNOutput& r, const NNOutput& t) {
  ENSURE(r.nnX == t.nnX && r.nnY == t.nnY);
  const double refWin = 0.5 * (r.whiteWinProb - r.whiteLossProb),
               win = 0.5 * (t.whiteWinProb - t.whiteLossProb);
  winrate_.push_back(std::fabs(refWin - win) + std::fabs(r.whiteNoResultProb - t.whiteNoResultProb));
  lead_.push_back(std::fabs(r.whiteLead - t.whiteLead));
  scoreMean_.push_back(std::fabs(r.whiteScoreMean - t.whiteScoreMean));
  scoreStdev_.push_back(std::fabs(scoreStdev(r) - scoreStdev(t)));
  shorttermWinloss_.push_back(std::fabs(r.shorttermWinlossError - t.shorttermWinlossError));
  shorttermScore_.push_back(std::fabs(r.shorttermScoreError - t.shorttermScoreError));
  size_t top = 0;
  double divergence = 0;
  r.policy.forEachLegal([&](size_t pos, float prior) {
    if (prior > r.policy[top]) top = pos;
    if (prior > 1e-30)
      divergence += prior * (std::log(prior) - std::log(std::max(t.policy[pos], 1e-30f)));
  });
  topPolicy_.push_back(std::fabs(r.policy[top] - t.policy[top]));
  klDivergence_.push_back(divergence);
  ENSURE(r.ownership.size() == t.ownership.size());
  for (size_t i = 0; i < r.ownership.size(); i++)
    ownership_.push_back(std::fabs(r.ownership[i] - t.ownership[i]));
}

std::vector<std::string> NetErrors::report(const std::string& setName, const ErrorBounds& bounds,
                                           bool& ok) const {
  static constexpr Kind kKinds[] = {
      {"winrateError", "%7.5f%%", 100, &ErrorLimits::winrate, 1, 1},
      {"leadError", "%7.5f", 1, &ErrorLimits::score, 1, 1},
      {"scoreMeanError", "%7.5f", 1, &ErrorLimits::score, 1, 1},
      {"scoreStdevError", "%7.5f", 1, &ErrorLimits::score, 0.6, 0.6},
      {"topPolicyDelta", "%7.5f%%", 100, &ErrorLimits::policy, 1, 1},
      {"policyKLDiv", "%8.6f", 1, &ErrorLimits::klDivergence, 1, 1},
      {"stWLErrorError", "%7.5fc", 100, &ErrorLimits::winrate, 1.8, 1.8},
      {"stScErrorError", "%7.5f", 1, &ErrorLimits::score, 0.75, 0.75},
      {"ownershipError", "%7.5fc", 100, &ErrorLimits::winrate, 1.75, 4},
  };
  const std::vector<double>* const errors[] = {&winrate_,          &lead_,           &scoreMean_,
                                               &scoreStdev_,       &topPolicy_,      &klDivergence_,
                                               &shorttermWinloss_, &shorttermScore_, &ownership_};
  static_assert(std::size(kKinds) == std::size(errors));
  std::vector<std::string> lines;
  double worst99 = 0, worstMost = 0;
  std::string name99 = kKinds[0].name, nameMost = kKinds[0].name;
  for (size_t i = 0; i < std::size(kKinds); i++) {
    const Kind& kind = kKinds[i];
    const ErrorSummary s = ErrorSummary::of(*errors[i]);
    std::string line = setName + " " + kind.name + ":";
    line.resize(std::max<size_t>(line.size(), 60), ' ');
    char text[64];
    for (const double value : {s.average, s.at90, s.at99, s.most}) {
      std::snprintf(text, sizeof text, kind.format, value * kind.shownFactor);
      line += (value == s.average && line.back() == ' ' ? " " : "  ") + std::string(text);
    }
    lines.push_back(line);
    const double ratio99 = s.at99 * kind.shownFactor / (bounds.at99.*kind.limit * kind.limitFactor99);
    const double ratioMost = s.most * kind.shownFactor / (bounds.most.*kind.limit * kind.limitFactorMost);
    if (ratio99 > worst99) worst99 = ratio99, name99 = kind.name;
    if (ratioMost > worstMost) worstMost = ratioMost, nameMost = kind.name;
  }
  char text[256];
  std::snprintf(text, sizeof text, " %.3gx of limit (%s 99%%), %.3gx of limit (%s max)", worst99,
                name99.c_str(), worstMost, nameMost.c_str());
  lines.push_back(setName + " closest margin: " + text);
  ok = ok && worst99 <= 1 && worstMost <= 1;
  return lines;
}

std::string outputToJson(const NNOutput& o) {
  json value = {{"win", o.whiteWinProb},
                {"loss", o.whiteLossProb},
                {"noResult", o.whiteNoResultProb},
                {"scoreMean", o.whiteScoreMean},
                {"scoreMeanSq", o.whiteScoreMeanSq},
                {"lead", o.whiteLead},
                {"shorttermWinlossError", o.shorttermWinlossError},
                {"shorttermScoreError", o.shorttermScoreError},
                {"xSize", o.nnX},
                {"ySize", o.nnY},
                {"ownership", o.ownership}};
  value["policy"] = o.policy.expanded();
  return value.dump();
}

NNOutput outputFromJson(const std::string& line, const std::string& where) {
  NNOutput o;
  try {
    const json value = json::parse(line);
    o.whiteWinProb = value.at("win").get<float>();
    o.whiteLossProb = value.at("loss").get<float>();
    o.whiteNoResultProb = value.at("noResult").get<float>();
    o.whiteScoreMean = value.at("scoreMean").get<float>();
    o.whiteScoreMeanSq = value.at("scoreMeanSq").get<float>();
    o.whiteLead = value.at("lead").get<float>();
    o.shorttermWinlossError = value.at("shorttermWinlossError").get<float>();
    o.shorttermScoreError = value.at("shorttermScoreError").get<float>();
    o.nnX = value.at("xSize").get<int>();
    o.nnY = value.at("ySize").get<int>();
    o.ownership = value.at("ownership").get<std::vector<float>>();
    const auto policy = value.at("policy").get<std::vector<float>>();
    if (o.nnX < 2 || o.nnY < 2 || o.nnX > kMaxBoardLen || o.nnY > kMaxBoardLen ||
        policy.size() != static_cast<size_t>(o.policySize()) ||
        o.ownership.size() != static_cast<size_t>(o.nnX * o.nnY))
      throw UserError("sizes do not fit together");
    o.policy = Policy(policy);
  } catch (const std::exception& error) {
    throw UserError(where + " is no output of testgpuerror -reference-file (" + error.what() + ")");
  }
  return o;
}

}  // namespace ponnuki
