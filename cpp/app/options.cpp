#include "app/options.h"

#include <cstdio>

#include "app/commands.h"
#include "base/text.h"

namespace ponnuki {
namespace {

std::string display(const OptionSpec& spec) {
  std::string text = "-" + spec.name;
  if (!spec.valueName.empty())
    text += " <" + spec.valueName + ">";
  if (spec.repeatable)
    text += " ...";
  return spec.required ? text : "[" + text + "]";
}

std::string briefUsage(const CommandLine& line, const std::vector<OptionSpec>& specs,
                       const std::string& positionalName) {
  const std::string indent(3, ' ');
  std::string text = indent + line.command + " ";
  size_t width = text.size();
  const auto add = [&](const std::string& piece) {
    if (width + piece.size() + 1 > 100) {
      text += "\n" + std::string(line.command.size() + 4, ' ');
      width = line.command.size() + 4;
    }
    text += " " + piece;
    width += piece.size() + 1;
  };
  for (const bool required : {true, false})
    for (const OptionSpec& spec : specs)
      if (spec.required == required)
        add(display(spec));
  add("[--] [-version] [-h]");
  if (!positionalName.empty())
    add(positionalName);
  return text + "\n";
}

std::string errorText(const std::string& command, const std::string& usage, const std::string& argument,
                      const std::string& problem) {
  const std::string where = argument.empty() ? " " : "Argument: " + argument;
  return "PARSE ERROR: " + where + "\n             " + problem + "\n\nBrief USAGE: \n" + usage +
         "\nFor complete USAGE and HELP type: \n   " + command + " -help\n\n";
}

void printHelp(const std::string& usage, const std::vector<OptionSpec>& specs) {
  std::printf("\nUSAGE: \n\n%s\n\nWhere: \n\n", usage.c_str());
  for (const OptionSpec& spec : specs) {
    std::string names = spec.alias.empty() ? "" : "-" + spec.alias + ",  ";
    names += "-" + spec.name + (spec.valueName.empty() ? "" : " <" + spec.valueName + ">");
    std::printf("   %s%s%s\n     %s\n\n", names.c_str(), spec.required ? "  (required)" : "",
                spec.repeatable ? "  (accepted multiple times)" : "", spec.help.c_str());
  }
  std::printf("   --,  -ignore_rest\n     Ignores the rest of the labeled arguments following this flag.\n\n");
  std::printf("   -version\n     Displays version information and exits.\n\n");
  std::printf("   -h,  -help\n     Displays usage information and exits.\n\n");
}

}  // namespace

class OptionReader {
 public:
  OptionReader(const CommandLine& line, const std::vector<OptionSpec>& specs, const std::string& positionalName)
      : line_(line), specs_(specs), takesPositional_(!positionalName.empty()) {
    options_.command_ = line.command;
    options_.usage_ = briefUsage(line, specs, positionalName);
  }

  std::optional<Options> read() {
    bool onlyPositional = false;
    for (size_t i = 0; i < line_.args.size(); i++) {
      const std::string& arg = line_.args[i];
      if (!onlyPositional && (arg == "--" || arg == "-ignore_rest")) {
        onlyPositional = true;
      } else if (!onlyPositional && (arg == "-h" || arg == "-help")) {
        printHelp(options_.usage_, specs_);
        return std::nullopt;
      } else if (!onlyPositional && arg == "-version") {
        std::printf("\n%s  version: %s\n", line_.command.c_str(), versionText().c_str());
        return std::nullopt;
      } else if (!onlyPositional && arg.size() >= 2 && arg[0] == '-') {
        readNamed(arg, i);
      } else {
        readPositional(arg);
      }
    }
    for (const OptionSpec& spec : specs_)
      if (spec.required && !options_.has(spec.name))
        fail("", "Required argument missing: " + spec.name);
    return options_;
  }

 private:
  [[noreturn]] void fail(const std::string& argument, const std::string& problem) const {
    throw ArgumentError(errorText(options_.command_, options_.usage_, argument, problem));
  }

