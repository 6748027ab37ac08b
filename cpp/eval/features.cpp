#include "eval/features.h"

#include <algorithm>

#include "base/error.h"
#include "eval/features_parts.h"
#include "model/model_file.h"

namespace ponnuki {
namespace features {
namespace {

//                             channels  lib ko rec hist lad area 2nd  tax ph end pda btn wave  komi
constexpr Layout kLayoutV3 = {22, 14, 3, 6, 7, 9, 14, 18, 20, -1, 10, 12, -1, -1, 13, 15, 1};
constexpr Layout kLayoutV5 = {13, 12, -1, 3, 4, 6, -1, -1, 11, -1, 10, -1, -1, -1, -1, 15, 1};
constexpr Layout kLayoutV6 = {22, 16, 3, 6, 7, 9, 14, 18, 20, 10, 12, 14, -1, -1, 15, 20, 1};
constexpr Layout kLayoutV7 = {22, 19, 3, 6, 7, 9, 14, 18, 20, 10, 12, 14, 15, 17, 18, 20, 20};

const Layout& layoutOf(int inputsVersion) {
  ENSURE(inputsVersion >= 3 && inputsVersion <= 7);
  switch (inputsVersion) {
    case 5:
      return kLayoutV5;
    case 6:
      return kLayoutV6;
    case 7:
      return kLayoutV7;
    default:
      return kLayoutV3;
  }
}

}  // namespace

void Context::set(const PointSet& points, int channel) const {
  if (points.none()) return;
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      if (points[board.at(x, y)]) set(x, y, channel);
    }
  }
}

}  // namespace features

int inputsVersionOf(int modelVersion) {
  if (modelVersion < kMinModelVersion || modelVersion > kMaxModelVersion)
    throw UserError("model version " + std::to_string(modelVersion) + " is not supported; expected " +
                    std::to_string(kMinModelVersion) + " to " + std::to_string(kMaxModelVersion));
  if (modelVersion >= 8) return 7;
  return modelVersion <= 4 ? 3 : modelVersion - 1;
}

int spatialChannels(int inputsVersion) {
  return features::layoutOf(inputsVersion).spatialChannels;
}
int globalChannels(int inputsVersion) {
  return features::layoutOf(inputsVersion).globalChannels;
}

void fillFeatures(int inputsVersion, const GameState& state, Color pla, const EvalParams& params, int nnX,
                  int nnY, float* spatialNHWC, float* global) {
  const features::Layout& layout = features::layoutOf(inputsVersion);
  const Board& board = state.board();
  ENSURE(board.xSize() <= nnX && board.ySize() <= nnY);
  ENSURE(pla == Color::Black || pla == Color::White);
  std::fill_n(spatialNHWC, nnX * nnY * layout.spatialChannels, 0.0f);
  std::fill_n(global, layout.globalChannels, 0.0f);
  const features::Context c = {inputsVersion, layout, state, board,       pla,
                               opponent(pla), params, nnX,   spatialNHWC, global};
  features::fillStones(c);
  features::fillKo(c);
  const bool wouldNotWin = features::fillArea(c);
  const features::History history = features::fillHistory(c, wouldNotWin);
  features::fillLadders(c, history.included);
  features::fillGlobals(c, history);
}

}  // namespace ponnuki
