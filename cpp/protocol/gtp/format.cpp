#include "protocol/gtp/format.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"

namespace ponnuki::gtp {

bool flipsToBlack(Perspective perspective, Color toMove) {
  return perspective == Perspective::Black ||
         (perspective == Perspective::SideToMove && toMove == Color::Black);
}

ReportOptions reportOptions(const AnalyzeArgs& args, int analysisPVLen) {
  ReportOptions options;
  options.minMoves = args.minMoves;
  options.maxPvLength = analysisPVLen;
  options.ownership = args.ownership;
  options.ownershipStdev = args.ownershipStdev;
  options.movesOwnership = args.movesOwnership;
  options.movesOwnershipStdev = args.movesOwnershipStdev;
  options.pvVisits = args.pvVisits || args.pvEdgeVisits;
  return options;
}

namespace {

class LineBuilder {
 public:
  LineBuilder(const SearchReport& report, const AnalyzeArgs& args, bool flip)
      : report_(report), args_(args), flip_(flip) {}

  void word(std::string_view text) {
    if (!text_.empty()) text_ += ' ';
    text_ += text;
  }
  void integer(std::string_view key, int64_t value) {
    word(key);
    word(std::to_string(value));
  }
  void number(double value) {
    if (args_.dialect != Dialect::Sabaki) {
      word(formatNumber(value));
      return;
    }
    char text[64];
    std::snprintf(text, sizeof text, "%#g", value);
    word(text);
  }
  void number(std::string_view key, double value) {
    word(key);
    number(value);
  }
  void signedNumber(std::string_view key, double value) { number(key, flip_ ? -value : value); }
  void share(std::string_view key, double value) { number(key, flip_ ? 1.0 - value : value); }
  // Leela Zero style: ten thousandths, printed as a number of six digits.
  void tenThousandths(std::string_view key, double value) {
    word(key);
    word(formatNumber(std::round(value * 10000.0)));
  }
  void points(std::string_view key, const std::vector<Point>& points, size_t count) {
    word(key);
    for (size_t i = 0; i < count; i++) word(pointToString(points[i], report_.xSize, report_.ySize));
  }
  void counts(std::string_view key, const std::vector<int64_t>& values, size_t count) {
    word(key);
    for (size_t i = 0; i < std::min(count, values.size()); i++) word(std::to_string(values[i]));
  }
  void map(std::string_view key, const std::vector<double>& values, bool isSigned, bool rounded) {
    word(key);
    for (double v : values) {
      if (isSigned && flip_) v = -v;
      number(rounded ? std::round(v * 1e6) / 1e6 : v);
    }
  }
  std::string take() { return std::move(text_); }

