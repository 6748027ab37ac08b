// libFuzzer: any text as an SGF file. Only UserErrors may come out; what replays must be consistent and
// survive being written and read again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "game/sgf.h"

using namespace ponnuki;

namespace {

constexpr int kMaxTurns = 400;

void replayAndRewrite(const Sgf& sgf) {
  const Rules rules = sgf.rulesOrWarn(Rules(), [](const std::string&) {});
  const int turns = std::min(static_cast<int>(sgf.moves().size()), kMaxTurns);
  const GameState state = sgf.stateAt(rules, turns);
  state.board().checkConsistency();
  const Sgf again = Sgf::parse(writeSgf(state));
  ENSURE(static_cast<int>(again.moves().size()) == turns);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const Sgf sgf = Sgf::parse(text, "fuzz");
    try {
      replayAndRewrite(sgf);
    } catch (const UserError&) {
    }
    forEachSgfPosition(sgf,
                       [](const GameState& state, const std::string&) { state.board().checkConsistency(); });
  } catch (const UserError&) {
  }
  return 0;
}
