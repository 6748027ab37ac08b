// `katago analyzesgf`: a whole game record at a glance, as a table, JSON or an annotated SGF.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <tuple>

#include "app/commands.h"
#include "base/cpu_features.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "engine/engine_setup.h"
#include "engine/game_review.h"
#include "game/sgf.h"

namespace ponnuki {
namespace {

std::vector<OptionSpec> analyzeSgfOptions() {
  std::vector<OptionSpec> specs = commonOptions(ConfigOption::Optional, false);
  specs.push_back({"visits", "v", "N", "Visits per position. Default: maxVisits of the config, else 100."});
  specs.push_back({"threads", "t", "N", "Positions to search at once. Default: number of processors."});
  specs.push_back({"format", "f", "FORMAT", "table (default), json, or sgf: the game with comments."});
  specs.push_back({"output", "o", "FILE", "Write to this file and not to stdout."});
  return specs;
}

// The model of -model, else of KATAGO_MODEL, else models/*.bin.gz; "" leaves it to the default lookup.
std::string chooseModel(const std::string& given) {
  if (!given.empty())
    return given;
  const char* const fromEnvironment = std::getenv("KATAGO_MODEL");
  if (fromEnvironment != nullptr && *fromEnvironment != '\0')
    return fromEnvironment;
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("models", ignored))
    if (endsWith(entry.path().string(), ".bin.gz") && entry.path().filename() != "ponnuki.bin.gz")  // is built in
      found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  return found.empty() ? "" : found.front();
}

// One game position after every number of moves.
std::vector<GameState> allPositions(const Sgf& sgf, const Rules& rules, size_t numMoves) {
  std::vector<GameState> positions;
  for (size_t turn = 0; turn <= numMoves; turn++)
    positions.push_back(sgf.stateAt(rules, static_cast<int>(turn), true));
  return positions;
}

struct Review {
  std::string title;  // who played whom, under which rules
  int xSize = 0, ySize = 0;
  GameState end;
  std::vector<MoveReview> moves;
};

std::string vertex(const Review& review, Point p) {
  return p == kNullPoint ? "-" : pointToString(p, review.xSize, review.ySize);
}

std::string format(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

std::string leadText(double blackLead) {
  return format(blackLead >= 0 ? "B+%.1f" : "W+%.1f", std::abs(blackLead));
}

std::string asTable(const Review& review) {
  std::string text = review.title + "\nWin rate and score are Black's; 'lost' is what the move cost its player.\n\n" +
                     " Move   Played  Win rate    Score    Best  Points lost\n";
  char line[128];
  for (const MoveReview& move : review.moves) {
    std::snprintf(line, sizeof line, " %4d   %s %-5s  %6.1f%%  %7s   %-5s  %8.1f\n", move.number,
                  shortName(move.played.player), vertex(review, move.played.point).c_str(),
                  100 * move.after.blackWinrate, leadText(move.after.blackLead).c_str(),
                  vertex(review, move.before.best).c_str(), std::max(0.0, move.pointsLost));
    text += line;
  }
  text += "\nLargest mistakes:\n";
  for (const MoveReview& move : worstMoves(review.moves, 3)) {
    std::snprintf(line, sizeof line, " Move %d, %s %s: lost %.1f points and %.1f%% win rate; better was %s\n",
                  move.number, longName(move.played.player), vertex(review, move.played.point).c_str(),
                  move.pointsLost, 100 * move.winrateLost, vertex(review, move.before.best).c_str());
    text += line;
  }
  return text;
}

std::string asJson(const Review& review) {
  nlohmann::json list = nlohmann::json::array();
  for (const MoveReview& move : review.moves) {
    nlohmann::json pv = nlohmann::json::array();
    for (const Point point : move.before.variation)
      pv.push_back(vertex(review, point));
    list.push_back(nlohmann::json::object({{"move", move.number},
                                           {"player", shortName(move.played.player)},
                                           {"played", vertex(review, move.played.point)},
                                           {"blackWinrate", move.after.blackWinrate},
                                           {"blackScoreLead", move.after.blackLead},
                                           {"best", vertex(review, move.before.best)},
                                           {"bestVariation", pv},
                                           {"pointsLost", move.pointsLost},
                                           {"winrateLost", move.winrateLost},
                                           {"visits", move.after.visits}}));
  }
  return list.dump(1) + "\n";
}

std::string asSgf(const Review& review, const Sgf& sgf) {
  SgfWriteOptions options;
  options.blackName = escapeSgfText(sgf.playerName(Color::Black));
  options.whiteName = escapeSgfText(sgf.playerName(Color::White));
  options.rootComment = review.title;
  for (const MoveReview& move : review.moves)
    options.moveComments.push_back("Black's win rate " + format("%.1f%%", 100 * move.after.blackWinrate) + ", " +
                                   leadText(move.after.blackLead) + ". Best was " +
                                   vertex(review, move.before.best) + "; lost " +
                                   format("%.1f points.", std::max(0.0, move.pointsLost)));
  return writeSgf(review.end, options) + "\n";
}

void setIfAbsent(Config& config, const std::string& key, const std::string& value) {
  if (!config.has(key))
    config.applyOverrides({{key, value}});
}

ReviewSettings settingsOf(const Options& options, EngineSetup& engine) {
  Config& config = engine.config();
  setIfAbsent(config, "numSearchThreads", "1");
  setIfAbsent(config, "maxVisits", "100");
  setIfAbsent(config, "logToStderr", "false");
  setIfAbsent(config, "nnMaxBatchSize", "16");
  ReviewSettings settings;
  settings.params = loadSearchParams(config, Mode::Analysis, false);
  if (const std::optional<long long> visits = options.getInt("visits")) {
    if (*visits < 1 || *visits > kUnlimitedVisits)
      throw UserError("-visits must be at least 1, but is " + options.get("visits"));
    settings.params.maxVisits = *visits;
  }
  settings.positionsAtOnce = static_cast<int>(options.getIntBetween("threads", 1, 1024, usableCores()));
  return settings;
}

EngineOptions engineOptionsOf(const Options& options) {
  EngineOptions engine = options.engineOptions();
  engine.modelFile = chooseModel(engine.modelFile);
  return engine;
}

// One line that is rewritten; in a log file, a line now and then.
void showProgress(int done, int total) {
  const bool rewrites = isatty(fileno(stderr)) != 0;
  if (!rewrites && done != total && done % 50 != 0)
    return;
  std::fprintf(stderr, "%sAnalyzed %d of %d positions%s", rewrites ? "\r" : "", done, total,
               rewrites && done != total ? "" : "\n");
  std::fflush(stderr);
}

Review reviewGame(const Sgf& sgf, const ReviewSettings& settings, EngineSetup& engine) {
  Review review;
  std::tie(review.xSize, review.ySize) = sgf.size();
  const Rules rules = sgf.rulesOrWarn(Rules(), [](const std::string& text) {
    std::fprintf(stderr, "%s\n", text.c_str());
  });
  const std::vector<Move> moves = sgf.moves();
  const std::vector<GameState> positions =
      allPositions(sgf, rules.nearestSupported(engine.net().modelVersion()), moves.size());
  const int total = static_cast<int>(positions.size());
  const auto progress = [total](int done) { showProgress(done, total); };
  const std::vector<PositionReview> reviews =
      reviewPositions(positions, settings, engine.net(), nullptr, engine.log(), progress);
  review.moves = reviewMoves(moves, reviews);
  review.end = positions.back();
  review.title = "Black: " + sgf.playerName(Color::Black) + ", White: " + sgf.playerName(Color::White) + ", rules " +
                 rules.niceName() + ", komi " + formatNumber(rules.komi) + ", net " + engine.net().modelName() + ", " +
                 std::to_string(settings.params.maxVisits) + " visits per position";
  return review;
}

}  // namespace

int runAnalyzeSgf(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, analyzeSgfOptions(), "GAME.sgf");
  if (!options)
    return 0;
  const std::string format = options->get("format", "table");
  if (format != "table" && format != "json" && format != "sgf")
    throw UserError("-format must be table, json or sgf, but is " + format);
  if (options->positional().empty())
    throw UserError("No game record given. Usage: " + line.program + " analyzesgf -model MODEL GAME.sgf");
  const Sgf sgf = Sgf::load(options->positional()[0]);
  std::unique_ptr<EngineSetup> engine;
  try {
    engine = std::make_unique<EngineSetup>(engineOptionsOf(*options), Mode::Analysis, line.program,
                                           nn::makeBackend({}));
  } catch (const UserError& error) {
    throw UserError(std::string(error.what()) +
                    "\nDownload a net from https://katagotraining.org/networks/ and name it with -model or the "
                    "environment variable KATAGO_MODEL, or put it into the folder models/ here.");
  }
  const ReviewSettings settings = settingsOf(*options, *engine);
  engine->openLog();
  NetRequest request;
  std::tie(request.boardX, request.boardY) = sgf.size();
  request.concurrentEvaluations = settings.positionsAtOnce;
  engine->loadNets(request);
  const Review review = reviewGame(sgf, settings, *engine);
  const std::string text = format == "json" ? asJson(review) : format == "sgf" ? asSgf(review, sgf) : asTable(review);
  if (options->has("output"))
    writeFile(options->get("output"), text);
  else
    std::printf("%s", text.c_str());
  return 0;
}

}  // namespace ponnuki
