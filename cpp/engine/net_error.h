// How far two computations of one net lie apart, over many positions (spec analysis-cli-config 3.7).
// Plain values and pure functions; White's view, points.
#pragma once

#include <string>
#include <vector>

#include "eval/nn_output.h"

namespace ponnuki {

// Errors of one kind over all positions: average, and the values that 90%, 99% and all of them stay within.
struct ErrorSummary {
  double average = 0, at90 = 0, at99 = 0, most = 0;
  static ErrorSummary of(std::vector<double> errors);
};

// What a set of errors may reach.
struct ErrorLimits {
  double winrate, score, policy, klDivergence;  // percent, points, percent, nats
};
struct ErrorBounds {
  ErrorLimits at99, most;
};
inline constexpr ErrorBounds kFp32Bounds = {{0.45, 0.34, 0.45, 0.0006}, {1.35, 0.900, 1.35, 0.0012}};
inline constexpr ErrorBounds kConfiguredBounds = {{2.0, 1.00, 2.50, 0.0020}, {5.0, 3.00, 6.00, 0.0040}};

// Collects the errors of one computation against a reference, and judges them.
class NetErrors {
 public:
  void add(const NNOutput& reference, const NNOutput& tested);
  // Lines for people, the last with the closest margin; ok is cleared if some error is out of bounds.
  std::vector<std::string> report(const std::string& setName, const ErrorBounds& bounds, bool& ok) const;

 private:
  std::vector<double> winrate_, lead_, scoreMean_, scoreStdev_, topPolicy_, klDivergence_;
  std::vector<double> shorttermWinloss_, shorttermScore_, ownership_;
};

// One line of JSON with all that NetErrors compares, and back; throws UserError, naming `where`, on other
// text.
std::string outputToJson(const NNOutput& output);
NNOutput outputFromJson(const std::string& line, const std::string& where);

}  // namespace ponnuki
