// The report after a generated move, for the log and for genmove_debug (spec gtp 7.4).
#pragma once

#include <string>

#include "engine/bot.h"

namespace ponnuki::gtp {

// Ends without newline. advantage: of the side to move, shown unless 0. expand: a move whose replies are
// listed, too.
std::string genmoveReport(const Search& search, const GenmoveInfo& info, Perspective perspective,
                          double advantage, Point expand);

}  // namespace ponnuki::gtp
