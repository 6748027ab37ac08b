#include "search/tree_print.h"

#include <algorithm>
#include <cstdio>
#include <unordered_map>

#include "search/choose.h"

namespace ponnuki {

namespace {

constexpr size_t kLineMoves = 7;

std::vector<Point> bestLineBelow(const SearchContext& ctx, const Node* node, size_t maxMoves) {
  std::vector<Point> line;
  PlayOptions options;
  options.scaleMaxToAtLeast = 1;
  options.allowDirectPolicy = true;
  while (line.size() < maxMoves) {
    const PlayValues values = playValues(ctx, *node, options);
    if (!values.ok) break;
    const size_t best = indexOfMax(values.values);
    line.push_back(values.moves[best]);
    if (best >= values.children.size()) break;
    node = values.children[best].node;
  }
  return line;
}

// A child with all that its line shows. Values White's view.
struct ChildLine {
  ChildView view;
  double lcb = 0, prior = 0, downweighted = 0, playValue = 0;
};

std::vector<ChildLine> childLines(const SearchContext& ctx, const Node& node) {
  PlayOptions options;
  options.scaleMaxToAtLeast = 1;
  options.alwaysLcb = true;
  const PlayValues play = playValues(ctx, node, options);
  if (play.children.empty() || node.net() == nullptr) return {};
  std::vector<WeightedChild> weighted(play.children.size());
  double total = 0;
  std::vector<ChildLine> lines(play.children.size());
  for (size_t i = 0; i < lines.size(); i++) {
    ChildLine& line = lines[i];
    line.view = play.children[i];
    line.prior =
        ctx.policyOf(node)[static_cast<size_t>(ctx.policyMap.posOf[static_cast<size_t>(line.view.move)])];
    line.lcb = forPlayer(play.lcb[i], node.nextPla);
    line.playValue = play.ok ? play.values[i] : 0;
    weighted[i].weight = line.view.edgeWeight();
    weighted[i].policy = std::max(1e-30, line.prior);
    weighted[i].selfUtility = forPlayer(line.view.stats.utility, node.nextPla);
    total += weighted[i].weight;
  }
  DownweightSettings settings;
  settings.exponent = ctx.params.valueWeightExponent;
  downweightBad(weighted, total, settings);
  for (size_t i = 0; i < lines.size(); i++) lines[i].downweighted = weighted[i].weight;
  std::stable_sort(lines.begin(), lines.end(), [](const ChildLine& a, const ChildLine& b) {
    if ((a.view.edgeVisits > 0) != (b.view.edgeVisits > 0)) return a.view.edgeVisits > 0;
    if (a.playValue != b.playValue) return a.playValue > b.playValue;
    if (a.view.edgeVisits != b.view.edgeVisits) return a.view.edgeVisits > b.view.edgeVisits;
    return a.prior > b.prior;
  });
  return lines;
}

class TreePrinter {
 public:
  TreePrinter(const SearchContext& ctx, const TreePrintOptions& options) : ctx_(ctx), options_(options) {
    if (options_.perspective == Color::Empty) options_.perspective = ctx.rootPla();
    sign_ = options_.perspective == Color::White ? 1 : -1;
  }

  std::string run() {
    if (!ctx_.root || !ctx_.root->net() || ctx_.root->stats.visits() <= 0) return "";
    printNode(*ctx_.root, nullptr);
    const Node* node = ctx_.root.get();
    for (const Point move : options_.branch) {
      const std::vector<ChildLine> lines = childLines(ctx_, *node);
      const auto child = std::find_if(lines.begin(), lines.end(),
                                      [move](const ChildLine& line) { return line.view.move == move; });
      if (child == lines.end()) return text_;
      path_.push_back(move);
      printNode(*child->view.node, &*child);
      node = child->view.node;
    }
    printChildren(*node, options_.branch.empty() ? options_.alwaysList : kNullPoint, options_.maxDepth);
    return text_;
  }

 private:
  template <typename... T>
  void print(const char* format, T... values) {
    char text[64];
    std::snprintf(text, sizeof text, format, values...);
    text_ += text;
  }

