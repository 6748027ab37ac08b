// How far answers of a net in reduced precision are from the float32 ones (spec quantization 3), and the
// bounds of near-lossless and of 8-bit plans. Win rates and differences of them in percent, leads in points. Plain values.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace ponnuki {

// What players see of one evaluation. The side to move or White alike, if the same for all answers.
struct NetAnswer {
  std::vector<double> policy;  // probabilities by move, below 0 = illegal
  double winrate = 0;          // percent: win + half of no result
  double lead = 0;
  std::vector<double> ownership;  // of the points of the board
};

struct PrecisionSummary {
  int positions = 0;
  double bestMoveAgreement = 0;  // percent
  double policyKl = 0, policyKlP99 = 0;
  double winrateError = 0, winrateErrorMax = 0;
  double scoreError = 0, scoreErrorP99 = 0;
  double ownershipError = 0;

  std::string text() const;  // one line with the names of the spec
};

struct PrecisionBounds {
  double bestMoveAgreement = 99, winrateError = 0.15, winrateErrorMax = 5, policyKl = 0.001;  // near-lossless

  static PrecisionBounds ofInt8() { return {97, 0.5, kNoBound, 0.01}; }
  static constexpr double kNoBound = 1e9;

  // Those of a share of the errors, 0 to 1: with a reserve.
  PrecisionBounds part(double share) const;

  // The measures that miss their bound, in words; empty = all kept.
  std::vector<std::string> violations(const PrecisionSummary& s) const;
};

// One measure by the name of the spec: the only list of them.
struct PrecisionMeasure {
  const char* name;   // "policyKL"
  const char* label;  // "policyKL, 99th percentile"
  double PrecisionSummary::*value;
  int decimals;
  double PrecisionBounds::*bound;  // null: none; of bestMoveAgreement the least, else the most
};
std::span<const PrecisionMeasure> precisionMeasures();

class PrecisionMeasures {
 public:
  void add(const NetAnswer& exact, const NetAnswer& tested);
  PrecisionSummary summary() const;

 private:
  int same_ = 0;
  std::vector<double> kl_, winrate_, score_, ownership_;
};

}  // namespace ponnuki
