// What a person at a terminal gets beyond the protocol: a coloured board, a list of commands, hints below
// errors. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "protocol/gtp/command_table.h"

namespace ponnuki::gtp {

// The text of showboard with ANSI colours (256-colour terminals) in the rows of the board.
std::string colouredBoard(std::string_view text);
std::string usageOf(const Command& command);  // "play COLOR VERTEX", then what it does
std::string helpText();                       // one line for every command
// What might have been meant by a name that is no command.
std::string hintFor(const std::string& unknownName);

}  // namespace ponnuki::gtp