 private:
  const SearchReport& report_;
  const AnalyzeArgs& args_;
  bool flip_;
  std::string text_;
};

// How much of a PV to show: up to and including the move that starts the next phase.
size_t shownPvLength(const std::vector<Point>& pv, const GameState& root, bool cutAtPhaseEnd) {
  if (!cutAtPhaseEnd || std::find(pv.begin(), pv.end(), kPass) == pv.end()) return pv.size();
  GameState state = root;
  for (size_t i = 0; i < pv.size(); i++) {
    const int phase = state.phase();
    if (!state.playTolerant(pv[i], state.toMove())) return pv.size();
    if (state.phase() != phase) return i + 1;
  }
  return pv.size();
}

void addLzMove(LineBuilder& line, const MoveReport& move, const SearchReport& report, bool flip,
               size_t pvLength) {
  const double winrate = 0.5 * (1.0 + move.winLoss);
  line.word("info");
  line.word("move");
  line.word(pointToString(move.move, report.xSize, report.ySize));
  line.integer("visits", move.visits);
  line.tenThousandths("winrate", flip ? 1.0 - winrate : winrate);
  line.tenThousandths("prior", move.prior);
  line.tenThousandths("lcb", flip ? 1.0 - move.lcbWinrate : move.lcbWinrate);
  line.integer("order", move.order);
  line.points("pv", move.pv, pvLength);
}

void addKataMove(LineBuilder& line, const MoveReport& move, const SearchReport& report,
                 const AnalyzeArgs& args, size_t pvLength) {
  line.word("info");
  line.word("move");
  line.word(pointToString(move.move, report.xSize, report.ySize));
  line.integer("visits", move.visits);
  line.integer("edgeVisits", move.edgeVisits);
  line.signedNumber("utility", move.utility);
  line.share("winrate", 0.5 * (1.0 + move.winLoss));
  line.signedNumber("scoreMean", move.lead);
  line.number("scoreStdev", move.scoreStdev);
  line.signedNumber("scoreLead", move.lead);
  line.signedNumber("scoreSelfplay", move.scoreMean);
  if (args.noResultValue) line.number("noResultValue", move.noResult);
  line.number("prior", move.prior);
  line.share("lcb", move.lcbWinrate);
  line.signedNumber("utilityLcb", move.utilityLcb);
  line.number("weight", move.weight);
  if (move.isSymmetryOf) {
    line.word("isSymmetryOf");
    line.word(pointToString(*move.isSymmetryOf, report.xSize, report.ySize));
  }
  line.integer("order", move.order);
  line.points("pv", move.pv, pvLength);
  if (args.pvVisits) line.counts("pvVisits", move.pvVisits, pvLength);
  if (args.pvEdgeVisits) line.counts("pvEdgeVisits", move.pvEdgeVisits, pvLength);
  if (args.movesOwnership) line.map("movesOwnership", move.ownership, true, true);
  if (args.movesOwnershipStdev) line.map("movesOwnershipStdev", move.ownershipStdev, false, true);
}

void addRootInfo(LineBuilder& line, const SearchReport& report) {
  const RootValues& root = report.pruned;
  line.word("rootInfo");
  line.integer("visits", root.visits);
  line.signedNumber("utility", root.utility);
  line.share("winrate", 0.5 * (1.0 + root.winLoss));
  line.signedNumber("scoreMean", root.lead);
  line.number("scoreStdev", root.scoreStdev);
  line.signedNumber("scoreLead", root.lead);
  line.signedNumber("scoreSelfplay", root.scoreMean);
  line.number("weight", root.weight);
  if (!report.rootNet) return;
  line.number("rawStWrError", report.rootNet->shorttermWinlossError);
  line.number("rawStScoreError", report.rootNet->shorttermScoreError);
  line.number("rawVarTimeLeft", report.rootNet->varTimeLeft);
}

}  // namespace

std::string analysisLine(const SearchReport& report, const AnalyzeArgs& args, bool flip,
                         const GameState& root, bool cutAtPhaseEnd) {
  if (report.moves.empty() || args.maxMoves == 0) return "";
  LineBuilder line(report, args, flip);
  const size_t shown = std::min(report.moves.size(), static_cast<size_t>(args.maxMoves));
  for (size_t i = 0; i < shown; i++) {
    const MoveReport& move = report.moves[i];
    const size_t pvLength = shownPvLength(move.pv, root, cutAtPhaseEnd);
    if (args.dialect == Dialect::Lz)
      addLzMove(line, move, report, flip, pvLength);
    else
      addKataMove(line, move, report, args, pvLength);
  }
  if (args.rootInfo) addRootInfo(line, report);
  if (args.ownership) line.map("ownership", report.ownership, true, false);
  if (args.ownershipStdev) line.map("ownershipStdev", report.ownershipStdev, false, false);
  return line.take();
}

std::string chatLine(const SearchReport& report, Point move, bool flip, double advantage, int pvLength) {
  const RootValues& root = report.plain;
  const double winrate = 0.5 * (1.0 + root.winLoss);
  char text[200];
  std::snprintf(text, sizeof text, "MALKOVICH:Visits %lld Winrate %.2f%% ScoreLead %.1f ScoreStdev %.1f",
                static_cast<long long>(root.visits), 100.0 * (flip ? 1.0 - winrate : winrate),
                flip ? -root.lead : root.lead, root.scoreStdev);
  std::string line = text;
  if (advantage != 0) {
    std::snprintf(text, sizeof text, " (PDA %.2f)", advantage);
    line += text;
  }
  line += " PV";
  std::vector<Point> pv = {move};
  for (const MoveReport& entry : report.moves)
    if (entry.move == move) pv = entry.pv;
  pv.resize(std::min(pv.size(), static_cast<size_t>(std::max(1, pvLength))));
  for (const Point p : pv) line += " " + pointToString(p, report.xSize, report.ySize);
  return line;
}

}  // namespace ponnuki::gtp
