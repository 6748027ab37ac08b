#include "protocol/analysis/query_parser.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "config/resolve.h"
#include "protocol/analysis/query_fields.h"
#include "protocol/analysis/safe_json.h"

namespace ponnuki {
namespace {

using fields::fail;
using fields::find;
using nlohmann::json;

constexpr int64_t kMaxPriority = (int64_t{1} << 62) - 1;

// Every field that is not reported as a likely typing error.
const std::set<std::string>& knownFields() {
  static const std::set<std::string> known = {
      "id", "action", "terminateId", "turnNumbers", "boardXSize", "boardYSize", "initialStones", "moves",
      "initialPlayer", "analyzeTurns", "priorities", "rules", "komi", "whiteHandicapBonus", "overrideSettings",
      "maxVisits", "analysisPVLen", "rootFpuReductionMax", "rootPolicyTemperature", "includeMovesOwnership",
      "includeMovesOwnershipStdev", "includeOwnership", "includeOwnershipStdev", "includePolicy",
      "includePVVisits", "includeNoResultValue", "reportDuringSearchEvery", "firstReportDuringSearchAfter",
      "priority", "allowMoves", "avoidMoves"};
  return known;
}

class QueryParser {
 public:
  QueryParser(const json& object, const QueryContext& context)
      : object_(object), context_(context), settings_(std::make_shared<QuerySettings>()) {}

  ParsedQuery parse() {
    try {
      settings_->id = object_["id"].get<std::string>();
      settings_->params = context_.params;
      settings_->reply.perspective = context_.settings.reportAnalysisWinratesAs;
      settings_->reply.pvLength = context_.settings.analysisPVLen;
      settings_->reply.cutPvAtPhaseEnd = context_.settings.preventCleanupPhase;
      readBoard();
      readGame();
      readTurns();
      readRules();
      readOverrides();
      readSearchFields();
      readReplyFields();
      readPriority();
      fields::readMoveRestrictions(object_, xSize_, ySize_, *settings_);
      fitRulesToNet();
      warnAboutUnknownFields();
      replay();
    } catch (const fields::FieldError& error) {
      query_.error = error.message;
      query_.requests.clear();
    }
    return std::move(query_);
  }

 private:
  void readBoard() {
    const std::string text = "Must provide an integer from 2 to " + std::to_string(kMaxBoardLen);
    for (const char* key : {"boardXSize", "boardYSize"})
      if (find(object_, key) == nullptr)
        fail(key, text);
    int64_t x = 0, y = 0;
    fields::readInteger(object_, "boardXSize", 2, kMaxBoardLen, text, x);
    fields::readInteger(object_, "boardYSize", 2, kMaxBoardLen, text, y);
    xSize_ = static_cast<int>(x);
    ySize_ = static_cast<int>(y);
    checkNetSize("boardXSize", xSize_, context_.netX);
    checkNetSize("boardYSize", ySize_, context_.netY);
  }

  // The reference hangs on boards its net was not set up for; here the query is refused.
  void checkNetSize(const char* field, int size, int netSize) const {
    if (size > netSize || (context_.netNeedsExactSize && size != netSize))
      fail(field, std::string("Must be ") + (context_.netNeedsExactSize ? "exactly " : "at most ") +
                      std::to_string(netSize) +
                      ", the size this engine was configured for (maxBoardXSizeForNNBuffer, requireMaxBoardSize)");
  }

  void readGame() {
    if (const json* stones = find(object_, "initialStones"))
      stones_ = fields::readMoves(*stones, "initialStones", xSize_, ySize_, false);
    const json* moves = find(object_, "moves");
    if (moves == nullptr)
      fail("moves", "Must specify an array of [player,location] pairs");
    moves_ = fields::readMoves(*moves, "moves", xSize_, ySize_, true);
    if (const json* player = find(object_, "initialPlayer")) {
      const std::optional<Color> color = player->is_string() ? parsePlayer(player->get<std::string>()) : std::nullopt;
      if (!color)
        fail("initialPlayer", "Must be \"b\" or \"w\"");
      initialPlayer_ = *color;
    }
  }

  void readTurns() {
    const json* turns = find(object_, "analyzeTurns");
    std::vector<int> listed;
    if (turns == nullptr) {
      turns_[static_cast<int>(moves_.size())] = 0;
    } else {
      const char* const shape = "Must specify an array of integers indicating turns to analyze";
      if (!turns->is_array())
        fail("analyzeTurns", shape);
      for (const json& element : *turns) {
        if (!fields::asLooseInteger(element, true))
          fail("analyzeTurns", shape);
      }
      for (const json& element : *turns) {
        const int64_t turn = *fields::asLooseInteger(element, true);
        if (turn < 0 || turn > static_cast<int64_t>(moves_.size()))
          fail("analyzeTurns", "Invalid turn number: " + std::to_string(turn));
        listed.push_back(static_cast<int>(turn));
        turns_[static_cast<int>(turn)] = 0;
      }
    }
    readPriorities(turns != nullptr, listed);
  }

