// Visiting every position of every variation (spec rules-and-board 7.10).
#include <algorithm>
#include <memory>
#include <set>
#include <tuple>

#include "base/error.h"
#include "game/sgf.h"
#include "game/sgf_moves.h"

namespace ponnuki {
namespace {

Rules variationRules() {
  Rules rules;
  rules.ko = KoRule::Situational;
  return rules;
}

Hash128 withKo(const Board& board) {
  return board.situationHash(Color::Black);
}  // stones and ko point

class VariationWalk {
 public:
  VariationWalk(const Sgf& sgf, const SgfPositionVisitor& visit)
      : sgf_(sgf), visit_(visit), size_(sgf.size()), branches_(sgf.sequences().size()) {}
  void run();

 private:
  struct Branch {  // how a sequence is reached, to name a node in messages
    int parent = -1;
    size_t number = 0;
  };

  void visitSequence(int index, GameState& state);
  void visitNode(const SgfNode& node, bool isRoot, GameState& state);
  bool setUp(const SgfNode& node, GameState& state);
  void makeMove(Move move, GameState& state) const;
  void report(const GameState& state, const std::string& comment);
  std::string trace() const;

  const Sgf& sgf_;
  const SgfPositionVisitor& visit_;
  std::pair<int, int> size_;
  std::vector<Branch> branches_;
  int atSequence_ = 0;
  size_t atNode_ = 0;
  std::set<std::tuple<Hash128, Hash128, std::string>> seen_;
};

void VariationWalk::run() {
  struct Pending {
    int sequence;
    std::shared_ptr<const GameState> before;  // shared by the children of one fork
  };
  const Color first = sgf_.rootPlayer().value_or(Color::Black);
  std::vector<Pending> stack;
  stack.push_back(
      {0, std::make_shared<GameState>(Board(size_.first, size_.second), first, variationRules())});
  while (!stack.empty()) {
    const Pending next = std::move(stack.back());
    stack.pop_back();
    auto state = std::make_shared<GameState>(*next.before);
    visitSequence(next.sequence, *state);
    const std::vector<int>& children = sgf_.sequences()[next.sequence].children;
    for (size_t i = children.size(); i-- > 0;) {
      branches_[children[i]] = {next.sequence, i};
      stack.push_back({children[i], state});
    }
  }
}

void VariationWalk::visitSequence(int index, GameState& state) {
  const std::vector<SgfNode>& nodes = sgf_.sequences()[index].nodes;
  atSequence_ = index;
  for (atNode_ = 0; atNode_ < nodes.size(); atNode_++)
    visitNode(nodes[atNode_], index == 0 && atNode_ == 0, state);
}

void VariationWalk::visitNode(const SgfNode& node, bool isRoot, GameState& state) {
  const std::string comment = node.has("C") ? node.single("C") : "";
  if (setUp(node, state) || isRoot) report(state, comment);
  std::vector<Move> moves;
  sgf::appendMoves(node, size_.first, size_.second, moves);
  for (const Move& move : moves) {
    makeMove(move, state);
    report(state, comment);
  }
}

int stonesOn(const Board& board) {
  return board.stoneCount(Color::Black) + board.stoneCount(Color::White);
}

// A new history from `board`; `turnsAdded` stands for the moves a setup replaces.
void restart(GameState& state, Board board, Color toMove, int turnsAdded) {
  const int turn = std::max(state.turnNumber() + turnsAdded, stonesOn(board));
  board.clearKoPoint();
  state.reset(board, toMove, state.rules(), 0);
  state.setInitialTurnNumber(turn);
}

// Placements or a change of the player to move; false if the node has neither.
bool VariationWalk::setUp(const SgfNode& node, GameState& state) {
  const Color toMove = sgf::playerOf(node).value_or(state.toMove());
  if (!node.hasPlacements() && toMove == state.toMove()) return false;
  Board board = state.board();
  const int before = stonesOn(board);
  if (!board.setStonesStrict(sgf::placementsOf(node, size_.first, size_.second)))
    throw UserError("Illegal placements in " + sgf_.name() + " SGF trace (branches 0-indexed): " + trace());
  restart(state, board, toMove, (std::max(stonesOn(board) - before, 0) + 1) / 2);
  return true;
}

void VariationWalk::makeMove(Move move, GameState& state) const {
  const bool isSimpleKo = move.point != kPass && move.point == state.board().koPoint();
  if (isSimpleKo || !state.isLegalTolerant(move.point, move.player))
    throw UserError("Illegal move in " + sgf_.name() + " effective turn " +
                    std::to_string(state.turnNumber()) + " move " +
                    pointToString(move.point, size_.first, size_.second) +
                    " SGF trace (branches 0-indexed): " + trace());
  if (move.player != state.toMove() || !state.isLegal(move.point, move.player))
    restart(state, state.board(), state.toMove(), 0);
  state.play(move.point, move.player);
}

void VariationWalk::report(const GameState& state, const std::string& comment) {
  const std::vector<Move>& moves = state.moves();
  const size_t n = moves.size();
  if (state.isFinished() || (n >= 2 && moves[n - 1].point == kPass && moves[n - 2].point == kPass)) return;
  const Hash128 now = state.board().situationHash(state.toMove());
  if (seen_.emplace(now, withKo(state.recentBoard(1)), comment).second) visit_(state, comment);
}

std::string VariationWalk::trace() const {
  std::vector<std::string> parts = {"forward " + std::to_string(atNode_)};
  for (int s = atSequence_; branches_[s].parent >= 0; s = branches_[s].parent) {
    parts.push_back("branch " + std::to_string(branches_[s].number) + " ");
    parts.push_back("forward " + std::to_string(sgf_.sequences()[branches_[s].parent].nodes.size()) + " ");
  }
  std::string text;
  for (size_t i = parts.size(); i-- > 0;) text += parts[i];
  return text;
}

}  // namespace

void forEachSgfPosition(const Sgf& sgf, const SgfPositionVisitor& visit) {
  VariationWalk(sgf, visit).run();
}

}  // namespace ponnuki
