// Lines with an "action": version, models, cache, termination (spec analysis-cli-config 1.7).
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocol/analysis/server.h"

namespace ponnuki {

// What actions may do to the engine.
class ActionTarget {
 public:
  virtual ~ActionTarget() = default;
  virtual const std::vector<ModelDescription>& models() const = 0;
  virtual void clearCaches() = 0;
  // Without an id: all queries. Without turns: all turns.
  virtual void terminate(const std::optional<std::string>& id, const std::optional<std::set<int64_t>>& turns) = 0;
};

// The line that answers. `object` has a string "id" and a string "action".
nlohmann::json runAction(const nlohmann::json& object, ActionTarget& target);

nlohmann::json errorReply(const std::string& text);
nlohmann::json fieldReply(const char* kind, const std::string& id, const std::string& field,
                          const std::string& text);  // kind: error or warning

}  // namespace ponnuki
