// The subcommands of the executable. Each parses its own arguments, runs to its end and returns the exit code;
// problems a person can fix leave it as UserError and are printed by main(). Spec analysis-cli-config 3.
#pragma once

#include <string>
#include <vector>

#include "app/options.h"

namespace ponnuki {

int runGtp(const CommandLine& line);
int runAnalysis(const CommandLine& line);
int runAnalyzeSgf(const CommandLine& line);
int runBenchmark(const CommandLine& line);
int runNnBenchmark(const CommandLine& line);  // benchmark -nn
int runGenConfig(const CommandLine& line);
int runEvalSgf(const CommandLine& line);
int runMatch(const CommandLine& line);
int runRandomNet(const CommandLine& line);
int runGenData(const CommandLine& line);
int runComparePrecision(const CommandLine& line);
int runCalibrate(const CommandLine& line);
int runQuantize(const CommandLine& line);
int runSelfTest(const CommandLine& line);
int runTestGpuError(const CommandLine& line);
int runVersion(const CommandLine& line);

std::string versionText();  // several lines, each ending in a newline (spec 3.3)

}  // namespace ponnuki