  void readNamed(const std::string& arg, size_t& i) {
    const OptionSpec* spec = nullptr;
    for (const OptionSpec& s : specs_)
      if (arg == "-" + s.name || (!s.alias.empty() && arg == "-" + s.alias))
        spec = &s;
    if (spec == nullptr)
      fail(arg, "Couldn't find match for argument" + suggestion(arg));
    std::vector<std::string>& values = options_.values_[spec->name];
    if (!values.empty() && !spec->repeatable)
      fail(label(*spec), "Argument already set!");
    if (spec->valueName.empty()) {
      values.emplace_back();
      return;
    }
    if (i + 1 >= line_.args.size())
      fail(label(*spec), "Missing a value for this argument!");
    values.push_back(line_.args[++i]);
  }

  static std::string label(const OptionSpec& spec) {
    return (spec.alias.empty() ? "" : "-" + spec.alias + " ") + "(-" + spec.name + ")";
  }

  std::string suggestion(const std::string& arg) const {
    std::vector<std::string> names;
    for (const OptionSpec& spec : specs_)
      names.push_back("-" + spec.name);
    const std::string near = nearestWord(startsWith(arg, "--") ? arg.substr(1) : arg, names);
    return near.empty() ? "" : " (did you mean " + near + "?)";
  }

  void readPositional(const std::string& arg) {
    if (!takesPositional_ || !options_.positional_.empty())
      fail(arg, "Couldn't find match for argument");
    options_.positional_.push_back(arg);
  }

  const CommandLine& line_;
  const std::vector<OptionSpec>& specs_;
  bool takesPositional_;
  Options options_;
};

std::string Options::get(const std::string& name, const std::string& otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : found->second.back();
}

const std::vector<std::string>& Options::all(const std::string& name) const {
  static const std::vector<std::string> none;
  const auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

std::optional<long long> Options::getInt(const std::string& name) const {
  if (!has(name))
    return std::nullopt;
  const std::optional<long long> value = tryInt64(get(name));
  if (!value)
    throw ArgumentError(errorText(command_, usage_, "-" + name,
                                  "Couldn't read argument value from string '" + get(name) + "'"));
  return value;
}

long long Options::getIntBetween(const std::string& name, long long least, long long most,
                                 long long otherwise) const {
  const long long value = getInt(name).value_or(otherwise);
  if (value < least || value > most)
    throw UserError("-" + name + " must be from " + std::to_string(least) + " to " + std::to_string(most) +
                    ", but is " + get(name));
  return value;
}

std::optional<double> Options::getDouble(const std::string& name) const {
  if (!has(name))
    return std::nullopt;
  const std::optional<double> value = tryDouble(get(name));
  if (!value)
    throw ArgumentError(errorText(command_, usage_, "-" + name,
                                  "Couldn't read argument value from string '" + get(name) + "'"));
  return value;
}

EngineOptions Options::engineOptions(bool builtinConfig) const {
  EngineOptions engine;
  engine.builtinConfig = builtinConfig;
  engine.configFiles = all("config");
  engine.modelFile = get("model");
  engine.humanModelFile = get("human-model");
  engine.overrides = all("override-config");
  return engine;
}

std::optional<Options> parseOptions(const CommandLine& line, const std::vector<OptionSpec>& specs,
                                    const std::string& positionalName) {
  return OptionReader(line, specs, positionalName).read();
}

std::vector<OptionSpec> commonOptions(ConfigOption config, bool humanModel) {
  std::vector<OptionSpec> specs;
  if (config != ConfigOption::None)
    specs.push_back({"config", "", "FILE", "Config file to use; a later one overrides an earlier one.", true});
  specs.push_back({"model", "", "FILE", "Neural net model file. Default: default_model.bin.gz next to the program, else the built-in net."});
  if (humanModel)
    specs.push_back({"human-model", "", "FILE", "Neural net model file trained to imitate human players."});
  if (config != ConfigOption::None)
    specs.push_back({"override-config", "", "KEYVALUEPAIRS",
                     "Override config parameters, as in \"key=value, key=value, ...\".", true});
  return specs;
}

}  // namespace ponnuki
