// Picks the subcommand, and turns what went wrong into one clear message and an exit code.
#include <clocale>
#include <cstdio>
#include <exception>
#include <string>

#include "app/commands.h"
#include "base/error.h"

namespace ponnuki {
namespace {

// Who reads what goes wrong: a person, or a client that started the command and looks for certain words.
enum class Reader { Person, Client };

struct Command {
  const char* name;
  const char* help;
  int (*run)(const CommandLine&);
  Reader reader = Reader::Person;
};

constexpr Command kCommands[] = {
    {"gtp", "Runs GTP engine that can be plugged into any standard Go GUI for play/analysis.", runGtp, Reader::Client},
    {"analysis", "Runs an engine designed to analyze entire games in parallel.", runAnalysis, Reader::Client},
    {"analyzesgf", "Analyzes every turn of one game record and prints a table or an annotated SGF.", runAnalyzeSgf},
    {"benchmark", "Test speed with different numbers of search threads.", runBenchmark},
    {"genconfig", "User-friendly interface to generate a config with rules and automatic performance tuning.",
     runGenConfig},
    {"evalsgf", "Utility/debug tool, analyze a single position of a game from an SGF file.", runEvalSgf},
    {"match", "Run self-play match games based on a config, more efficient than gtp due to batching.", runMatch},
    {"selftest", "Checks that this machine computes a net as the plain implementation does.", runSelfTest},
    {"testgpuerror", "Print the average error of the neural net between current config and fp32 config.", runTestGpuError},
    {"randomnet", "Writes a model file with random weights, to measure speed without downloads.", runRandomNet},
    {"gendata", "Plays a net against itself and writes positions to train a smaller net on.", runGenData},
    {"calibrate", "Measures which layers of a net may be computed in 8 bits, and with which scales.", runCalibrate},
    {"compareprecision", "Shows what a smaller precision does to a net's answers, and whether that is within bounds.",
     runComparePrecision},
    {"quantize", "Writes a model file with smaller storage of its weights.", runQuantize},
    {"version", "Print version and exit.", runVersion},
};

void printHelp(const char* program) {
  std::printf("\nUsage: %s SUBCOMMAND \n\n---Common subcommands------------------\n\n", program);
  for (const Command& command : kCommands)
    std::printf("%s : %s\n", command.name, command.help);
  std::printf("\nRun a subcommand with -help for its options.\n");
}

const Command* findCommand(const std::string& name) {
  for (const Command& command : kCommands)
    if (name == command.name)
      return &command;
  return nullptr;
}

int runCommand(const CommandLine& line) {
  if (const Command* command = findCommand(line.command))
    return command->run(line);
  const std::string& name = line.command;
  if (name.empty() || name == "help" || name == "-h" || name == "--h" || name == "-help" || name == "--help") {
    printHelp(line.program.c_str());
    return 0;
  }
  std::printf("Unknown subcommand: %s\n", name.c_str());
  printHelp(line.program.c_str());
  return 1;
}

// Clients of the reference know a failure by the words of an uncaught exception and a status other than 1, that of an
// abort (spec clients 2, 6).
int reportFailure(const CommandLine& line, const char* kind, const char* message) {
  constexpr int kAborted = 134;
  const Command* command = findCommand(line.command);
  if (command == nullptr || command->reader == Reader::Person) {
    std::fprintf(stderr, "%s: %s\n", kind, message);
    return 1;
  }
  std::fprintf(stderr, "katago %s cannot go on:\n  what():  %s\n", command->name, message);
  return kAborted;
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
    return reportFailure(line, "Error", error.what());
  } catch (const std::exception& error) {
    return reportFailure(line, "Internal error, please report it", error.what());
  }
  return 1;
}
