// Picks the subcommand, and turns what went wrong into one clear message and an exit code.
#include <clocale>
#include <cstdio>
#include <exception>
#include <string>

#include "app/commands.h"
#include "base/error.h"

namespace ponnuki {
namespace {

struct Command {
  const char* name;
  const char* help;
  int (*run)(const CommandLine&);
};

constexpr Command kCommands[] = {
    {"gtp", "Runs GTP engine that can be plugged into any standard Go GUI for play/analysis.", runGtp},
    {"analysis", "Runs an engine designed to analyze entire games in parallel.", runAnalysis},
    {"analyzesgf", "Analyzes every turn of one game record and prints a table or an annotated SGF.", runAnalyzeSgf},
    {"benchmark", "Test speed with different numbers of search threads.", runBenchmark},
    {"genconfig", "User-friendly interface to generate a config with rules and automatic performance tuning.",
     runGenConfig},
    {"evalsgf", "Utility/debug tool, analyze a single position of a game from an SGF file.", runEvalSgf},
    {"selftest", "Checks that this machine computes a net as the plain implementation does.", runSelfTest},
    {"version", "Print version and exit.", runVersion},
};

void printHelp(const char* program) {
  std::printf("\nUsage: %s SUBCOMMAND \n\n---Common subcommands------------------\n\n", program);
  for (const Command& command : kCommands)
    std::printf("%s : %s\n", command.name, command.help);
  std::printf("\nRun a subcommand with -help for its options.\n");
}

int runCommand(const CommandLine& line) {
  for (const Command& command : kCommands)
    if (line.command == command.name)
      return command.run(line);
  const std::string& name = line.command;
  if (name.empty() || name == "help" || name == "-h" || name == "--h" || name == "-help" || name == "--help") {
    printHelp(line.program.c_str());
    return 0;
  }
  std::printf("Unknown subcommand: %s\n", name.c_str());
  printHelp(line.program.c_str());
  return 1;
}

}  // namespace
}  // namespace ponnuki

int main(int argc, char** argv) {
  using namespace ponnuki;
  CommandLine line;
  line.program = argc > 0 ? argv[0] : "katago";
  line.command = argc > 1 ? argv[1] : "";
  for (int i = 2; i < argc; i++)
    line.args.emplace_back(argv[i]);
  try {
    return runCommand(line);
  } catch (const ArgumentError& error) {
    std::fprintf(stderr, "%s", error.what());
  } catch (const UserError& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "Internal error, please report it: %s\n", error.what());
  }
  return 1;
}
