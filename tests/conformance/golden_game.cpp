#include "conformance/golden_game.h"

#include <sstream>

#include "base/error.h"
#include "base/file.h"

namespace ponnuki {
namespace {

std::vector<Move> readMoves(const nlohmann::json& list, int xSize, int ySize) {
  std::vector<Move> moves;
  for (const auto& pair : list) {
    const auto player = pair.at(0).get<std::string>(), point = pair.at(1).get<std::string>();
    const auto c = parsePlayer(player);
    const auto p = parsePoint(point, xSize, ySize);
    if (!c || !p)
      throw UserError("'" + player + " " + point + "' is no move; expected for example \"B\", \"D4\"");
    moves.push_back({*p, *c});
  }
  return moves;
}

}  // namespace

GoldenGame::GoldenGame(nlohmann::json line) : line_(std::move(line)) {
  try {
    id_ = line_.at("game").get<int>();
    Board board(line_.at("x").get<int>(), line_.at("y").get<int>());
    if (!board.setStonesStrict(readMoves(line_.at("setup"), board.xSize(), board.ySize())))
      throw UserError("game " + std::to_string(id_) + ": the setup stones are no legal position");
    const auto first = parsePlayer(line_.at("first").get<std::string>());
    if (!first) throw UserError("game " + std::to_string(id_) + ": 'first' is no player; expected B or W");
    start_.reset(board, *first, Rules::parse(line_.at("rules").dump(), true), 0);
    start_.setAssumeMultipleStartingBlackMovesAreHandicap(line_.at("blackStartMovesAreHandicap").get<bool>());
    moves_ = readMoves(line_.at("moves"), board.xSize(), board.ySize());
  } catch (const nlohmann::json::exception& e) {
    throw UserError("game " + std::to_string(id_) + " of the recorded games is unusable: " + e.what());
  }
}

std::vector<GoldenGame> GoldenGame::readFile(const std::string& path) {
  std::istringstream lines(readMaybeGzip(path, kMaxGoldenFileBytes));
  std::vector<GoldenGame> games;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    number++;
    if (line.empty()) continue;
    try {
      games.emplace_back(nlohmann::json::parse(line));
    } catch (const nlohmann::json::exception& e) {
      throw UserError(path + ":" + std::to_string(number) + ": not a JSON object: " + e.what());
    }
  }
  return games;
}

const nlohmann::json* GoldenGame::snapshotAt(int turn) const {
  for (const auto& snapshot : snapshots())
    if (snapshot.at("turn").get<int>() == turn) return &snapshot;
  return nullptr;
}

GameState GoldenGame::stateAt(int turn) const {
  GameState state = start_;
  for (int i = 0; i < turn; i++) {
    const Move& move = moves_.at(static_cast<size_t>(i));
    if (!state.playTolerant(move.point, move.player))
      throw UserError("game " + std::to_string(id_) + ": move " + std::to_string(i) + " is illegal");
  }
  return state;
}

}  // namespace ponnuki