  void readPriorities(bool turnsGiven, const std::vector<int>& listed) {
    const json* priorities = find(object_, "priorities");
    if (priorities == nullptr)
      return;
    const char* const shape = "Must specify an array of integers indicating priorities";
    if (!priorities->is_array())
      fail("priorities", shape);
    for (const json& element : *priorities)
      if (!fields::asLooseInteger(element, false))
        fail("priorities", shape);
    if (!turnsGiven)
      fail("priorities", "Can only specify when also specifying analyzeTurns");
    if (priorities->size() != listed.size())
      fail("priorities", "Must be of matching length to analyzeTurns");
    for (size_t i = 0; i < listed.size(); i++) {
      const int64_t priority = *fields::asLooseInteger((*priorities)[i], false);
      if (priority < -kMaxPriority || priority > kMaxPriority)
        fail("priorities", "Invalid priority: " + std::to_string(priority));
      turns_[listed[i]] = priority;
    }
  }

  void readRules() {
    const json* rules = find(object_, "rules");
    if (rules == nullptr || !(rules->is_string() || rules->is_object()))
      fail("rules",
           "Must specify rules string, such as \"chinese\" or \"tromp-taylor\", or a JSON object with detailed "
           "rules parameters.");
    const std::string text = rules->is_string() ? rules->get<std::string>() : rules->dump();
    try {
      if (nestingDepth(text) > kMaxJsonDepth)
        throw UserError("nested too deeply");
      rules_ = Rules::parse(text, true);
    } catch (const UserError&) {
      fail("rules", "Could not parse rules: " + text);
    }
    readKomi();
    if (const json* bonus = find(object_, "whiteHandicapBonus")) {
      if (!bonus->is_string())
        fail("whiteHandicapBonus", "Must be a string");
      try {
        rules_.whiteHandicapBonus = parseHandicapBonus(bonus->get<std::string>());
      } catch (const UserError& error) {
        fail("whiteHandicapBonus", error.what());
      }
    }
  }

  void readKomi() {
    const char* const text = "Must be a integer or half-integer from -400.0 to 400.0";
    double komi = rules_.komi;
    if (!fields::readNumber(object_, "komi", -kMaxUserKomi, kMaxUserKomi, text, komi))
      return;
    rules_.komi = static_cast<float>(komi);
    if (!isHalfInteger(rules_.komi))
      fail("komi", text);
  }

  void readOverrides() {
    const json* overrides = find(object_, "overrideSettings");
    if (overrides == nullptr)
      return;
    if (!overrides->is_object())
      fail("overrideSettings", "Must be an object");
    if (overrides->empty())
      return;
    std::map<std::string, std::string> values;
    for (const auto& [key, value] : overrides->items())
      values[key] = value.is_string() ? value.get<std::string>() : value.dump();
    try {
      applyOverrides(values);
    } catch (const UserError& error) {
      fail("overrideSettings", std::string("Could not set settings: ") + error.what());
    }
  }

  void applyOverrides(const std::map<std::string, std::string>& values) {
    Config config = context_.config;
    config.forgetUse();
    config.applyOverrides(values);
    SearchParams params = loadSearchParams(config, Mode::Analysis, context_.hasHumanModel);
    checkOnlyRuntimeChanges(context_.params, params);
    settings_->reply.perspective = loadPerspective(config, Perspective::SideToMove);
    settings_->params = params;
    if (context_.profileProblem) {
      const std::string problem = context_.profileProblem(params);
      if (!problem.empty())
        throw UserError(problem + "\n");
    }
    std::vector<std::string> unknown;
    for (const auto& [key, value] : values)
      if (config.has(key) && !config.isUsed(key) && !context_.config.has(key))
        unknown.push_back(key);
    if (!unknown.empty())
      warn("overrideSettings", "Unknown config params: " + join(unknown, ","));
  }

  void readSearchFields() {
    SearchParams& params = settings_->params;
    fields::readInteger(object_, "maxVisits", 1, kUnlimitedVisits, "Must be an integer from 1 to 2^50",
                        params.maxVisits);
    int64_t pvLength = settings_->reply.pvLength;
    fields::readInteger(object_, "analysisPVLen", 1, 1000, "Must be an integer from 1 to 1000", pvLength);
    settings_->reply.pvLength = static_cast<int>(pvLength);
    fields::readNumber(object_, "rootFpuReductionMax", 0, 2, "Must be a number from 0.0 to 2.0",
                       params.rootFpuReductionMax);
    if (fields::readNumber(object_, "rootPolicyTemperature", 0.01, 100, "Must be a number from 0.01 to 100.0",
                           params.rootPolicyTemperature))
      params.rootPolicyTemperatureEarly = params.rootPolicyTemperature;
  }

