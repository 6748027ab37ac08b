#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "protocol/gtp/args.h"
#include "protocol/gtp/command_table.h"
#include "unit/protocol/gtp_harness.h"

using namespace ponnuki;
using namespace ponnuki::gtp;
namespace fs = std::filesystem;

namespace {

// printsgf with a senseless argument writes a file of that name: let it be in a folder that goes away.
struct ScratchFolder {
  fs::path before = fs::current_path();
  fs::path folder = fs::temp_directory_path() / "ponnuki-gtp-framing-test";
  ScratchFolder() {
    fs::create_directories(folder);
    fs::current_path(folder);
  }
  ~ScratchFolder() {
    fs::current_path(before);
    fs::remove_all(folder);
  }
};

}  // namespace

TEST_CASE("framing: ids, comments, blanks and odd bytes answer byte for byte as the reference") {
  GtpHarness gtp;
  const std::pair<std::string, std::string> cases[] = {
      {"name\r", "= KataGo\n\n"},
      {"", ""},
      {"   ", ""},
      {"# comment", ""},
      {"name # comment", "= KataGo\n\n"},
      {"\tname\t", "= KataGo\n\n"},
      {"5\tname", "=5 KataGo\n\n"},
      {"5name", "=5 KataGo\n\n"},
      {"na\001me", "= KataGo\n\n"},
      {"nam\xC3\xA9"
       "e",
       "= KataGo\n\n"},
      {"1#x", "? empty command\n"},
      {"12", "? empty command\n"},
      {"007 name", "=7 KataGo\n\n"},
      {"999999999 name", "=999999999 KataGo\n\n"},
      {"1234567890 name", "? GTP id '0' could not be parsed: Could not parse digits, overflow: 1234567890\n"},
      {"-1 name", "? unknown command\n\n"},
      {"NAME", "? unknown command\n\n"},
      {"12 34 name", "?12 unknown command\n\n"},
      {"play  b D4", "? Expected two arguments for play but got ' b D4'\n\n"},
      {"play b  D4", "? Expected two arguments for play but got 'b  D4'\n\n"},
      {"protocol_version extra", "= 2\n\n"},
      {"play b D4", "= \n\n"},
      {"play b D4x", "? Could not parse vertex: 'D4x'\n\n"},
      {"3 quit", "=3 \n\n"},
  };
  for (const auto& exchange : cases) {
    const std::string line = exchange.first;  // Clang 14 cannot capture a structured binding
    CAPTURE(line);
    CHECK(gtp.send(line) == exchange.second);
  }
  CHECK_FALSE(gtp.goesOn());
}

TEST_CASE("framing: a NUL inside a line is dropped like any control byte") {
  GtpHarness gtp;
  CHECK(gtp.send(std::string("na\0me", 5)) == "= KataGo\n\n");
}

TEST_CASE("quoted text of unknown origin never looks like the beginning or the end of an answer") {
  std::string text = "first";
  for (int byte = 0; byte < 256; byte++) text.append("\n").append(1, static_cast<char>(byte)).append("rest");
  const std::string quoted = quotable(text);
  for (const std::string& line : split(quoted, '\n')) {
    CHECK(!line.empty());
    CHECK(!startsWith(line, "="));
    CHECK(!startsWith(line, "?"));
  }
  CHECK(quotable("\n a\n\n\x01=\n=b\n") == "a\n ?=\n =b");
}

TEST_CASE("known_command and list_commands agree with the table, hidden commands work") {
  GtpHarness gtp;
  const std::string list = "\n" + gtp.ask("list_commands") + "\n";
  CHECK(list.rfind("\nprotocol_version\n", 0) == 0);
  size_t listed = 0;
  for (const Command& command : commandTable()) {
    const std::string name(command.name);
    CAPTURE(name);
    const bool isListed = command.shown == Shown::Listed;
    CHECK(gtp.ask("known_command " + name) == (isListed ? "true" : "false"));
    CHECK((list.find("\n" + name + "\n") != std::string::npos) == isListed);
    CHECK(findCommand(name) == &command);
    CHECK_FALSE(command.help.empty());
    listed += isListed;
  }
  CHECK(listed == 55);
  CHECK(gtp.ask("kata-get-params").front() == '{');
}

TEST_CASE("hostile lines get an error and the session stays in step") {
  GtpHarness gtp;
  const std::string mega(1000000, 'x');
  const std::string lines[] = {mega,
                               "play b " + mega,
                               "play b (" + std::string(100000, '9') + ",1)",
                               "set_position b (-5,900)",
                               "kata-set-params " + std::string(100000, '['),
                               "kata-set-params {\"maxVisits\":",
                               "kata-set-params {\"maxVisits\":{}}",
                               "kata-set-params {\"maxVisits\":null}",
                               "kata-set-rules {" + mega,
                               "boardsize 99999999999999999999",
                               "boardsize -1",
                               "boardsize 5:5:5",
                               "komi nan",
                               "komi inf",
                               "komi 1e40",
                               "loadsgf /dev/null",
                               "loadsgf /",
                               "printsgf /nonexistent/folder/file.sgf",
                               "kata-analyze b 10 avoid b",
                               "kata-analyze b minmoves -1",
                               "kata-analyze b interval nan",
                               "kata-genmove_analyze b allow b D4 0",
                               "time_settings 1e400 1 1",
                               "time_left b 1 1",
                               "kata-raw-nn 0 nan",
                               "kata-raw-nn 99999999999",
                               "fixed_handicap 99999999999",
                               "debug_moves Z99",
                               "final_status_list"};
  for (const std::string& line : lines) {
    CAPTURE(line.substr(0, 60));
    const std::string answer = gtp.send(line);
    CHECK(answer.rfind("?", 0) == 0);
    CHECK(answer.size() >= 4);
    CHECK(answer.substr(answer.size() - 2) == "\n\n");
    CHECK(gtp.send("7 name") == "=7 KataGo\n\n");
  }
}

TEST_CASE("every command survives being called without and with senseless arguments") {
  const ScratchFolder scratch;
  for (const Command& command : commandTable()) {
    if (command.name == "quit" || command.name == "kata-benchmark") continue;  // the number means a long run
    GtpHarness gtp;
    for (const char* args :
         {"", " ", " b", " x y z", " 1", " -1", " 999999", " {}", " b D4 w D4", " ,", " all"}) {
      const std::string line = std::string(command.name) + args;
      CAPTURE(line);
      const std::string answer = gtp.send(line);
      CHECK((answer.rfind("=", 0) == 0 || answer.rfind("?", 0) == 0 || answer.empty()));
      gtp.send("");
    }
    CHECK(gtp.send("name") == "= KataGo\n\n");
  }
}
