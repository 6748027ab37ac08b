// A configuration: a map from key to text with the file syntax, includes and overrides of the reference.
// Types are applied when a key is read; reading marks the key as used, so that typing errors can be reported.
// A copyable value. Reading marks usage, so one object is for one thread. Errors: UserError with the
// reference's texts, which name the key and the file. Spec analysis-cli-config 2.1-2.4.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ponnuki {

enum class TriState { False = 0, True = 1, Auto = -1 };

class Config {
 public:
  Config() = default;                                              // no keys, empty name
  static Config fromFiles(const std::vector<std::string>& paths);  // later files win
  static Config fromText(const std::string& text, const std::string& name);

  // "k1=v1,k2=v2" of -override-config. An empty value deletes the key; rules and single rule keys displace
  // each other.
  void applyOverrideString(const std::string& keyValues);
  void applyOverrides(const std::map<std::string, std::string>& values);  // of JSON; same rules

  // An alias becomes its proper key. Of both, the one that an override set wins; otherwise UserError. The analysis
  // engine calls it at start-up, after the overrides, with numSearchThreadsPerAnalysisThread and numSearchThreads.
  void renameKey(const std::string& alias, const std::string& key);

  const std::string& name() const { return name_; }  // for messages
  const std::map<std::string, std::string>& values() const { return values_; }
  const std::map<std::string, std::string>& overrides() const { return overrides_; }  // all applied so far
  std::string toString() const;  // "key = value" lines in byte order

  // Presence; does not count as use.
  bool has(const std::string& key) const { return values_.count(key) != 0; }
  // The first of the keys that is present, or "".
  std::string firstPresent(const std::vector<std::string>& keys) const;

  // Required values: UserError if absent. Ranges are inclusive.
  std::string getString(const std::string& key) const;
  std::string getChoice(const std::string& key, const std::set<std::string>& choices) const;
  std::vector<std::string> getStrings(const std::string& key) const;  // comma list, not trimmed
  bool getBool(const std::string& key) const;
  TriState getTriState(const std::string& key) const;
  int getInt(const std::string& key, int lo, int hi) const;
  int64_t getInt64(const std::string& key, int64_t lo, int64_t hi) const;
  double getDouble(const std::string& key, double lo, double hi) const;
  float getFloat(const std::string& key, float lo, float hi) const;

  // The same with a value for an absent key.
  std::string getString(const std::string& key, const std::string& absent) const;
  bool getBool(const std::string& key, bool absent) const;
  TriState getTriState(const std::string& key, TriState absent) const;
  int getInt(const std::string& key, int lo, int hi, int absent) const;
  int64_t getInt64(const std::string& key, int64_t lo, int64_t hi, int64_t absent) const;
  double getDouble(const std::string& key, double lo, double hi, double absent) const;
  float getFloat(const std::string& key, float lo, float hi, float absent) const;

  void markUsed(const std::string& key) const { used_.insert(key); }
  void markUsedWithPrefix(const std::string& prefix) const;  // e.g. keys of other backends
  void forgetUse() const { used_.clear(); }
  bool isUsed(const std::string& key) const { return used_.count(key) != 0; }
  std::vector<std::string> unusedKeys() const;  // byte order
  // The warning block of spec 2.4, one entry per line; empty if every key was used. A key one or two letters
  // off a known one gets a hint.
  std::vector<std::string> unusedKeyWarnings() const;

 private:
  friend class ConfigReader;
  const std::string& raw(const std::string& key) const;  // marks used
  [[noreturn]] void failParse(const std::string& key, const std::string& value, const char* type) const;
  void removeConflicting(const std::map<std::string, std::string>& overrides);

  std::string name_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::string> overrides_;
  mutable std::set<std::string> used_;
};

// Every key the engine knows, for hints: search parameters and those of engine_params.h.
const std::vector<std::string>& allKnownKeys();

}  // namespace ponnuki
