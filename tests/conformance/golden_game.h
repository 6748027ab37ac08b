// The games of rules/games.jsonl.gz: recorded positions of the reference. A GoldenGame is immutable after
// reading; stateAt replays from the start every time.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "game/game_state.h"

namespace ponnuki {

constexpr size_t kMaxGoldenFileBytes = size_t{1} << 30;  // unpacked

class GoldenGame {
 public:
  explicit GoldenGame(nlohmann::json line);  // throws UserError if a field is missing or wrong
  static std::vector<GoldenGame> readFile(const std::string& path);  // JSON lines, gzipped or not

  int id() const { return id_; }
  int xSize() const { return start_.board().xSize(); }
  int ySize() const { return start_.board().ySize(); }
  const GameState& start() const { return start_; }
  const std::vector<Move>& moves() const { return moves_; }
  const nlohmann::json& snapshots() const { return line_.at("snapshots"); }  // each has "turn"
  const nlohmann::json* snapshotAt(int turn) const;                          // null if none was recorded
  GameState stateAt(int turn) const;                                         // after that many moves

 private:
  nlohmann::json line_;
  int id_ = 0;
  GameState start_;
  std::vector<Move> moves_;
};

}  // namespace ponnuki
