// GTP sessions from any bytes: every line is answered once, without a crash, and the session stays usable.
//
// A line that begins with a byte above 127 names a command by number, so that the whole table is reached at
// once; its rest are the arguments, in which a control byte stands for a word of a dictionary. Other lines
// are sent as they are. Left out is what writes files, ends the session or by design takes long.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <sstream>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "protocol/gtp/command_table.h"
#include "unit/protocol/gtp_harness.h"

using namespace ponnuki;
using namespace ponnuki::gtp;

namespace {

constexpr int kMaxLines = 30;
constexpr const char* kWords[] = {"b ",
                                  "w ",
                                  "D4 ",
                                  "E5 ",
                                  "pass ",
                                  "0 ",
                                  "1 ",
                                  "7 ",
                                  "-1 ",
                                  "6.5 ",
                                  "1e9 ",
                                  "true ",
                                  "false ",
                                  "all ",
                                  "interval ",
                                  "minmoves ",
                                  "maxmoves ",
                                  "avoid ",
                                  "allow ",
                                  "rootInfo ",
                                  "ownership ",
                                  "movesOwnership ",
                                  "pvVisits ",
                                  "noResultValue ",
                                  "{\"ko\":\"SIMPLE\"} ",
                                  "japanese ",
                                  "chinese ",
                                  "byoyomi ",
                                  "fischer-capped ",
                                  "canadian ",
                                  "wideRootNoise ",
                                  "D4,E5 "};
static_assert(std::size(kWords) == 32, "one for every control byte");

std::string decoded(const std::string& line) {
  if (line.empty() || static_cast<unsigned char>(line[0]) < 128) return line;
  const auto table = commandTable();
  std::string text(table[static_cast<size_t>(static_cast<unsigned char>(line[0]) - 128) % table.size()].name);
  text += ' ';
  for (const char c : line.substr(1)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < std::size(kWords))
      text += kWords[byte];
    else
      text += c;
  }
  return text;
}

bool isLeftOut(const std::string& line) {
  const ParsedLine parsed = parseLine(line);
  const std::string& name = parsed.name;
  if (name == "quit" || name == "kata-benchmark") return true;
  if (name == "printsgf") return !parsed.args.empty();
  if (name == "final_score" || name == "final_status_list") return true;  // dozens of searches
  if (name != "kata-set-param" && name != "kata-set-params") return false;
  for (const char* word : {"delay", "pondering", "numSearchThreads", "maxVisits", "maxPlayouts"})
    if (line.find(word) != std::string::npos) return true;
  return false;
}

size_t answersIn(const std::string& text) {
  size_t count = 0;
  bool lineBegins = true;
  for (const char c : text) {
    if (lineBegins && (c == '=' || c == '?')) count++;
    lineBegins = c == '\n';
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  GtpHarness gtp("maxVisits=3,defaultBoardSize=5,nodeTableShardsPowerOfTwo=8");
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  std::string raw;
  for (int i = 0; i < kMaxLines && std::getline(in, raw); i++) {
    const std::string line = cleanLine(decoded(raw));
    if (line.empty() || isLeftOut(line)) continue;
    gtp.send("");  // ends what runs
    const std::string answer = gtp.send(line);
    const bool waits = line.find("_cancellable") != std::string::npos;  // may answer later
    ENSURE(answersIn(answer) == 1 || (waits && answersIn(answer) == 0));
  }
  gtp.send("");
  ENSURE(gtp.send("7 name") == "=7 KataGo\n\n");
  return 0;
}
