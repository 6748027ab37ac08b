#include "config/param_docs.h"

#include "base/text.h"
#include "config/engine_keys.h"
#include "config/param.h"

namespace ponnuki {
namespace {

const char* typeName(const SearchField& field) {
  struct Names {
    const char* operator()(double SearchParams::*) const { return "number"; }
    const char* operator()(float SearchParams::*) const { return "number"; }
    const char* operator()(int SearchParams::*) const { return "integer"; }
    const char* operator()(int64_t SearchParams::*) const { return "integer"; }
    const char* operator()(bool SearchParams::*) const { return "true or false"; }
    const char* operator()(Color SearchParams::*) const { return "player"; }
    const char* operator()(std::string SearchParams::*) const { return "text"; }
    const char* operator()(TriStateField) const { return "true, false or auto"; }
  };
  return std::visit(Names(), field);
}

const char* typeName(KeyType type) {
  switch (type) {
    case KeyType::Bool:
      return "true or false";
    case KeyType::BoolOrAuto:
      return "true, false or auto";
    case KeyType::Int:
      return "integer";
    case KeyType::Double:
    case KeyType::Float:
      return "number";
    case KeyType::Text:
      return "text";
  }
  return "";
}

bool isChoice(const std::string& type) {
  return startsWith(type, "true");
}

std::string numberText(double v) {
  return v == static_cast<double>(kUnlimitedVisits) ? "2^50" : formatNumber(v, 10);
}

std::string rangeText(const std::string& type, Range range) {
  if (type != "number" && type != "integer") return type;
  return type + ", " + numberText(range.lo) + " to " + numberText(range.hi);
}

std::string valueText(const std::string& type, double v) {
  if (type == "text" || type == "player") return "none";
  if (isChoice(type)) return v < 0 ? "auto" : v != 0 ? "true" : "false";
  return numberText(v);
}

std::string defaultText(const SearchParamRow& row) {
  const std::string type = typeName(row.field);
  const auto show = [&](double v) { return valueText(type, v); };
  const Default& d = row.defaults;
  switch (row.derived) {
    case Derived::No:
      break;
    case Derived::RootPolicyTemperature:
      return "rootPolicyTemperature";
    case Derived::FpuLossProp:
      return "fpuLossProp";
    case Derived::ZeroIfRootNoise:
      return show(d.gtp) + ", with rootNoiseEnabled 0";
    case Derived::AtMostOfPolicyOptimism:
      return "policyOptimism, at most " + show(d.gtp);
  }
  if (row.key == "numSearchThreads") return "required";
  if (row.key == "futileVisitsThreshold") return "off";
  std::string text = "gtp " + show(d.gtp);
  if (d.gtp == d.analysis && d.gtp == d.other && d.gtp == d.evalSgf) return show(d.gtp);
  if (d.analysis == d.gtp)
    text = "gtp and analysis " + show(d.gtp);
  else
    text += ", analysis " + show(d.analysis);
  text += ", benchmark and match " + show(d.other);
  if (d.evalSgf != d.gtp) text += ", evalsgf " + show(d.evalSgf);
  return text;
}

std::string conditionText(ReadIf readIf) {
  if (readIf == ReadIf::VisitedPolicyOn) return " Only with fpuParentWeightByVisitedPolicy.";
  if (readIf == ReadIf::VisitedPolicyOff) return " Only without fpuParentWeightByVisitedPolicy.";
  return "";
}

constexpr const char* kHeader = "| Key | Value | Default | Meaning |\n|---|---|---|---|\n";

std::string tableRow(std::string_view key, const std::string& value, const std::string& byDefault,
                     const std::string& meaning) {
  return "| `" + std::string(key) + "` | " + value + " | " + byDefault + " | " + meaning + " |\n";
}

std::string searchSection(Group group, const char* title) {
  std::string text = std::string("\n## ") + title + "\n\n" + kHeader;
  for (const SearchParamRow& row : searchParamTable()) {
    if (row.group != group) continue;
    text += tableRow(row.key, rangeText(typeName(row.field), row.range), defaultText(row),
                     std::string(row.doc) + conditionText(row.readIf) +
                         (row.scope == Scope::Startup ? " Fixed after start-up." : ""));
  }
  return text;
}

std::string engineSection(KeyGroup group, const char* title) {
  std::string text = std::string("\n## ") + title + "\n\n" + kHeader;
  for (const EngineKey& row : engineKeyTable()) {
    if (row.group != group) continue;
    const std::string type = typeName(row.type);
    text += tableRow(row.key, rangeText(type, row.range),
                     row.note.empty() ? valueText(type, row.defaults.gtp) : std::string(row.note),
                     std::string(row.doc));
  }
  return text;
}

}  // namespace

std::string paramDocsMarkdown() {
  std::string text =
      "# Configuration keys\n\n"
      "This file is generated from the tables in `cpp/config`; change it there, then run\n"
      "`PONNUKI_WRITE_DOCS=1 build/.../test_config`. A test compares the two.\n\n"
      "A config file has lines `key = value`; `#` starts a comment. Ranges are inclusive. In `match`, the\n"
      "number of a bot may follow a search key (`maxVisits0`).\n";
  text += searchSection(Group::Limits, "Limits and threads");
  text += searchSection(Group::Time, "Use of time");
  text += searchSection(Group::Utility, "What the search strives for");
  text += searchSection(Group::Exploration, "Exploration");
  text += searchSection(Group::Aggregation, "From evaluations to values");
  text += searchSection(Group::Root, "The root and the end of the game");
  text += searchSection(Group::Choice, "Choice of the move");
  text += searchSection(Group::Human, "Imitating people (needs a net made for it)");
  text += engineSection(KeyGroup::GameRules, "Rules (gtp)");
  text += engineSection(KeyGroup::Gtp, "Play and reports (gtp)");
  text += engineSection(KeyGroup::Analysis, "Analysis server");
  text += engineSection(KeyGroup::Log, "Log");
  text += engineSection(KeyGroup::Memory, "Memory");
  text += engineSection(KeyGroup::Net, "Net");
  text += engineSection(KeyGroup::Backend, "Devices");
  text += engineSection(KeyGroup::Avoid, "Avoiding patterns");
  text += engineSection(KeyGroup::Match, "Match");
  return text;
}

}  // namespace ponnuki
