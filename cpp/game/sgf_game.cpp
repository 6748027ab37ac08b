// What an SGF tree means as a game: root properties, main line, replay (spec rules-and-board 7.3 to 7.8).
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "game/sgf.h"
#include "game/sgf_moves.h"
#include "game/sgf_text.h"

namespace ponnuki {
namespace sgf {
namespace {

bool isPassTT(int x, int y, int xSize, int ySize) {
  return x == 19 && y == 19 && (xSize <= 19 || ySize <= 19);
}
bool isInside(Location l, int xSize, int ySize) {
  return l.x < xSize && l.y < ySize;
}

Point ownMovePoint(const SgfNode& node, int xSize, int ySize) {
  if (node.moveX < 0 || isPassTT(node.moveX, node.moveY, xSize, ySize)) return kPass;
  if (!isInside({node.moveX, node.moveY}, xSize, ySize))
    throw UserError("Move out of bounds: " + std::to_string(node.moveX) + "," + std::to_string(node.moveY));
  return pointAt(node.moveX, node.moveY, xSize);
}

Point extraMovePoint(const std::string& text, int xSize, int ySize) {
  if (text.empty()) return kPass;
  const auto location = parseLocation(text);
  if (location && isPassTT(location->x, location->y, xSize, ySize)) return kPass;
  if (!location || !isInside(*location, xSize, ySize)) throw UserError("Invalid location: " + text);
  return pointAt(location->x, location->y, xSize);
}

void appendPlacements(const std::string& text, Color color, int xSize, int ySize, std::vector<Move>& out) {
  Location from, to;
  if (text.find(':') != std::string::npos) {
    if (text.size() != 5 || text[2] != ':') throw UserError("Invalid location rect: " + text);
    const auto a = parseLocation(std::string_view(text).substr(0, 2));
    const auto b = parseLocation(std::string_view(text).substr(3));
    if (!a || !b) throw UserError("Invalid location or location rect: " + text);
    from = *a;
    to = *b;
  } else {
    const auto a = parseLocation(text);
    if (!a) throw UserError("Invalid location: " + text);
    from = to = *a;
  }
  if (!isInside(to, xSize, ySize) || from.x > to.x || from.y > to.y)
    throw UserError("Invalid location or location rect: " + text);
  for (int x = from.x; x <= to.x; x++) {
    for (int y = from.y; y <= to.y; y++) out.push_back({pointAt(x, y, xSize), color});
  }
}

}  // namespace

void appendMoves(const SgfNode& node, int xSize, int ySize, std::vector<Move>& out) {
  for (const Color color : {Color::Black, Color::White}) {
    if (node.mover == color) out.push_back({ownMovePoint(node, xSize, ySize), color});
    if (const auto* extra = node.find(color == Color::Black ? "B" : "W")) {
      for (const std::string& text : *extra) out.push_back({extraMovePoint(text, xSize, ySize), color});
    }
  }
}

std::vector<Move> placementsOf(const SgfNode& node, int xSize, int ySize) {
  constexpr std::pair<const char*, Color> kKinds[] = {
      {"AB", Color::Black}, {"AW", Color::White}, {"AE", Color::Empty}};
  std::vector<Move> out;
  for (const auto& [name, color] : kKinds) {
    const auto* values = node.find(name);
    if (!values) continue;
    for (const std::string& text : *values) appendPlacements(text, color, xSize, ySize, out);
  }
  return out;
}

std::optional<Color> playerOf(const SgfNode& node) {
  const auto* values = node.find("PL");
  return values && values->size() == 1 ? parsePlayer((*values)[0]) : std::nullopt;
}

}  // namespace sgf

namespace {

int parseBoardEdge(const std::string& edge, const std::string& text) {
  const auto n = tryInt(edge);
  if (!n) throw UserError("Could not parse board size in sgf: " + text);
  if (*n <= 1) throw UserError("Board size in sgf is <= 1: " + text);
  if (*n > kMaxBoardLen)
    throw UserError("Board size in sgf is > Board::MAX_LEN = " + std::to_string(kMaxBoardLen) +
                    ", if larger sizes are desired, consider increasing and recompiling: " + text);
  return *n;
}

// Two servers' programs write komi as hundredths, or halves of them.
float repairServerKomi(float komi) {
  constexpr std::pair<float, float> kMeant[] = {{550, 5.5f}, {275, 5.5f},  {650, 6.5f}, {325, 6.5f},
                                                {750, 7.5f}, {375, 7.5f},  {700, 7.0f}, {350, 7.0f},
                                                {0, 0},      {6.5f, 6.5f}, {7, 7},      {7.5f, 7.5f}};
  for (const auto& [written, meant] : kMeant) {
    if (komi == written) return meant;
  }
  throw UserError("Currently no case implemented for foxwq or SGFC komi: " + formatNumber(komi));
}

bool isHalvedGogodKomi(const SgfNode& root, float komi) {
  if (!isHalfInteger(2 * komi)) return false;
  const auto* source = root.find("US");
  const auto* rules = root.find("RU");
  if (!source || !rules || rules->size() != 1) return false;
  const bool gogod = std::any_of(source->begin(), source->end(),
                                 [](const std::string& s) { return startsWith(s, "GoGoD"); });
  const std::string lowered = toLower((*rules)[0]);
  return gogod && (lowered == "chinese" || lowered == "chinese, pair go");
}

}  // namespace

std::pair<int, int> Sgf::size() const {
  if (!root().has("SZ")) {
    if (kMaxBoardLen < 19) parseBoardEdge("19", "19");
    return {19, 19};
  }
  const std::string& text = root().single("SZ");
  if (text.find(':') == std::string::npos) {
    const int n = parseBoardEdge(text, text);
    return {n, n};
  }
  const std::vector<std::string> edges = split(text, ':');
  if (edges.size() != 2) throw UserError("Could not parse board size in sgf: " + text);
  const int x = parseBoardEdge(edges[0], text);
  return {x, parseBoardEdge(edges[1], text)};
}

std::optional<Color> Sgf::rootPlayer() const {
  return sgf::playerOf(root());
}

std::string Sgf::playerName(Color c) const {
  const char* property = c == Color::Black ? "PB" : "PW";
  return root().has(property) ? root().single(property) : "";
}

Color Sgf::winner() const {
  const auto* values = root().find("RE");
  if (!values || values->size() != 1) return Color::Empty;
  const std::string text = toLower((*values)[0]);
  if (startsWith(text, "b+") || startsWith(text, "black+")) return Color::Black;
  if (startsWith(text, "w+") || startsWith(text, "white+")) return Color::White;
  return Color::Empty;
}

float Sgf::komi() const {
  if (!hasKomi()) throw UserError("Sgf does not specify komi");
  const auto parsed = tryFloat(root().single("KM"));
  if (!parsed) throw UserError("Could not parse komi in sgf");
  float komi = *parsed;
  if (!isHalfInteger(komi)) {
    if (!isHalvedGogodKomi(root(), komi)) throw UserError("Komi in sgf is not integer or half-integer");
    komi *= 2;
  }
  const auto* programs = root().find("AP");
  const bool hundredths =
      programs && std::any_of(programs->begin(), programs->end(),
                              [](const std::string& s) { return s == "foxwq" || s == "SGFC:2.0"; });
  return hundredths ? repairServerKomi(komi) : komi;
}

namespace {

Rules parseRulesProperty(const SgfNode& root) {
  if (!root.has("RU")) throw UserError("SGF file does not specify rules");
  const std::string& text = root.single("RU");
  try {
    return Rules::parse(text, true);
  } catch (const UserError&) {
    throw UserError("Could not parse rules in sgf: " + text);
  }
}

}  // namespace

Rules Sgf::rules() const {
  Rules parsed = parseRulesProperty(root());
  parsed.komi = komi();
  return parsed;
}

Rules Sgf::rulesOr(const Rules& defaults) const {
  Rules chosen = hasRules() ? parseRulesProperty(root()) : defaults;
  if (hasKomi()) chosen.komi = komi();
  return chosen;
}

Rules Sgf::rulesOrWarn(const Rules& defaults, const std::function<void(const std::string&)>& warn) const {
  Rules chosen = defaults;
  std::string rulesError;
  if (hasRules()) {
    try {
      chosen = parseRulesProperty(root());
    } catch (const UserError& e) {
      rulesError = e.what();
    }
  }
  bool komiIsBad = false;
  if (hasKomi()) {
    try {
      chosen.komi = komi();
    } catch (const UserError&) {
      komiIsBad = true;
    }
  }
  const std::string compact = chosen.toCompact(true);
  if (!rulesError.empty())
    warn("WARNING: using default rules " + compact + " because could not parse sgf rules: " + rulesError);
  else if (hasRules() && komiIsBad)
    warn("There was an error parsing komi, using default komi with rules: " + compact);
  else if (hasRules())
    return chosen;
  else if (komiIsBad)
    warn("Sgf has no rules, also there was an error parsing komi, using default rules: " + compact);
  else if (hasKomi())
    warn("Sgf has no rules, using default rules with SGF-specified komi: " + compact);
  else
    warn("Sgf has no rules or komi, using default rules: " + compact);
  return chosen;
}

std::vector<int> Sgf::mainLine() const {
  // Children have larger indices than their parent, so one backward pass finds all depths.
  std::vector<size_t> depth(sequences_.size());
  std::vector<int> deepest(sequences_.size(), -1);
  for (int i = static_cast<int>(sequences_.size()) - 1; i >= 0; i--) {
    size_t below = 0;
    for (int child : sequences_[i].children) {
      if (deepest[i] < 0 || depth[child] > below) {
        deepest[i] = child;
        below = depth[child];
      }
    }
    depth[i] = sequences_[i].nodes.size() + below;
  }
  std::vector<int> line;
  for (int at = 0; at >= 0; at = deepest[at]) line.push_back(at);
  return line;
}

std::vector<Move> Sgf::moves() const {
  const auto [xSize, ySize] = size();
  std::vector<Move> out;
  for (int index : mainLine()) {
    const std::vector<SgfNode>& nodes = sequences_[index].nodes;
    if (nodes.empty()) throw UserError("Empty sgf");
    for (size_t i = 0; i < nodes.size(); i++) {
      if (i > 0 && nodes[i].hasPlacements())
        throw UserError(
            "Found stone placements after the root, game records that are not simply ordinary play not "
            "currently "
            "supported");
      sgf::appendMoves(nodes[i], xSize, ySize, out);
    }
  }
  return out;
}

std::vector<Move> Sgf::placements() const {
  const auto [xSize, ySize] = size();
  return sgf::placementsOf(root(), xSize, ySize);
}

Color Sgf::firstPlayer() const {
  const std::vector<Move> played = moves();
  if (!played.empty()) return played[0].player;
  if (const auto player = rootPlayer()) return *player;
  const std::vector<Move> stones = placements();
  const bool allBlack =
      std::all_of(stones.begin(), stones.end(), [](const Move& m) { return m.player == Color::Black; });
  return !stones.empty() && allBlack ? Color::White : Color::Black;
}

GameState Sgf::initialState(const Rules& rules) const {
  const auto [xSize, ySize] = size();
  Board board(xSize, ySize);
  if (!board.setStonesStrict(placements()))
    throw UserError(
        "setupInitialBoardAndHist: initial board position contains invalid stones or zero-liberty stones");
  GameState state(board, firstPlayer(), rules);
  state.setInitialTurnNumber(board.stoneCount(Color::Black) + board.stoneCount(Color::White));
  return state;
}

void Sgf::replay(GameState& state, int turn, bool holdPhase) const {
  const std::vector<Move> played = moves();
  const int count = static_cast<int>(played.size());
  if (turn < 0 || turn > count)
    throw UserError("Attempting to set up position from SGF for invalid turn idx " + std::to_string(turn) +
                    ", valid values are 0 to " + std::to_string(count));
  for (int i = 0; i < turn; i++) {
    if (!state.playTolerant(played[i].point, played[i].player, holdPhase))
      throw UserError("Illegal move in " + name_ + " turn " + std::to_string(i) + " move " +
                      pointToString(played[i].point, state.board().xSize(), state.board().ySize()));
  }
}

void Sgf::replay(GameState& state, bool holdPhase) const {
  replay(state, static_cast<int>(moves().size()), holdPhase);
}

GameState Sgf::stateAt(const Rules& rules, int turn, bool holdPhase) const {
  GameState state = initialState(rules);
  replay(state, turn, holdPhase);
  return state;
}

}  // namespace ponnuki
