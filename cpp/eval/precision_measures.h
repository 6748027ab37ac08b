// How far answers of a net in reduced precision are from the float32 ones (spec quantization 3), and the
// bounds of near-lossless plans. Win rates and differences of them in percent, leads in points. Plain values.
#pragma once

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

  // The measures that miss their bound, in words; empty = all kept.
  std::vector<std::string> violations(const PrecisionSummary& s) const;
};

class PrecisionMeasures {
 public:
  void add(const NetAnswer& exact, const NetAnswer& tested);
  PrecisionSummary summary() const;

 private:
  int same_ = 0;
  std::vector<double> kl_, winrate_, score_, ownership_;
};

}  // namespace ponnuki
