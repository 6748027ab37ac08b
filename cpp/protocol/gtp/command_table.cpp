#include "protocol/gtp/command_table.h"

#include <algorithm>

#include "base/text.h"
#include "protocol/gtp/handlers.h"

namespace ponnuki::gtp {

namespace {

constexpr std::string_view kAnalyze = "[COLOR] [CENTISECONDS] [KEY VALUE]...";

constexpr Command kCommands[] = {
    {"protocol_version", "", protocolVersion, "Version of GTP: 2."},
    {"name", "", name, "Name of the engine, KataGo for compatibility with clients."},
    {"version", "", version, "Version and names of the nets."},
    {"known_command", "NAME", knownCommand, "Whether a command is listed."},
    {"list_commands", "", listCommands, "All listed commands, one per line."},
    {"quit", "", quit, "Ends the program."},
    {"boardsize", "N | X Y | X:Y", boardSize, "Board size; nothing happens if it is the size already."},
    {"rectangular_boardsize", "N | X Y | X:Y", boardSize, "The same as boardsize."},
    {"clear_board", "", clearBoard, "Starts a new game under the same rules."},
    {"set_position", "[COLOR VERTEX]...", setPosition, "Starts a new game from these stones, Black to move."},
    {"komi", "K", komi, "Points for White, a multiple of 0.5."},
    {"get_komi", "", getKomi, "The komi now."},
    {"play", "COLOR VERTEX", play, "Makes a move. Ko, superko and turn order are not enforced."},
    {"undo", "", undo, "Takes the last move back."},
    {"kata-get-rules", "", getRules, "The rules without komi as JSON."},
    {"kata-set-rule", "KEY VALUE", setRule, "Changes one rule."},
    {"kata-set-rules", "NAME | JSON | COMPACT", setRules, "Changes all rules; the game is replayed."},
    {"kata-get-models", "", getModels, "The loaded nets as JSON."},
    {"kata-get-param", "NAME", getParam, "The value of one parameter."},
    {"kata-set-param", "NAME [VALUE]", setParam,
     "Changes one parameter; without a value back to the default."},
    {"kata-list-params", "", listParams, "The parameters that can be read and changed."},
    {"kgs-rules", "NAME", kgsRules, "Rules by their name on KGS."},
    {"genmove", "COLOR", genmove, "Chooses and plays a move."},
    {"kata-search", "COLOR", genmove, "Chooses a move without playing it."},
    {"kata-search_cancellable", "COLOR", genmove, "The same; any input cancels it."},
    {"genmove_debug", "COLOR", genmove, "genmove with a report on stderr."},
    {"kata-search_debug", "COLOR", genmove, "kata-search with a report on stderr."},
    {"clear_cache", "", clearCache, "Forgets search tree and net evaluations."},
    {"showboard", "", showBoard, "The position as text."},
    {"fixed_handicap", "N", fixedHandicap, "Places handicap stones at the usual points."},
    {"place_free_handicap", "N", placeFreeHandicap, "Places handicap stones the net likes."},
    {"set_free_handicap", "VERTEX...", setFreeHandicap, "Places handicap stones at these points."},
    {"time_settings", "MAIN PERIOD STONES", timeSettings, "Absolute or Canadian time."},
    {"kgs-time_settings", "KIND [NUMBERS]", kgsTimeSettings, "none, absolute, byoyomi or canadian."},
    {"time_left", "COLOR SECONDS STONES", timeLeft, "The clock of one side."},
    {"kata-list_time_settings", "", listTimeSettings, "The kinds kata-time_settings knows."},
    {"kata-time_settings", "KIND [NUMBERS]", kataTimeSettings, "The same and fischer, fischer-capped."},
    {"final_score", "", finalScore, "Result of the game, estimated if need be."},
    {"final_status_list", "alive | seki | dead", finalStatusList, "Stones of that status."},
    {"loadsgf", "FILE [N]", loadSgf, "Loads a game record, up to before move N."},
    {"printsgf", "[FILE]", printSgf, "The game as SGF, as the answer or into a file."},
    {"lz-genmove_analyze", kAnalyze, genmove, "genmove with Leela Zero style analysis lines."},
    {"kata-genmove_analyze", kAnalyze, genmove, "genmove with analysis lines."},
    {"kata-search_analyze", kAnalyze, genmove, "kata-search with analysis lines."},
    {"kata-search_analyze_cancellable", kAnalyze, genmove, "The same; any input cancels it."},
    {"lz-analyze", kAnalyze, analyze, "Analyses until the next input, Leela Zero style lines."},
    {"kata-analyze", kAnalyze, analyze, "Analyses until the next input."},
    {"kata-raw-nn", "[COLOR] SYMMETRY | all [OPTIMISM]", rawNN, "Output of the net for the position."},
    {"kata-raw-human-nn", "[COLOR] SYMMETRY | all", rawHumanNN, "The same for the human net."},
    {"cputime", "", cpuTime, "Seconds spent on generating moves."},
    {"gomill-cpu_time", "", cpuTime, "The same as cputime."},
    {"kata-benchmark", "VISITS", benchmark, "Searches ten positions and prints the speed."},
    {"kata-debug-print-tc", "", debugPrintTimeControl, "Both clocks and the time planned for a move."},
    {"debug_moves", "[rawstats] [VERTEX]...", debugMoves, "The search tree below a sequence of moves."},
    {"stop", "", stop, "Ends pondering."},
    {"analyze", kAnalyze, analyze, "kata-analyze with number format of Sabaki.", Shown::Hidden},
    {"genmove_analyze", kAnalyze, genmove, "genmove with lines as those of analyze.", Shown::Hidden},
    {"kata-get-params", "", getParams, "All parameters as JSON.", Shown::Hidden},
    {"kata-set-params", "JSON", setParams, "Changes several parameters.", Shown::Hidden},
    {"help", "[COMMAND]", help, "This list, or the usage of one command.", Shown::Terminal},
};

}  // namespace

std::span<const Command> commandTable() {
  return kCommands;
}

const Command* findCommand(std::string_view name) {
  const auto at = std::find_if(std::begin(kCommands), std::end(kCommands),
                               [&](const Command& c) { return c.name == name; });
  return at == std::end(kCommands) ? nullptr : at;
}

std::string Call::joined() const {
  return join(args, " ");
}

void Call::failArgs(const char* expected) const {
  throw CommandError(std::string("Expected ") + expected + " for " + name + " but got '" + joined() + "'");
}

}  // namespace ponnuki::gtp
