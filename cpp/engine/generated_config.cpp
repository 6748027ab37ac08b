#include "engine/generated_config.h"

#include <algorithm>

#include "base/text.h"

namespace ponnuki {
namespace {

// "key = value", commented out where the value is only a suggestion.
std::string setting(const std::string& key, const std::string& value, bool active = true) {
  return (active ? "" : "# ") + key + " = " + value + "\n";
}

const char* toText(bool value) { return value ? "true" : "false"; }

std::string seconds(double value) {
  const std::string text = formatNumber(value, 10);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string ruleSettings(const Rules& rules) {
  return "\n# Rules until the other program names some.\n" + setting("koRule", toString(rules.ko)) +
         setting("scoringRule", toString(rules.scoring)) + setting("taxRule", toString(rules.tax)) +
         setting("multiStoneSuicideLegal", toText(rules.multiStoneSuicide)) +
         setting("hasButton", toText(rules.hasButton)) +
         setting("whiteHandicapBonus", toString(rules.whiteHandicapBonus)) +
         setting("friendlyPassOk", toText(rules.friendlyPassOk));
}

std::string limitSettings(const ConfigAnswers& a) {
  std::string text = "\n# How much to think about one move. What is commented out does not limit.\n";
  text += setting("maxVisits", std::to_string(a.maxVisits.value_or(500)), a.maxVisits.has_value());
  text += setting("maxPlayouts", std::to_string(a.maxPlayouts.value_or(300)), a.maxPlayouts.has_value());
  text += setting("maxTime", seconds(a.maxTime.value_or(10)), a.maxTime.has_value());
  text += "\n# Think while the opponent does.\n" + setting("ponderingEnabled", toText(a.pondering));
  text += setting("maxTimePondering", seconds(a.maxTimePondering.value_or(60)),
                  a.pondering && a.maxTimePondering.has_value());
  return text + "\n# Seconds to leave on the clock for slow connections.\n" + setting("lagBuffer", "1.0");
}

std::string deviceSettings(const ConfigAnswers& a) {
  if (a.devices.empty())
    return "";
  std::string text = "\n# One net-server thread for each device.\n" +
                     setting("numNNServerThreadsPerModel", std::to_string(a.devices.size()));
  for (size_t i = 0; i < a.devices.size(); i++)
    text += setting(a.devicePrefix + "DeviceToUseThread" + std::to_string(i), std::to_string(a.devices[i]));
  return text;
}

}  // namespace

int cacheSizePower(double gigabytes) {
  int power = 10;
  while (power < 48 && 2.0 * 3000.0 * static_cast<double>(int64_t{1} << power) <=
                           gigabytes * 1.00001 * static_cast<double>(int64_t{1} << 30))
    power++;
  return power;
}

std::string generatedConfig(const ConfigAnswers& a) {
  const int cachePower = cacheSizePower(a.cacheGigabytes);
  std::string text =
      "# Config for `katago gtp`, written by `katago genconfig`. Every key is explained in docs/parameters.md.\n\n"
      "# A new log file for every run in this directory.\n";
  text += setting("logDir", "gtp_logs") + setting("logAllGTPCommunication", "true") +
          setting("logSearchInfo", "true") + setting("logSearchInfoForChosenMove", "false") +
          setting("logToStderr", "false");
  text += ruleSettings(a.rules);
  text += "\n# Resign when the expected result (1 = won, -1 = lost) stays below this for some turns.\n" +
          setting("allowResignation", "true") + setting("resignThreshold", "-0.90") +
          setting("resignConsecTurns", "3");
  text += limitSettings(a);
  text += "\n# Threads of one search; found by measuring.\n" +
          setting("numSearchThreads", std::to_string(a.numSearchThreads));
  text += "\n# Think less when the opponent passed or the game is won.\n" +
          setting("searchFactorAfterOnePass", "0.50") + setting("searchFactorAfterTwoPass", "0.25") +
          setting("searchFactorWhenWinning", "0.40") + setting("searchFactorWhenWinningThreshold", "0.95");
  text += "\n# Memory for evaluations: 2 to this power.\n" +
          setting("nnCacheSizePowerOfTwo", std::to_string(cachePower)) +
          setting("nnMutexPoolSizePowerOfTwo", std::to_string(std::clamp(cachePower - 4, 10, 24)));
  return text + deviceSettings(a);
}

}  // namespace ponnuki