  void readReplyFields() {
    ReplyOptions& reply = settings_->reply;
    fields::readBool(object_, "includeMovesOwnership", reply.movesOwnership);
    fields::readBool(object_, "includeMovesOwnershipStdev", reply.movesOwnershipStdev);
    fields::readBool(object_, "includeOwnership", reply.ownership);
    fields::readBool(object_, "includeOwnershipStdev", reply.ownershipStdev);
    fields::readBool(object_, "includePolicy", reply.policy);
    fields::readBool(object_, "includePVVisits", reply.pvVisits);
    fields::readBool(object_, "includeNoResultValue", reply.noResultValue);
    const char* const text = "Must be number of seconds from 0.001 to 1000000.0";
    fields::readNumber(object_, "reportDuringSearchEvery", 0.001, 1000000, text, settings_->reportEvery);
    if (!fields::readNumber(object_, "firstReportDuringSearchAfter", 0.001, 1000000, text,
                            settings_->firstReportAfter))
      settings_->firstReportAfter = settings_->reportEvery;
  }

  void readPriority() {
    if (find(object_, "priority") == nullptr)
      return;
    if (find(object_, "priorities") != nullptr)
      fail("priority", "Cannot specify both priority and priorities");
    int64_t priority = 0;
    fields::readInteger(object_, "priority", -kMaxPriority, kMaxPriority, "Must be a number between -2^62 and 2^62",
                        priority);
    for (auto& [turn, value] : turns_)
      value = priority;
  }

  void fitRulesToNet() {
    const Rules supported = rules_.nearestSupported(context_.modelVersion);
    if (supported == rules_)
      return;
    warn("rules", "Rules " + rules_.toCompact(true) + " not supported by neural net, using " +
                      supported.toCompact(true) + " instead");
    rules_ = supported;
  }

  void warnAboutUnknownFields() {
    if (!context_.settings.warnUnusedFields)
      return;
    for (const auto& [key, value] : object_.items())
      if (knownFields().count(key) == 0)
        warn(key,
             "Unexpected or unused field, do you have a typo? (set warnUnusedFields=false in the config to disable "
             "this warning)");
  }

  Color firstPlayer(const Board& board) const {
    if (initialPlayer_ != Color::Empty)
      return initialPlayer_;
    if (!moves_.empty())
      return moves_[0].player;
    const bool isHandicap = board.stoneCount(Color::Black) >= 2 && board.stoneCount(Color::White) == 0;
    return isHandicap ? Color::White : Color::Black;
  }

  void replay() {
    Board board(xSize_, ySize_);
    for (const Move& stone : stones_)
      board.setStone(stone.point, stone.player);
    board.clearKoPoint();
    GameState state(board, firstPlayer(board), rules_);
    state.setAssumeMultipleStartingBlackMovesAreHandicap(
        context_.settings.assumeMultipleStartingBlackMovesAreHandicap);
    for (size_t turn = 0; turn <= moves_.size(); turn++) {
      if (const auto wanted = turns_.find(static_cast<int>(turn)); wanted != turns_.end())
        query_.requests.push_back({settings_, wanted->first, wanted->second, state});
      if (turn < moves_.size())
        play(state, static_cast<int>(turn));
    }
  }

  void play(GameState& state, int turn) const {
    const Move& move = moves_[static_cast<size_t>(turn)];
    if (move.player != state.toMove()) {
      Board stones = state.board();
      stones.clearKoPoint();
      state.reset(stones, move.player, state.rules(), state.phase());
    }
    if (!state.playTolerant(move.point, move.player, context_.settings.preventCleanupPhase))
      fail("moves", "Illegal move " + std::to_string(turn) + ": " + pointToString(move.point, xSize_, ySize_));
  }

  void warn(const std::string& field, const std::string& text) { query_.warnings.push_back({field, text}); }

  const json& object_;
  const QueryContext& context_;
  std::shared_ptr<QuerySettings> settings_;
  ParsedQuery query_;
  int xSize_ = 0, ySize_ = 0;
  std::vector<Move> stones_, moves_;
  Color initialPlayer_ = Color::Empty;
  std::map<int, int64_t> turns_;  // turn -> priority
  Rules rules_;
};

}  // namespace

ParsedQuery parseQuery(const json& object, const QueryContext& context) {
  return QueryParser(object, context).parse();
}

}  // namespace ponnuki
