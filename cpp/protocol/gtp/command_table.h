// The GTP commands as data: dispatch, list_commands and known_command all walk this table. A handler answers
// through its Response, or throws CommandError (or UserError) for a "?" answer. Constant data.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "protocol/gtp/command_line.h"
#include "protocol/gtp/response.h"

namespace ponnuki::gtp {

class Session;

class CommandError : public UserError {
 public:
  using UserError::UserError;
};

struct Call {
  const std::string& name;
  const Args& args;
  Session& session;
  Response& response;

  std::string joined() const;  // the arguments as they were typed
  [[noreturn]] void failArgs(
      const char* expected) const;  // "Expected <expected> for <name> but got '<args>'"
};

using Handler = void (*)(Call&);

enum class Shown {
  Listed,    // by list_commands, and known to known_command
  Hidden,    // works, but is not listed
  Terminal,  // unknown to clients, for a person only
};

struct Command {
  std::string_view name;
  std::string_view arguments;  // as documentation writes them; "" = none looked at
  Handler handler;
  std::string_view help;
  Shown shown = Shown::Listed;
};

std::span<const Command> commandTable();            // in the order of list_commands
const Command* findCommand(std::string_view name);  // null if there is none

}  // namespace ponnuki::gtp
