#include "protocol/analysis/result_writer.h"

#include <algorithm>
#include <cmath>

namespace ponnuki {

using nlohmann::json;

double roundTo9Digits(double x) {
  if (!(std::fabs(x) > 1e-60) || !std::isfinite(x))
    return x;
  const double magnitude = std::floor(std::log10(std::fabs(x)));
  if (magnitude >= 8)
    return std::round(x);
  const double scale = std::pow(10.0, 8 - magnitude);
  return std::round(x * scale) / scale;
}

ReportOptions reportOptionsFor(const ReplyOptions& reply) {
  ReportOptions options;
  options.minMoves = 0;
  options.maxPvLength = reply.pvLength;
  options.ownership = reply.ownership;
  options.ownershipStdev = reply.ownershipStdev;
  options.movesOwnership = reply.movesOwnership;
  options.movesOwnershipStdev = reply.movesOwnershipStdev;
  options.pvVisits = reply.pvVisits;
  options.duplicateForSymmetries = true;
  return options;
}

namespace {

class ResultWriter {
 public:
  ResultWriter(const SearchReport& report, const GameState& root, const ReplyOptions& reply)
      : report_(report), root_(root), reply_(reply) {
    flip_ = reply.perspective == Perspective::Black ||
            (reply.perspective == Perspective::SideToMove && report.toMove == Color::Black);
  }

  json write() const {
    json result = json::object();
    json& moves = result["moveInfos"] = json::array();
    for (const MoveReport& move : report_.moves)
      moves.push_back(moveInfo(move));
    result["rootInfo"] = rootInfo();
    if (reply_.policy && report_.rootNet)
      result["policy"] = policy(*report_.rootNet);
    if (reply_.policy && report_.rootHuman)
      result["humanPolicy"] = policy(*report_.rootHuman);
    if (reply_.ownership)
      result["ownership"] = ownership(report_.ownership);
    if (reply_.ownershipStdev)
      result["ownershipStdev"] = stdevs(report_.ownershipStdev);
    return result;
  }

 private:
  double signed9(double white) const { return roundTo9Digits(flip_ ? -white : white); }
  double chance9(double white) const { return roundTo9Digits(flip_ ? 1.0 - white : white); }
  std::string vertex(Point p) const { return pointToString(p, report_.xSize, report_.ySize); }

  json moveInfo(const MoveReport& move) const {
    json info = json::object();
    info["move"] = vertex(move.move);
    info["visits"] = move.visits;
    info["edgeVisits"] = move.edgeVisits;
    info["weight"] = roundTo9Digits(move.weight);
    info["edgeWeight"] = roundTo9Digits(move.edgeWeight);
    info["winrate"] = chance9(0.5 * (1.0 + move.winLoss));
    info["utility"] = signed9(move.utility);
    info["scoreSelfplay"] = signed9(move.scoreMean);
    info["scoreLead"] = signed9(move.lead);
    info["scoreMean"] = signed9(move.lead);
    info["scoreStdev"] = roundTo9Digits(move.scoreStdev);
    if (reply_.noResultValue)
      info["noResultValue"] = roundTo9Digits(move.noResult);
    info["prior"] = roundTo9Digits(move.prior);
    if (move.humanPrior)
      info["humanPrior"] = roundTo9Digits(std::max(0.0, *move.humanPrior));
    info["lcb"] = chance9(move.lcbWinrate);
    info["utilityLcb"] = signed9(move.utilityLcb);
    info["order"] = move.order;
    if (move.isSymmetryOf)
      info["isSymmetryOf"] = vertex(*move.isSymmetryOf);
    info["playSelectionValue"] = roundTo9Digits(move.playSelectionValue);
    addPv(move, info);
    if (reply_.movesOwnership)
      info["ownership"] = ownership(move.ownership);
    if (reply_.movesOwnershipStdev)
      info["ownershipStdev"] = stdevs(move.ownershipStdev);
    return info;
  }

  void addPv(const MoveReport& move, json& info) const {
    const size_t length = pvLength(move.pv);
    json& pv = info["pv"] = json::array();
    for (size_t i = 0; i < length; i++)
      pv.push_back(vertex(move.pv[i]));
    if (!reply_.pvVisits)
      return;
    info["pvVisits"] = firstOf(move.pvVisits, length);
    info["pvEdgeVisits"] = firstOf(move.pvEdgeVisits, length);
  }

