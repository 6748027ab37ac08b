// Command-line options with the habits of the reference (spec analysis-cli-config 3.2): single-dash long names, a
// value always in the next argument, some one-letter aliases, "--" before positional arguments.
// Plain values, no global state.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/engine_setup.h"

namespace ponnuki {

struct CommandLine {              // what main() hands to a subcommand
  std::string program;            // argv[0]
  std::string command;            // "gtp"
  std::vector<std::string> args;  // all after the subcommand
};

struct OptionSpec {
  std::string name;               // "visits", used as -visits
  std::string alias;              // "v", or "" for none
  std::string valueName;          // "N"; "" makes it a switch
  std::string help;
  bool repeatable = false;
  bool required = false;
};

// The PARSE ERROR text of the reference; main() prints it as it is on stderr and exits with 1.
class ArgumentError : public UserError {
 public:
  using UserError::UserError;
};

class Options {
 public:
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  std::string get(const std::string& name, const std::string& otherwise = "") const;
  const std::vector<std::string>& all(const std::string& name) const;
  std::optional<long long> getInt(const std::string& name) const;     // ArgumentError if no number
  // `otherwise` where it is not given; UserError outside least..most.
  long long getIntBetween(const std::string& name, long long least, long long most, long long otherwise) const;
  std::optional<double> getDouble(const std::string& name) const;
  const std::vector<std::string>& positional() const { return positional_; }
  // -config, -model, -human-model, -override-config
  EngineOptions engineOptions(bool builtinConfig = false) const;

 private:
  friend class OptionReader;
  std::string command_;
  std::string usage_;  // brief usage, for errors found later
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> positional_;
};

// positionalName: "" if the command takes none. Prints the help or the version and returns nothing if the
// arguments ask for it; throws ArgumentError on anything it does not understand.
std::optional<Options> parseOptions(const CommandLine& line, const std::vector<OptionSpec>& specs,
                                    const std::string& positionalName = "");

// The options most commands share; `config` says whether -config is required.
enum class ConfigOption { None, Optional };
std::vector<OptionSpec> commonOptions(ConfigOption config, bool humanModel);

}  // namespace ponnuki