  std::string moveText(Point move) const {
    const Board& board = ctx_.rootState.board();
    return pointToString(move, board.xSize(), board.ySize());
  }

  void printChildren(const Node& node, Point alwaysList, int depth) {
    const std::vector<ChildLine> lines = childLines(ctx_, node);
    if (lines.empty()) return;
    text_ += node.nextPla == Color::White ? "---White(" : "---Black(";
    text_ += node.nextPla == options_.perspective ? "^)---\n" : "v)---\n";
    int listed = 0;
    for (const ChildLine& line : lines) {
      if (listed++ >= options_.maxChildren && line.view.move != alwaysList) continue;
      path_.push_back(line.view.move);
      printNode(*line.view.node, &line);
      const bool always = line.view.move == alwaysList;
      if (always || depth > 1) printChildren(*line.view.node, kNullPoint, always ? 1 : depth - 1);
      path_.pop_back();
    }
  }

  // The path, the statistics of `node`, and the line of play through it.
  void printNode(const Node& node, const ChildLine* child) {
    for (const Point move : path_) print("%-4s", move == kPass ? "pss" : moveText(move).c_str());
    text_ += ": ";
    const NodeStats s = child ? child->view.stats : node.stats.load();
    if (s.visits > 0) {
      print("T %6.2fc ", sign_ * s.utility * 100);
      print("W %6.2fc ", sign_ * ctx_.utility.result(s.winLoss, s.noResult) * 100);
      print("S %6.2fc (%+5.1f L %+5.1f) ", sign_ * ctx_.utility.score(s.scoreMean, s.scoreMeanSq) * 100,
            sign_ * s.scoreMean, sign_ * s.lead);
    }
    if (child) {
      if (s.visits > 0) print("LCB %7.2fc ", sign_ * child->lcb * 100);
      print("P %5.2f%% ", child->prior * 100);
      print("WF %5.1f ", child->downweighted);
      print("PSV %7.0f ", child->playValue);
    }
    print("N %7lld  --  ", static_cast<long long>(s.visits));
    std::vector<Point> line = bestLineBelow(ctx_, &node, kLineMoves);
    if (child) line.insert(line.begin(), child->view.move);
    for (size_t i = 0; i < line.size(); i++) text_ += (i > 0 ? " " : "") + moveText(line[i]);
    text_ += '\n';
  }

  const SearchContext& ctx_;
  TreePrintOptions options_;
  double sign_ = 1;
  std::vector<Point> path_;
  std::string text_;
};

}  // namespace

std::string printTree(const SearchContext& ctx, const TreePrintOptions& options) {
  return TreePrinter(ctx, options).run();
}

std::string printGraph(const SearchContext& ctx) {
  if (!ctx.root) return "";
  const Board& board = ctx.rootState.board();
  std::vector<const Node*> nodes{ctx.root.get()};
  std::unordered_map<const Node*, size_t> numbers{{ctx.root.get(), 0}};
  std::vector<ChildView> children;
  std::string text;
  for (size_t i = 0; i < nodes.size(); i++) {
    const NodeStats s = nodes[i]->stats.load();
    char line[128];
    std::snprintf(line, sizeof line, "%zu N %lld W %.2fc S %.2f :", i, static_cast<long long>(s.visits),
                  100 * s.winLoss, s.scoreMean);
    text += line;
    children.clear();
    collectChildren(*nodes[i], children);
    for (const ChildView& child : children) {
      const auto [known, isNew] = numbers.emplace(child.node, nodes.size());
      if (isNew) nodes.push_back(child.node);
      text += " " + pointToString(child.move, board.xSize(), board.ySize()) + "->" +
              std::to_string(known->second) + "(" + std::to_string(child.edgeVisits) + ")";
    }
    text += '\n';
  }
  return text;
}

std::vector<Point> bestLine(const SearchContext& ctx, size_t maxMoves) {
  if (!ctx.root || !ctx.root->net()) return {};
  return bestLineBelow(ctx, ctx.root.get(), maxMoves);
}

}  // namespace ponnuki
