#include "protocol/analysis/actions.h"

#include "engine/version.h"
#include "protocol/analysis/query_fields.h"

namespace ponnuki {

using nlohmann::json;

json errorReply(const std::string& text) { return json::object({{"error", text}}); }

json fieldReply(const char* kind, const std::string& id, const std::string& field, const std::string& text) {
  return json::object({{kind, text}, {"field", field}, {"id", id}});
}

namespace {

json describeModels(const std::vector<ModelDescription>& models) {
  json list = json::array();
  for (const ModelDescription& model : models)
    list.push_back(json::object({{"name", model.name},
                                 {"internalName", model.internalName},
                                 {"maxBatchSize", model.maxBatchSize},
                                 {"usesHumanSLProfile", model.usesHumanSLProfile},
                                 {"usingFP16", model.usingFP16},
                                 {"version", model.version}}));
  return list;
}

std::optional<std::set<int64_t>> readTurnNumbers(const json& object) {
  const json* list = fields::find(object, "turnNumbers");
  if (list == nullptr)
    return std::nullopt;
  const char* const shape = "If provided, must be an array of integers indicating turns to terminate";
  if (!list->is_array())
    fields::fail("turnNumbers", shape);
  std::set<int64_t> turns;
  for (const json& element : *list) {
    const std::optional<int64_t> turn = fields::asLooseInteger(element, true);
    if (!turn)
      fields::fail("turnNumbers", shape);
    turns.insert(*turn);
  }
  return turns;
}

void terminate(const json& object, bool all, ActionTarget& target) {
  std::optional<std::string> id;
  if (!all) {
    const json* given = fields::find(object, "terminateId");
    if (given == nullptr || !given->is_string())
      fields::fail("terminateId", "Requests for a terminate action must have a string \"terminateId\" field");
    id = given->get<std::string>();
  }
  target.terminate(id, readTurnNumbers(object));
}

}  // namespace

json runAction(const json& object, ActionTarget& target) {
  const std::string action = object["action"].get<std::string>();
  json reply = object;
  try {
    if (action == "query_version") {
      reply["version"] = kCompatibleVersion;
      reply["git_hash"] = kGitRevision;
    } else if (action == "query_models") {
      reply["models"] = describeModels(target.models());
    } else if (action == "clear_cache") {
      target.clearCaches();
    } else if (action == "terminate" || action == "terminate_all") {
      terminate(object, action == "terminate_all", target);
    } else {
      return errorReply(
          "'action' field must be 'query_version' or 'query_models' or 'clear_cache' or 'terminate' or "
          "'terminate_all'");
    }
  } catch (const fields::FieldError& error) {
    return fieldReply("error", object["id"].get<std::string>(), error.message.field, error.message.text);
  }
  return reply;
}

}  // namespace ponnuki
