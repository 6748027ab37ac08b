#include "engine/builtin_config.h"

namespace ponnuki {

std::string builtinConfig(Mode mode, int cpuThreads) {
  const std::string threads = std::to_string(cpuThreads);
  std::string text = "logToStderr = false\nnnCacheSizePowerOfTwo = 17\n";
  switch (mode) {
    case Mode::Gtp:
      return text +
             "logAllGTPCommunication = false\nlogSearchInfo = false\nrules = tromp-taylor\nallowResignation "
             "= true\n"
             "resignThreshold = -0.95\nresignConsecTurns = 3\nnumSearchThreads = " +
             threads + "\n";
    case Mode::Analysis:
      return text +
             "reportAnalysisWinratesAs = BLACK\nmaxVisits = 500\nnumSearchThreads = 1\nnumAnalysisThreads "
             "= " +
             threads + "\n";
    default:
      return text + "maxVisits = 500\nnumSearchThreads = " + threads + "\n";
  }
}

}  // namespace ponnuki
