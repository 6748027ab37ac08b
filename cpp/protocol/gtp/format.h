// Analysis lines and other texts made of search reports (spec gtp 7.4, 7.5, 8, 9.14). Pure functions.
#pragma once

#include <string>

#include "config/engine_params.h"
#include "protocol/gtp/analyze_args.h"
#include "search/report.h"

namespace ponnuki::gtp {

// True if values are to be shown from Black's side.
bool flipsToBlack(Perspective perspective, Color toMove);

ReportOptions reportOptions(const AnalyzeArgs& args, int analysisPVLen);

// One analysis line without newline; "" if there is nothing to say. `root` is the analysed position; with
// cutAtPhaseEnd a PV ends with the move that enters a cleanup phase.
std::string analysisLine(const SearchReport& report, const AnalyzeArgs& args, bool flip,
                         const GameState& root, bool cutAtPhaseEnd);

// The MALKOVICH line. advantage: of the side to move, 0 = not shown. At most pvLength moves.
std::string chatLine(const SearchReport& report, Point move, bool flip, double advantage, int pvLength);

}  // namespace ponnuki::gtp
