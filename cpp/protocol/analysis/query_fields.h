// Typed access to the fields of a query. A fault is thrown as FieldError and caught in parseQuery().
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "game/point.h"
#include "protocol/analysis/query_parser.h"

namespace ponnuki::fields {

struct FieldError {
  FieldMessage message;
};
[[noreturn]] void fail(const std::string& field, const std::string& text);

const nlohmann::json* find(const nlohmann::json& object, const std::string& key);  // null if absent

// JSON integer literals only: 9.0 and 1e2 are none.
std::optional<int64_t> asInteger(const nlohmann::json& value);
// Numbers and, if asked, booleans as 0 and 1; fractions are cut off, values beyond 64 bits are clamped.
std::optional<int64_t> asLooseInteger(const nlohmann::json& value, bool allowBool);

// These leave `target` alone if the field is absent.
void readBool(const nlohmann::json& object, const std::string& key, bool& target);
bool readInteger(const nlohmann::json& object, const std::string& key, int64_t lo, int64_t hi,
                 const std::string& errorText, int64_t& target);
bool readNumber(const nlohmann::json& object, const std::string& key, double lo, double hi,
                const std::string& errorText, double& target);

// moves and initialStones: [["B","C3"], ...].
std::vector<Move> readMoves(const nlohmann::json& value, const std::string& field, int xSize, int ySize,
                            bool passAllowed);
// allowMoves and avoidMoves: fills the tables of the query.
void readMoveRestrictions(const nlohmann::json& object, int xSize, int ySize, QuerySettings& settings);

}  // namespace ponnuki::fields
