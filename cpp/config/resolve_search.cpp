// Search parameters from a config, and the views of them that front ends show.
#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "config/resolve.h"

namespace ponnuki {
namespace {

constexpr const char* kTableShards = "subtreeValueBiasTableNumShards";  // reported, but not configurable
constexpr int kTableShardCount = 65536;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string keyFor(const Config& config, std::string_view key, int bot) {
  const std::string plain(key);
  if (bot < 0) return plain;
  const std::string own = plain + std::to_string(bot);
  return config.has(own) ? own : plain;
}

double defaultOf(const SearchParamRow& row, Mode mode, const SearchParams& soFar) {
  const double plain = row.defaults.of(mode);
  switch (row.derived) {
    case Derived::No:
      break;
    case Derived::RootPolicyTemperature:
      return soFar.rootPolicyTemperature;
    case Derived::FpuLossProp:
      return soFar.fpuLossProp;
    case Derived::ZeroIfRootNoise:
      return soFar.rootNoiseEnabled ? 0.0 : plain;
    case Derived::AtMostOfPolicyOptimism:
      return std::min(soFar.policyOptimism, plain);
  }
  return plain;
}

bool isRead(const SearchParamRow& row, const SearchParams& soFar) {
  if (row.readIf == ReadIf::VisitedPolicyOn) return soFar.fpuParentWeightByVisitedPolicy;
  if (row.readIf == ReadIf::VisitedPolicyOff) return !soFar.fpuParentWeightByVisitedPolicy;
  return true;
}

Color readPlayer(const Config& config, const std::string& key) {
  if (const auto player = parsePlayer(config.getString(key))) return *player;
  throw UserError("Could not parse player in field playoutDoublingAdvantagePla, should be BLACK or WHITE");
}

std::string readProfile(const Config& config, const std::string& key) {
  const std::string profile = config.getString(key);
  return profile == "_" || profile == "\"\"" ? "" : profile;
}

void setDefault(const SearchParamRow& row, double value, SearchParams& params) {
  std::visit(Overloaded{[&](Color SearchParams::*f) { params.*f = Color::Empty; },
                        [&](std::string SearchParams::*f) { (params.*f).clear(); },
                        [&](bool SearchParams::*f) { params.*f = value != 0; },
                        [&](TriStateField f) { params.*f.field = static_cast<int>(value); },
                        [&]<typename T>(T SearchParams::*f) { params.*f = static_cast<T>(value); }},
             row.field);
}

void readValue(const SearchParamRow& row, const Config& config, const std::string& key,
               SearchParams& params) {
  const double lo = row.range.lo, hi = row.range.hi;
  std::visit(
      Overloaded{[&](double SearchParams::*f) { params.*f = config.getDouble(key, lo, hi); },
                 [&](float SearchParams::*f) {
                   params.*f = config.getFloat(key, static_cast<float>(lo), static_cast<float>(hi));
                 },
                 [&](int SearchParams::*f) {
                   params.*f = config.getInt(key, static_cast<int>(lo), static_cast<int>(hi));
                 },
                 [&](int64_t SearchParams::*f) {
                   params.*f = config.getInt64(key, static_cast<int64_t>(lo), static_cast<int64_t>(hi));
                 },
                 [&](bool SearchParams::*f) { params.*f = config.getBool(key); },
                 [&](Color SearchParams::*f) { params.*f = readPlayer(config, key); },
                 [&](std::string SearchParams::*f) { params.*f = readProfile(config, key); },
                 [&](TriStateField f) { params.*f.field = static_cast<int>(config.getTriState(key)); }},
      row.field);
}

void checkHumanKey(const SearchParamRow& row, const std::string& key, bool hasHumanModel) {
  if (row.group != Group::Human || hasHumanModel || row.key == "humanSLProfile") return;
  throw UserError("Provided parameter " + key +
                  " but no human model was specified (e.g -human-model b18c384nbt-humanv0.bin.gz)");
}

nlohmann::json toJson(const SearchParams& params, const SearchParamRow& row) {
  return std::visit(Overloaded{[&](Color SearchParams::*f) { return nlohmann::json(shortName(params.*f)); },
                               [&](TriStateField f) {
                                 const int value = params.*f.field;
                                 return nlohmann::json(value < 0 ? "auto" : value ? "true" : "false");
                               },
                               [&]<typename T>(T SearchParams::*f) { return nlohmann::json(params.*f); }},
                    row.field);
}

}  // namespace

SearchParams loadSearchParams(const Config& config, Mode mode, bool hasHumanModel, int bot) {
  if (bot < 0 && config.has("numBots") && config.getInt("numBots", 1, 4096) != 1)
    throw UserError("The config for this command cannot have numBots > 0");
  SearchParams params;
  for (const SearchParamRow& row : searchParamTable()) {
    setDefault(row, defaultOf(row, mode, params), params);
    const std::string key = keyFor(config, row.key, bot);
    if (!isRead(row, params)) continue;
    if (config.has(key)) {
      checkHumanKey(row, key, hasHumanModel);
      readValue(row, config, key, params);
    } else if (row.key == "numSearchThreads") {
      config.getInt(key, 1, 1);  // names the missing key
    }
  }
  return params;
}

GtpSearchParams loadGtpSearchParams(const Config& config, bool hasHumanModel) {
  const SearchParams base = loadSearchParams(config, Mode::Gtp, hasHumanModel);
  GtpSearchParams both{base, base};
  const std::string mirrorKey = config.has("genmoveAntiMirror") ? "genmoveAntiMirror" : "antiMirror";
  both.genmove.antiMirror = config.getBool(mirrorKey, true);
  both.analysis.wideRootNoise = config.getDouble("analysisWideRootNoise", 0, 5, 0.04);
  both.analysis.ignorePreRootHistory = config.getBool("analysisIgnorePreRootHistory", true);
  return both;
}

void checkOnlyRuntimeChanges(const SearchParams& atStart, const SearchParams& now) {
  for (const SearchParamRow& row : searchParamTable()) {
    if (row.scope == Scope::Startup && toJson(atStart, row) != toJson(now, row))
      throw UserError("Cannot change " + std::string(row.key) + " after initialization");
  }
}

std::vector<std::string> reportableSearchParams() {
  std::vector<std::string> names = {kTableShards};
  for (const SearchParamRow& row : searchParamTable())
    if (row.listed) names.emplace_back(row.key);
  std::sort(names.begin(), names.end());
  return names;
}

std::string searchParamAsJson(const SearchParams& params, const std::string& name) {
  if (name == kTableShards) return std::to_string(kTableShardCount);
  const SearchParamRow* row = findSearchParam(name);
  return row && row->listed ? toJson(params, *row).dump() : "";
}

Hash128 hashOfSearchParams(const SearchParams& params) {
  Hash128 hash;
  const auto add = [&](uint64_t bits) {
    hash.h0 = mix::splitMix64(hash.h0 + bits);
    hash.h1 = mix::nasam(hash.h1 ^ hash.h0);
  };
  for (const SearchParamRow& row : searchParamTable()) {
    std::visit(Overloaded{[&](double SearchParams::*f) { add(std::bit_cast<uint64_t>(params.*f)); },
                          [&](float SearchParams::*f) { add(std::bit_cast<uint32_t>(params.*f)); },
                          [&](std::string SearchParams::*f) {
                            add((params.*f).size());
                            for (const char c : params.*f) add(static_cast<uint8_t>(c));
                          },
                          [&](TriStateField f) { add(static_cast<uint64_t>(params.*f.field)); },
                          [&]<typename T>(T SearchParams::*f) { add(static_cast<uint64_t>(params.*f)); }},
               row.field);
  }
  return hash;
}

}  // namespace ponnuki
