#include <doctest/doctest.h>


#include "base/file.h"
#include "protocol/gtp/command_table.h"

using namespace ponnuki;
using namespace ponnuki::gtp;

TEST_CASE("docs/gtp.md describes exactly the commands of the table") {
  const std::string text = readFile(PONNUKI_SOURCE_DIR "/docs/gtp.md");
  size_t rows = 0;
  for (size_t at = text.find("\n| `"); at != std::string::npos; at = text.find("\n| `", at + 1)) rows++;
  CHECK(rows == commandTable().size());
  for (const Command& command : commandTable()) {
    std::string arguments;
    for (const char c : command.arguments) arguments += c == '|' ? std::string("\\|") : std::string(1, c);
    if (!arguments.empty()) arguments = "`" + arguments + "`";
    const std::string row =
        "| `" + std::string(command.name) + "` | " + arguments + " | " + std::string(command.help) + " |";
    CAPTURE(row);
    CHECK(text.find(row) != std::string::npos);
  }
}
