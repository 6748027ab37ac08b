#include "conformance/rules_cases.h"

#include <functional>

#include "conformance/golden_game.h"

namespace ponnuki {
namespace {

// Rows from the top joined by '/', as in the recordings.
std::string rows(const Board& board, const std::function<char(Point)>& charAt) {
  std::string text;
  for (int y = 0; y < board.ySize(); y++) {
    if (y > 0) text += '/';
    for (int x = 0; x < board.xSize(); x++) text += charAt(board.at(x, y));
  }
  return text;
}

std::string bits(const Board& board, const PointSet& set) {
  return rows(board, [&](Point p) { return set[p] ? '1' : '0'; });
}

std::string owners(const Board& board, const AreaMap& area) {
  return rows(board, [&](Point p) { return boardChar(area[p]); });
}

std::string legalMoves(const GameState& state) {
  return rows(state.board(), [&](Point p) { return state.isLegal(p, state.toMove()) ? '1' : '0'; });
}

nlohmann::json winnerText(const GameState& state) {
  if (state.winner() != Color::Empty) return shortName(state.winner());
  return state.isScored() ? nlohmann::json("draw") : nlohmann::json();
}

nlohmann::json endFields(const GameState& state) {
  if (!state.isFinished()) {
    AreaMap area;
    const float score = state.scoreNow(area);
    const Board& board = state.board();
    GameState settled = state;
    settled.endIfAllPassAlive();
    return {{"scoreIfEndedNow", {{"area", owners(board, area)}, {"whiteMinusBlack", score}}},
            {"allPassAlive", settled.isFinished()}};
  }
  return {{"noResult", state.isNoResult()},
          {"winner", winnerText(state)},
          {"finalScoreWhiteMinusBlack", state.finalScore()}};
}

nlohmann::json describe(const GameState& state) {
  const Board& board = state.board();
  const Color c = state.toMove();
  nlohmann::json fields = {
      {"pla", shortName(c)},
      {"board", rows(board, [&](Point p) { return boardChar(board[p]); })},
      {"koPoint", nullptr},
      {"legal", legalMoves(state)},
      {"passLegal", state.isLegal(kPass, c)},
      {"phase", state.phase()},
      {"passWouldEndPhase", state.passWouldEndPhase(c)},
      {"passWouldEndGame", state.passWouldEndGame(c)},
      {"consecutiveEndingPasses", state.consecutiveEndingPasses()},
      {"whiteBonus", state.whiteBonus()},
      {"whiteHandicapBonus", state.whiteHandicapBonus()},
      {"capturedBlack", board.captured(Color::Black)},
      {"capturedWhite", board.captured(Color::White)},
      {"finished", state.isFinished()},
      {"passAlive", owners(board, computeArea(board, {}, state.suicideForPassAlive()))},
  };
  if (board.koPoint() != kNullPoint)
    fields["koPoint"] = pointToString(board.koPoint(), board.xSize(), board.ySize());
  if (state.superkoBanned().any()) fields["superkoBanned"] = bits(board, state.superkoBanned());
  if (state.koRecapBlocked().any()) fields["koRecapBlocked"] = bits(board, state.koRecapBlocked());
  if (state.rules().hasButton) fields["button"] = state.buttonAvailable();
  fields.update(endFields(state));
  return fields;
}

bool checkSnapshot(const GoldenGame& game, const nlohmann::json& snapshot, CaseResult& result) {
  const int turn = snapshot.at("turn").get<int>();
  const nlohmann::json got = describe(game.stateAt(turn));
  bool same = true;
  const auto differ = [&](const std::string& field, const std::string& expectedText,
                          const std::string& gotText) {
    same = false;
    result.messages.push_back("game " + std::to_string(game.id()) + " turn " + std::to_string(turn) + " " +
                              field + ": got " + gotText + ", expected " + expectedText);
  };
  for (const auto& [field, expected] : snapshot.items()) {
    if (field == "v7" || field == "inputParams" || field == "turn") continue;
    if (!got.contains(field))
      differ(field, expected.dump(), "nothing");
    else if (got[field] != expected)
      differ(field, expected.dump(), got[field].dump());
  }
  for (const auto& [field, value] : got.items())
    if (!snapshot.contains(field)) differ(field, "nothing", value.dump());
  return same;
}

}  // namespace

CaseResult checkRulesFile(const std::string& path) {
  CaseResult result;
  for (const GoldenGame& game : GoldenGame::readFile(path)) {
    for (const auto& snapshot : game.snapshots()) {
      if (checkSnapshot(game, snapshot, result))
        result.passed++;
      else
        result.failed++;
    }
  }
  return result;
}

}  // namespace ponnuki
