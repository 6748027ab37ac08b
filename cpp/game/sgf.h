// Reading, replaying and writing SGF game records (spec rules-and-board 7). All failures are UserErrors with
// the texts of the reference. Reading never recurses, so that depth of nesting is limited by memory only. An
// Sgf is immutable after parsing and may be shared between threads.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "game/game_state.h"

namespace ponnuki {

struct SgfProperty {
  std::string name;                 // as written, case kept
  std::vector<std::string> values;  // unescaped
};

struct SgfNode {
  std::vector<SgfProperty> properties;  // in order of first appearance; without the node's own move
  Color mover = Color::Empty;           // of the node's own move; Empty = none
  int moveX = -1, moveY = -1;           // of the own move, -1 = the empty text (pass); not yet bounds-checked

  const std::vector<std::string>* find(std::string_view name) const;  // null if absent
  bool has(std::string_view name) const { return find(name) != nullptr; }
  const std::string& single(const std::string& name) const;  // throws unless exactly one value
  bool hasPlacements() const { return has("AB") || has("AW") || has("AE"); }
};

struct SgfSequence {  // "(" nodes children ")"
  std::vector<SgfNode> nodes;
  std::vector<int> children;  // indices into Sgf::sequences()
};

class Sgf {
 public:
  // `name` stands for the file in error messages.
  static Sgf parse(std::string_view text, const std::string& name = "");
  static Sgf load(const std::string& path);

  const std::string& name() const { return name_; }
  const std::vector<SgfSequence>& sequences() const { return sequences_; }  // [0] is the root
  const SgfNode& root() const { return sequences_[0].nodes[0]; }

  // Root properties.
  std::pair<int, int> size() const;         // columns, rows
  std::optional<Color> rootPlayer() const;  // PL
  std::string playerName(Color c) const;    // PB, PW; "" if absent
  Color winner() const;                     // RE; Empty = none or unreadable
  bool hasKomi() const { return root().has("KM"); }
  float komi() const;
  bool hasRules() const { return root().has("RU"); }
  Rules rules() const;                         // strict: RU and KM must be there and valid
  Rules rulesOr(const Rules& defaults) const;  // absent ones from defaults, bad ones throw
  // Never throws; `warn` is told what was replaced (spec 7.6).
  Rules rulesOrWarn(const Rules& defaults, const std::function<void(const std::string&)>& warn) const;

  // The main line (deepest child at each fork).
  std::vector<int> mainLine() const;  // indices of sequences
  std::vector<Move> moves() const;
  std::vector<Move> placements() const;  // of the root; player Empty for AE

  Color firstPlayer() const;
  GameState initialState(const Rules& rules) const;
  // Replays the first `turn` moves on state (an initialState). Throws on an illegal move or a bad turn.
  void replay(GameState& state, int turn, bool holdPhase) const;
  void replay(GameState& state, bool holdPhase) const;  // all moves
  GameState stateAt(const Rules& rules, int turn, bool holdPhase = false) const;

 private:
  Sgf() = default;
  friend class SgfReader;
  std::string name_;
  std::vector<SgfSequence> sequences_;
};

// Every distinct position of every variation, depth first in file order, under Tromp-Taylor rules with
// situational ko (spec 7.10). `state` has the position and the moves since the last setup; `comment` is C[].
using SgfPositionVisitor = std::function<void(const GameState& state, const std::string& comment)>;
void forEachSgfPosition(const Sgf& sgf, const SgfPositionVisitor& visit);

struct SgfWriteOptions {
  std::string blackName, whiteName;       // written as they are, not escaped
  std::string rules;                      // RU; "" = the rules' nice name
  std::optional<float> finalScore;        // replaces the score of a finished, scored game in RE
  std::string rootComment;                // "" = none
  std::vector<std::string> moveComments;  // by move; may be shorter than the move list
  bool resultLast = false;                // "result=" after the last move's comment, not before
  std::string lastNodeComment;            // of a node without move at the end; "" = no such node
};
std::string sgfResult(const GameState& state);  // RE; "" if the game is not over
// One line without a newline at the end (spec 7.11). Comments are escaped.
std::string writeSgf(const GameState& state, const SgfWriteOptions& options = {});
std::string escapeSgfText(std::string_view text);
std::string sgfCoordinates(Point p, int xSize, int ySize);  // "" for pass

}  // namespace ponnuki