  static json firstOf(const std::vector<int64_t>& values, size_t length) {
    json list = json::array();
    for (size_t i = 0; i < std::min(length, values.size()); i++)
      list.push_back(values[i]);
    return list;
  }

  // How much of a variation to show: nothing from the move on that would end a phase of the game.
  size_t pvLength(const std::vector<Point>& pv) const {
    if (!reply_.cutPvAtPhaseEnd || std::find(pv.begin(), pv.end(), kPass) == pv.end())
      return pv.size();
    GameState state = root_;
    for (size_t i = 0; i < pv.size(); i++) {
      if (!state.playTolerant(pv[i], state.toMove(), false))
        return pv.size();
      if (state.phase() != root_.phase())
        return i;
    }
    return pv.size();
  }

  json rootInfo() const {
    const RootValues& values = report_.pruned;
    json info = json::object();
    info["visits"] = report_.plain.visits;
    info["weight"] = report_.plain.weight;
    info["winrate"] = chance9(0.5 * (1.0 + values.winLoss));
    info["scoreSelfplay"] = signed9(values.scoreMean);
    info["scoreLead"] = signed9(values.lead);
    info["scoreStdev"] = roundTo9Digits(values.scoreStdev);
    info["utility"] = signed9(values.utility);
    if (report_.rootNet)
      addRawValues(*report_.rootNet, info);
    if (report_.rootHuman)
      addHumanValues(*report_.rootHuman, info);
    info["thisHash"] = report_.thisHash.toString();
    info["symHash"] = report_.symHash.toString();
    info["currentPlayer"] = report_.toMove == Color::Black ? "B" : "W";
    return info;
  }

  // The subtraction is in float32 like the reference's, the rest in float64.
  double rawWinrate(const NNOutput& net) const {
    const double winLoss = net.whiteWinProb - net.whiteLossProb;
    return roundTo9Digits(0.5 + 0.5 * winLoss * (flip_ ? -1.0 : 1.0));
  }
  static double rawScoreStdev(const NNOutput& net) {
    const double mean = net.whiteScoreMean;
    return roundTo9Digits(std::sqrt(std::max(0.0, static_cast<double>(net.whiteScoreMeanSq) - mean * mean)));
  }

  void addRawValues(const NNOutput& net, json& info) const {
    info["rawWinrate"] = rawWinrate(net);
    info["rawLead"] = signed9(net.whiteLead);
    info["rawScoreSelfplay"] = signed9(net.whiteScoreMean);
    info["rawScoreSelfplayStdev"] = rawScoreStdev(net);
    info["rawNoResultProb"] = roundTo9Digits(net.whiteNoResultProb);
    info["rawStWrError"] = roundTo9Digits(0.5 * net.shorttermWinlossError);
    info["rawStScoreError"] = roundTo9Digits(net.shorttermScoreError);
    info["rawVarTimeLeft"] = roundTo9Digits(net.varTimeLeft);
  }

  void addHumanValues(const NNOutput& net, json& info) const {
    info["humanWinrate"] = rawWinrate(net);
    info["humanScoreMean"] = signed9(net.whiteScoreMean);
    info["humanScoreStdev"] = rawScoreStdev(net);
    info["humanStWrError"] = roundTo9Digits(0.5 * net.shorttermWinlossError);
    info["humanStScoreError"] = roundTo9Digits(net.shorttermScoreError);
  }

  json policy(const NNOutput& net) const {
    json list = json::array();
    for (int y = 0; y < report_.ySize; y++)
      for (int x = 0; x < report_.xSize; x++)
        list.push_back(roundTo9Digits(net.policy[static_cast<size_t>(y * net.nnX + x)]));
    list.push_back(roundTo9Digits(net.policy[static_cast<size_t>(net.passPos())]));
    return list;
  }

  static double round6(double x) { return std::round(1e6 * x) / 1e6; }
  json ownership(const std::vector<double>& white) const {
    json list = json::array();
    for (const double value : white)
      list.push_back(round6(flip_ ? -value : value));
    return list;
  }
  static json stdevs(const std::vector<double>& values) {
    json list = json::array();
    for (const double value : values)
      list.push_back(round6(value));
    return list;
  }

  const SearchReport& report_;
  const GameState& root_;
  const ReplyOptions& reply_;
  bool flip_ = false;
};

}  // namespace

json resultAsJson(const SearchReport& report, const GameState& root, const ReplyOptions& reply) {
  return ResultWriter(report, root, reply).write();
}

}  // namespace ponnuki
