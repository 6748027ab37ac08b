#include "eval/buffer_symmetry.h"

#include <algorithm>

#include "game/symmetry.h"

namespace ponnuki {
namespace {

// Calls move(q, s(q)) for every buffer point q, in buffer order.
template <class Move>
void forEachImage(int symmetry, int nnX, int nnY, Move move) {
  const int s = effectiveBufferSymmetry(symmetry, nnX, nnY);
  for (int y = 0; y < nnY; y++) {
    for (int x = 0; x < nnX; x++) {
      const symmetry::XY image = symmetry::apply(s, x, y, nnX, nnY);
      move(y * nnX + x, image.y * nnX + image.x);
    }
  }
}

}  // namespace

int effectiveBufferSymmetry(int symmetry, int nnX, int nnY) {
  return nnX == nnY ? symmetry : symmetry & 3;
}

void applyToSpatial(int symmetry, int nnX, int nnY, int channels, const float* in, float* out) {
  forEachImage(symmetry, nnX, nnY,
               [=](int q, int image) { std::copy_n(in + q * channels, channels, out + image * channels); });
}

void undoOnSpatial(int symmetry, int nnX, int nnY, int channels, const float* in, float* out) {
  forEachImage(symmetry, nnX, nnY,
               [=](int q, int image) { std::copy_n(in + image * channels, channels, out + q * channels); });
}

}  // namespace ponnuki
