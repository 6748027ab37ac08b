// All command handlers, by topic: one .cpp file each. Spec gtp 6.
#pragma once

#include "protocol/gtp/command_table.h"

namespace ponnuki::gtp {

// admin_cmds.cpp
void protocolVersion(Call& call);
void name(Call& call);
void version(Call& call);
void knownCommand(Call& call);
void listCommands(Call& call);
void help(Call& call);
void quit(Call& call);
void stop(Call& call);
void clearCache(Call& call);
void cpuTime(Call& call);
// board_cmds.cpp
void boardSize(Call& call);
void clearBoard(Call& call);
void setPosition(Call& call);
void play(Call& call);
void undo(Call& call);
void showBoard(Call& call);
void fixedHandicap(Call& call);
void placeFreeHandicap(Call& call);
void setFreeHandicap(Call& call);
// rules_cmds.cpp
void komi(Call& call);
void getKomi(Call& call);
void getRules(Call& call);
void setRule(Call& call);
void setRules(Call& call);
void kgsRules(Call& call);
// play_cmds.cpp
void genmove(Call& call);  // also kata-search, _debug, _cancellable and the analyze variants
// analyze_cmds.cpp
void analyze(Call& call);  // analyze, lz-analyze, kata-analyze
// raw_nn_cmds.cpp
void rawNN(Call& call);
void rawHumanNN(Call& call);
// param_cmds.cpp
void getModels(Call& call);
void listParams(Call& call);
void getParam(Call& call);
void getParams(Call& call);
void setParam(Call& call);
void setParams(Call& call);
// time_cmds.cpp
void timeSettings(Call& call);
void kgsTimeSettings(Call& call);
void kataTimeSettings(Call& call);
void listTimeSettings(Call& call);
void timeLeft(Call& call);
void debugPrintTimeControl(Call& call);
// score_cmds.cpp
void finalScore(Call& call);
void finalStatusList(Call& call);
// sgf_cmds.cpp
void loadSgf(Call& call);
void printSgf(Call& call);
// debug_cmds.cpp
void debugMoves(Call& call);
void benchmark(Call& call);

}  // namespace ponnuki::gtp
