// Running a graph on a backend with random positions, for comparisons between backends or before and after a
// pass.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/hash128.h"
#include "graph/backend.h"

namespace ponnuki::test {

struct RandomInputs {
  int rows = 1;
  std::vector<float> spatial, global, meta;
  nn::BatchIn batch() const { return {rows, spatial, global, meta}; }
};

struct GraphOutputsData {
  std::vector<float> policy, pass, value, score, ownership;
};

// A small stream of numbers in [-1, 1).
class Stream {
 public:
  explicit Stream(uint64_t seed) : state_(seed) {}
  uint64_t bits() { return mix::splitMix64(state_ += 0x9e3779b97f4a7c15ULL); }
  float next() { return static_cast<float>(bits() >> 40) * 0x1p-23f - 1.0f; }

 private:
  uint64_t state_;
};

// Rows of boards of different sizes up to x by y (all of full size when `full`), features 0 or 1, zero off
// the board.
inline RandomInputs randomInputs(const nn::Graph& graph, int rows, int x, int y, bool full, uint64_t seed) {
  Stream stream(seed);
  RandomInputs in;
  in.rows = rows;
  const int channels = graph.spatialChannels();
  for (int row = 0; row < rows; row++) {
    const int boardX = full ? x : x - row % 3, boardY = full ? y : y - row % 2;
    for (int point = 0; point < x * y; point++) {
      const bool onBoard = point % x < boardX && point / x < boardY;
      for (int c = 0; c < channels; c++)
        in.spatial.push_back(onBoard && (c == 0 || stream.next() > 0.5f) ? 1.0f : 0.0f);
    }
    for (int c = 0; c < graph.globalChannels(); c++) in.global.push_back(stream.next());
    for (int c = 0; c < graph.metaChannels(); c++) in.meta.push_back(stream.next());
  }
  return in;
}

inline GraphOutputsData run(nn::Backend& backend, const nn::Graph& graph, const RandomInputs& in,
                            nn::CompileOptions options) {
  const size_t rows = static_cast<size_t>(in.rows),
               points = static_cast<size_t>(options.boardX * options.boardY);
  options.maxBatch = in.rows;
  const auto program = backend.compile(graph, options);
  const auto executor = program->makeExecutor();
  GraphOutputsData out;
  out.policy.resize(rows * points * static_cast<size_t>(graph.policyChannels()));
  out.pass.resize(rows * static_cast<size_t>(graph.policyChannels()));
  out.value.resize(rows * 3);
  out.score.resize(rows * static_cast<size_t>(graph.scoreChannels()));
  out.ownership.resize(rows * points);
  executor->run(in.batch(), {out.policy, out.pass, out.value, out.score, out.ownership});
  return out;
}

// The largest difference over what a caller may read: points off the board do not count.
inline float largestDifference(const nn::Graph& graph, const RandomInputs& in, const GraphOutputsData& a,
                               const GraphOutputsData& b) {
  float largest = 0;
  const auto compare = [&](float x, float y) {
    const float difference = std::abs(x - y);
    if (!(difference <= largest)) largest = difference;  // NaN too
  };
  const auto compareAll = [&](const std::vector<float>& x, const std::vector<float>& y) {
    for (size_t i = 0; i < x.size(); i++) compare(x[i], y[i]);
  };
  compareAll(a.pass, b.pass);
  compareAll(a.value, b.value);
  compareAll(a.score, b.score);
  const size_t policyChannels = static_cast<size_t>(graph.policyChannels());
  const size_t spatialChannels = static_cast<size_t>(graph.spatialChannels());
  for (size_t point = 0; point < a.ownership.size(); point++) {
    if (in.spatial[point * spatialChannels] == 0) continue;
    compare(a.ownership[point], b.ownership[point]);
    for (size_t c = 0; c < policyChannels; c++) {
      const size_t at = point * policyChannels + c;
      compare(a.policy[at], b.policy[at]);
    }
  }
  return largest;
}

}  // namespace ponnuki::test
