#include "protocol/analysis/query_fields.h"

#include <cmath>
#include <limits>

#include "game/color.h"

namespace ponnuki::fields {

using nlohmann::json;

void fail(const std::string& field, const std::string& text) {
  throw FieldError{{field, text}};
}

const json* find(const json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::optional<int64_t> asInteger(const json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned()) {
    const uint64_t u = value.get<uint64_t>();
    return u > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())
               ? std::numeric_limits<int64_t>::max()
               : static_cast<int64_t>(u);
  }
  return value.get<int64_t>();
}

std::optional<int64_t> asLooseInteger(const json& value, bool allowBool) {
  if (value.is_boolean()) return allowBool ? std::optional<int64_t>(value.get<bool>() ? 1 : 0) : std::nullopt;
  if (value.is_number_integer()) return asInteger(value);
  if (!value.is_number_float()) return std::nullopt;
  const double d = value.get<double>();
  constexpr double kLimit = 9.2e18;
  return static_cast<int64_t>(d > kLimit ? kLimit : d < -kLimit ? -kLimit : d);
}

void readBool(const json& object, const std::string& key, bool& target) {
  const json* value = find(object, key);
  if (value == nullptr) return;
  if (!value->is_boolean()) fail(key, "Must be a boolean");
  target = value->get<bool>();
}

bool readInteger(const json& object, const std::string& key, int64_t lo, int64_t hi,
                 const std::string& errorText, int64_t& target) {
  const json* value = find(object, key);
  if (value == nullptr) return false;
  const std::optional<int64_t> number = asInteger(*value);
  if (!number || *number < lo || *number > hi) fail(key, errorText);
  target = *number;
  return true;
}

bool readNumber(const json& object, const std::string& key, double lo, double hi,
                const std::string& errorText, double& target) {
  const json* value = find(object, key);
  if (value == nullptr) return false;
  if (!value->is_number()) fail(key, errorText);
  const double number = value->get<double>();
  if (!(number >= lo && number <= hi)) fail(key, errorText);
  target = number;
  return true;
}

std::vector<Move> readMoves(const json& value, const std::string& field, int xSize, int ySize,
                            bool passAllowed) {
  const char* const shape = "Must be an array of pairs of the form: [\"b\" or \"w\", GTP board vertex]";
  if (!value.is_array()) fail(field, shape);
  std::vector<Move> moves;
  moves.reserve(value.size());
  for (const json& pair : value) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string())
      fail(field, shape);
    const std::string player = pair[0].get<std::string>();
    const std::string vertex = pair[1].get<std::string>();
    const std::optional<Color> color = parsePlayer(player);
    if (!color) fail(field, "Could not parse player: " + player);
    const std::optional<Point> point = parsePoint(vertex, xSize, ySize);
    if (!point || (*point == kPass && !passAllowed)) fail(field, "Could not parse board location: " + vertex);
    moves.push_back({*point, *color});
  }
  return moves;
}

namespace {

// One entry of allowMoves or avoidMoves.
struct Restriction {
  Color player = Color::Empty;
  std::vector<Point> points;
  int untilDepth = 0;
};

Restriction readRestriction(const json& entry, const std::string& field, int xSize, int ySize) {
  if (!entry.is_object() || !entry.contains("player") || !entry.contains("moves") ||
      !entry.contains("untilDepth"))
    fail(field, "Must be a list of dicts with subfields 'player', 'moves', 'untilDepth'");
  Restriction restriction;
  const json& player = entry["player"];
  const std::optional<Color> color =
      player.is_string() ? parsePlayer(player.get<std::string>()) : std::nullopt;
  if (!color) fail("player", "Must be \"b\" or \"w\"");
  restriction.player = *color;
  const json& moves = entry["moves"];
  if (!moves.is_array()) fail("moves", "Must be an array of GTP board vertices");
  for (const json& move : moves) {
    if (!move.is_string()) fail("moves", "Must be an array of GTP board vertices");
    const std::string vertex = move.get<std::string>();
    const std::optional<Point> point = parsePoint(vertex, xSize, ySize);
    if (!point) fail("moves", "Could not parse board location: " + vertex);
    restriction.points.push_back(*point);
  }
  int64_t depth = 0;
  readInteger(entry, "untilDepth", 1, 1000000000, "Must be a positive integer", depth);
  restriction.untilDepth = static_cast<int>(depth);
  return restriction;
}

}  // namespace

void readMoveRestrictions(const json& object, int xSize, int ySize, QuerySettings& settings) {
  const json* allow = find(object, "allowMoves");
  const json* avoid = find(object, "avoidMoves");
  if (allow != nullptr && avoid != nullptr)
    fail("allowMoves", "Cannot specify both allowMoves and avoidMoves");
  const json* list = allow != nullptr ? allow : avoid;
  if (list == nullptr) return;
  const std::string field = allow != nullptr ? "allowMoves" : "avoidMoves";
  if (!list->is_array())
    fail(field, "Must be a list of dicts with subfields 'player', 'moves', 'untilDepth'");
  if (allow != nullptr && list->size() > 2)
    fail(field, "Currently allowMoves only allows at most one entry per player");
  for (const json& entry : *list) {
    const Restriction restriction = readRestriction(entry, field, xSize, ySize);
    std::vector<int>& table = restriction.player == Color::Black ? settings.avoidBlack : settings.avoidWhite;
    if (allow != nullptr && !table.empty())
      fail(field, "Cannot specify allowMoves more than once for the same player");
    if (table.empty()) table.assign(kPointArraySize, allow != nullptr ? restriction.untilDepth : 0);
    for (const Point point : restriction.points) table[point] = allow != nullptr ? 0 : restriction.untilDepth;
  }
}

}  // namespace ponnuki::fields
