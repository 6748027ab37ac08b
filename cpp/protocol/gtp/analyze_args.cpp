#include "protocol/gtp/analyze_args.h"

#include "base/text.h"

namespace ponnuki::gtp {

Dialect dialectOf(const std::string& command) {
  if (startsWith(command, "lz-")) return Dialect::Lz;
  return startsWith(command, "kata-") ? Dialect::Kata : Dialect::Sabaki;
}

namespace {

constexpr double kMaxInterval = 1e25;  // centiseconds
constexpr int kMaxMoveCount = 1000000000;

std::optional<double> intervalSeconds(const std::string& text) {
  const std::optional<double> centiseconds = tryDouble(text);
  if (!centiseconds || *centiseconds < 0 || *centiseconds >= kMaxInterval) return std::nullopt;
  return *centiseconds * 0.01;
}

class Parser {
 public:
  Parser(const Args& args, Dialect dialect, Color toMove, const Board& board) : args_(args), board_(board) {
    result_.dialect = dialect;
    result_.player = toMove;
  }

  std::optional<AnalyzeArgs> parse() {
    if (at_ < args_.size())
      if (const auto player = parsePlayer(args_[at_])) {
        result_.player = *player;
        at_++;
      }
    if (at_ < args_.size())
      if (const auto every = intervalSeconds(args_[at_])) {
        result_.every = *every;
        at_++;
      }
    while (at_ < args_.size()) {
      const std::string& key = args_[at_++];
      if (!(key == "avoid" || key == "allow" ? moveLimit(key == "allow") : plainKey(key)))
        return std::nullopt;
    }
    return result_;
  }

 private:
  const std::string* next() { return at_ < args_.size() ? &args_[at_++] : nullptr; }

  bool plainKey(const std::string& key) {
    const std::string* value = next();
    if (value == nullptr) return false;
    if (key == "interval") {
      const auto every = intervalSeconds(*value);
      if (every) result_.every = *every;
      return every.has_value();
    }
    if (key == "minmoves" || key == "maxmoves") {
      const auto count = tryInt(*value);
      if (!count || *count < 0 || *count >= kMaxMoveCount) return false;
      (key == "minmoves" ? result_.minMoves : result_.maxMoves) = *count;
      return true;
    }
    bool* flag = result_.dialect == Dialect::Kata ? flagOf(key) : nullptr;
    const auto on = tryBool(*value);
    if (flag == nullptr || !on) return false;
    *flag = *on;
    return true;
  }

  bool* flagOf(const std::string& key) {
    if (key == "rootInfo") return &result_.rootInfo;
    if (key == "ownership") return &result_.ownership;
    if (key == "ownershipStdev") return &result_.ownershipStdev;
    if (key == "movesOwnership") return &result_.movesOwnership;
    if (key == "movesOwnershipStdev") return &result_.movesOwnershipStdev;
    if (key == "pvVisits") return &result_.pvVisits;
    if (key == "pvEdgeVisits") return &result_.pvEdgeVisits;
    if (key == "noResultValue") return &result_.noResultValue;
    return nullptr;
  }

  // PLAYER V,V,... DEPTH. One allow per player, and not together with avoid.
  bool moveLimit(bool allow) {
    const std::string *playerText = next(), *list = next(), *depthText = next();
    if (depthText == nullptr) return false;
    const auto player = parsePlayer(*playerText);
    const auto depth = tryInt(*depthText);
    if (!player || !depth || *depth < 1) return false;
    std::vector<int>& limits = *player == Color::Black ? result_.avoid.black : result_.avoid.white;
    bool& hadAllow = hadAllow_[index(*player) - 1];
    bool& hadAvoid = hadAvoid_[index(*player) - 1];
    if (hadAllow || (allow && hadAvoid)) return false;
    (allow ? hadAllow : hadAvoid) = true;
    limits.resize(kPointArraySize, 0);
    if (allow) std::fill(limits.begin(), limits.end(), *depth);
    for (const std::string& vertex : split(*list, ',')) {
      if (trim(vertex).empty()) continue;
      const auto point = parsePoint(vertex, board_.xSize(), board_.ySize());
      if (!point) return false;
      limits[static_cast<size_t>(*point)] = allow ? 0 : *depth;
    }
    return true;
  }

  const Args& args_;
  const Board& board_;
  size_t at_ = 0;
  AnalyzeArgs result_;
  bool hadAllow_[2] = {false, false}, hadAvoid_[2] = {false, false};
};

}  // namespace

std::optional<AnalyzeArgs> parseAnalyzeArgs(const Args& args, Dialect dialect, Color toMove,
                                            const Board& board) {
  return Parser(args, dialect, toMove, board).parse();
}

}  // namespace ponnuki::gtp
