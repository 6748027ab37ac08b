#include "eval/precision_measures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "base/error.h"
#include "base/text.h"

namespace ponnuki {
namespace {

double mean(const std::vector<double>& v) {
  return v.empty() ? 0 : std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}
double largest(const std::vector<double>& v) {
  return v.empty() ? 0 : *std::max_element(v.begin(), v.end());
}
double percentile99(std::vector<double> v) {
  if (v.empty()) return 0;
  const size_t at = std::min(v.size() - 1, v.size() * 99 / 100);
  std::nth_element(v.begin(), v.begin() + static_cast<ptrdiff_t>(at), v.end());
  return v[at];
}

}  // namespace

void PrecisionMeasures::add(const NetAnswer& exact, const NetAnswer& tested) {
  ENSURE(exact.policy.size() == tested.policy.size() && exact.ownership.size() == tested.ownership.size());
  const auto best = [](const std::vector<double>& p) {
    return std::max_element(p.begin(), p.end()) - p.begin();
  };
  same_ += best(exact.policy) == best(tested.policy);
  double kl = 0;
  for (size_t i = 0; i < exact.policy.size(); i++) {
    const double p = exact.policy[i], q = tested.policy[i];
    if (p > 0) kl += p * std::log(p / std::max(q, 1e-30));
  }
  kl_.push_back(std::max(0.0, kl));
  winrate_.push_back(std::fabs(exact.winrate - tested.winrate));
  score_.push_back(std::fabs(exact.lead - tested.lead));
  double owners = 0;
  for (size_t i = 0; i < exact.ownership.size(); i++)
    owners += std::fabs(exact.ownership[i] - tested.ownership[i]);
  if (!exact.ownership.empty()) ownership_.push_back(owners / static_cast<double>(exact.ownership.size()));
}

PrecisionSummary PrecisionMeasures::summary() const {
  PrecisionSummary s;
  s.positions = static_cast<int>(kl_.size());
  s.bestMoveAgreement = s.positions == 0 ? 0 : 100.0 * same_ / s.positions;
  s.policyKl = mean(kl_), s.policyKlP99 = percentile99(kl_);
  s.winrateError = mean(winrate_), s.winrateErrorMax = largest(winrate_);
  s.scoreError = mean(score_), s.scoreErrorP99 = percentile99(score_);
  s.ownershipError = mean(ownership_);
  return s;
}

std::string PrecisionSummary::text() const {
  char line[400];
  std::snprintf(
      line, sizeof line,
      "%d positions: bestMoveAgreement %.2f %%, policyKL %.6f (p99 %.5f), winrateError %.4f (max %.3f), "
      "scoreError %.4f (p99 %.3f), ownershipError %.5f",
      positions, bestMoveAgreement, policyKl, policyKlP99, winrateError, winrateErrorMax, scoreError,
      scoreErrorP99, ownershipError);
  return line;
}

std::span<const PrecisionMeasure> precisionMeasures() {
  using S = PrecisionSummary;
  using B = PrecisionBounds;
  static constexpr PrecisionMeasure kMeasures[] = {
      {"bestMoveAgreement", "bestMoveAgreement, %", &S::bestMoveAgreement, 2, &B::bestMoveAgreement},
      {"policyKL", "policyKL, mean", &S::policyKl, 6, &B::policyKl},
      {"policyKLP99", "policyKL, 99th percentile", &S::policyKlP99, 5, nullptr},
      {"winrateError", "winrateError, mean, %", &S::winrateError, 3, &B::winrateError},
      {"winrateErrorMax", "winrateError, largest, %", &S::winrateErrorMax, 3, &B::winrateErrorMax},
      {"scoreError", "scoreError, mean, points", &S::scoreError, 4, nullptr},
      {"scoreErrorP99", "scoreError, 99th percentile", &S::scoreErrorP99, 3, nullptr},
      {"ownershipError", "ownershipError, mean", &S::ownershipError, 5, nullptr},
  };
  return kMeasures;
}

PrecisionBounds PrecisionBounds::part(double share) const {
  const auto most = [&](double bound) { return bound == kNoBound ? kNoBound : share * bound; };
  return {100 - share * (100 - bestMoveAgreement), most(winrateError), most(winrateErrorMax), most(policyKl)};
}

std::vector<std::string> PrecisionBounds::violations(const PrecisionSummary& s) const {
  std::vector<std::string> list;
  const auto check = [&](const char* name, double value, double bound, bool ok) {
    if (!ok)
      list.push_back(std::string(name) + " is " + formatNumber(value, 4) + ", bound " +
                     formatNumber(bound, 4));
  };
  check("bestMoveAgreement", s.bestMoveAgreement, bestMoveAgreement,
        s.bestMoveAgreement >= bestMoveAgreement);
  check("winrateError", s.winrateError, winrateError, s.winrateError <= winrateError);
  check("winrateError max", s.winrateErrorMax, winrateErrorMax, s.winrateErrorMax < winrateErrorMax);
  check("policyKL", s.policyKl, policyKl, s.policyKl <= policyKl);
  return list;
}

}  // namespace ponnuki
