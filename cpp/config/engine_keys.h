// The table of keys that are not search parameters: range, defaults, who reads them and what they mean.
// Loading (resolve_engine.cpp), hints for misspelt keys and docs/parameters.md walk it. Internal to config/.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/config_file.h"
#include "config/param.h"
#include "game/point.h"

namespace ponnuki {

enum class KeyType : uint8_t { Bool, BoolOrAuto, Int, Double, Float, Text };
enum class KeyGroup : uint8_t { Log, Gtp, Analysis, GameRules, Memory, Net, Backend, Avoid, Match };

// Default NaN = required, or absent where the text of `note` says so.
struct EngineKey {
  std::string_view key;
  KeyType type;
  Range range;
  Default defaults;
  KeyGroup group;
  std::string_view note;  // how an absent key behaves, if not by the number; "" = by the number
  std::string_view doc;
};

std::span<const EngineKey> engineKeyTable();

// Reads keys of the table with their own range and default.
class EngineKeyReader {
 public:
  EngineKeyReader(const Config& config, Mode mode) : config_(config), mode_(mode) {}
  bool getBool(std::string_view key) const;
  TriState getTriState(std::string_view key) const;
  int getInt(std::string_view key) const;
  double getDouble(std::string_view key) const;
  float getFloat(std::string_view key) const;
  int requireInt(std::string_view key) const;
  double requireDouble(std::string_view key) const;
  bool has(std::string_view key) const { return config_.has(std::string(key)); }

 private:
  const Config& config_;
  Mode mode_;
};

}  // namespace ponnuki
