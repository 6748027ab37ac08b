// What `katago match` plays: bots, pairings, rules, boards, komi and openings, from a config (spec
// analysis-cli-config 3.9). Plain values; komi and scores in points for White.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config_file.h"
#include "config/search_params.h"
#include "game/rules.h"

namespace ponnuki {

struct MatchBot {
  std::string name;
  std::string modelFile;
  std::string precision;  // of its key with its number, "" without one
  size_t net = 0;         // index into MatchSettings::nets
  SearchParams params;
};

// Shared by all bots of one file and precision.
struct MatchNet {
  std::string modelFile;
  size_t firstBot = 0;
};

struct MatchPairing {
  size_t black = 0, white = 0;  // indices of bots
};

struct MatchBoardSize {
  int x = 19, y = 19;
  double weight = 1;
};

struct KomiSettings {
  std::optional<float> mean;  // none: what the net finds fair
  double stdev = 0, bigStdev = 10, bigStdevProb = 0, biggerStdev = 30, biggerStdevProb = 0;
  double allowIntegerProb = 1;  // otherwise no draws
};

struct OpeningSettings {
  bool byPolicy = false;  // first moves drawn from the policy
  double areaProp = 0;    // their mean number per point of the board
  double gammaShape = 1, temperature = 1;
  double compensateProb = 0;  // then komi is made fair
  double handicapProb = 0;    // extra black stones
  double handicapCompensateProb = 0;
  std::optional<int> extraBlack;  // their number; none: drawn
};

struct MatchSettings {
  std::vector<MatchBot> bots;
  std::vector<MatchNet> nets;
  std::vector<MatchPairing> round;  // every pairing of a round; never empty

  int gameThreads = 1;
  int64_t games = 1;
  int64_t logGamesEvery = 1;
  bool logSearchInfo = false, logMoves = false;
  int maxMoves = 0;
  bool allowResignation = false;
  double resignThreshold = -1;  // -1..0, winLoss of the loser
  int resignConsecTurns = 1;
  bool clearBotBeforeSearch = false;

  std::vector<KoRule> ko;
  std::vector<ScoringRule> scoring;
  std::vector<TaxRule> tax;
  std::vector<bool> suicide, button;
  std::vector<MatchBoardSize> sizes;
  double rectangleProb = 0;  // a second draw for the height
  KomiSettings komi;
  int compensateKomiVisits = 100;
  OpeningSettings opening;
  std::vector<std::string> ignoredKeys;  // present, accepted, without effect

  int largestX() const, largestY() const;
  bool allOneSize() const;
};

// Throws UserError; the texts of the reference where it has one.
MatchSettings loadMatchSettings(const Config& config);

}  // namespace ponnuki
