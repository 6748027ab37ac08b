#include <algorithm>
#include <cmath>

#include "backends/reference/ops.h"

namespace ponnuki::nn::reference {
namespace {

// One head of q or k, rotated: [points][dim] out of rows of `stride` floats.
std::vector<float> rotatedHead(const RowContext& row, const float* in, ptrdiff_t stride, int dim,
                               const float* rope) {
  std::vector<float> out(static_cast<size_t>(row.points()) * static_cast<size_t>(dim));
  for (int point = 0; point < row.points(); point++) {
    const float* from = in + point * stride;
    float* to = out.data() + static_cast<ptrdiff_t>(point) * dim;
    std::copy_n(from, dim, to);
    if (!rope) continue;
    const float x = static_cast<float>(point % row.boardX), y = static_cast<float>(point / row.boardX);
    for (int pair = 0; pair < dim / 2; pair++) {
      const float angle = x * rope[2 * pair] + y * rope[2 * pair + 1];
      const float cosine = std::cos(angle), sine = std::sin(angle);
      const float a = from[2 * pair], b = from[2 * pair + 1];
      to[2 * pair] = a * cosine - b * sine;
      to[2 * pair + 1] = a * sine + b * cosine;
    }
  }
  return out;
}

// scores := softmax over the points on the board; 0 off it.
void maskedSoftmax(const RowContext& row, std::vector<float>& scores) {
  float largest = -INFINITY;
  for (int j = 0; j < row.points(); j++)
    if (row.mask[j] != 0) largest = std::max(largest, scores[static_cast<size_t>(j)]);
  float sum = 0;
  for (int j = 0; j < row.points(); j++) {
    float& score = scores[static_cast<size_t>(j)];
    score = row.mask[j] != 0 ? std::exp(score - largest) : 0.0f;
    sum += score;
  }
  for (float& score : scores) score /= sum;
}

}  // namespace

void attention(const RowContext& row, const AttentionAttrs& attrs, const float* q, const float* k,
               const float* v, float* out) {
  const int points = row.points(), group = attrs.heads / attrs.kvHeads;
  const ptrdiff_t qStride = attrs.heads * attrs.qDim, kStride = attrs.kvHeads * attrs.qDim;
  const ptrdiff_t vStride = attrs.kvHeads * attrs.vDim, outStride = attrs.heads * attrs.vDim;
  const float scale = 1.0f / std::sqrt(static_cast<float>(attrs.qDim));
  std::fill_n(out, points * outStride, 0.0f);
  std::vector<float> scores(static_cast<size_t>(points));
  for (int head = 0; head < attrs.heads; head++) {
    const int kvHead = head / group;
    const float* rope =
        attrs.rope.empty() ? nullptr : attrs.rope.data() + static_cast<ptrdiff_t>(kvHead) * attrs.qDim;
    const auto queries = rotatedHead(row, q + head * attrs.qDim, qStride, attrs.qDim, rope);
    const auto keys = rotatedHead(row, k + kvHead * attrs.qDim, kStride, attrs.qDim, rope);
    for (int i = 0; i < points; i++) {
      if (row.mask[i] == 0) continue;
      const float* query = queries.data() + static_cast<ptrdiff_t>(i) * attrs.qDim;
      for (int j = 0; j < points; j++) {
        const float* key = keys.data() + static_cast<ptrdiff_t>(j) * attrs.qDim;
        float dot = 0;
        for (int d = 0; d < attrs.qDim; d++) dot += query[d] * key[d];
        scores[static_cast<size_t>(j)] = dot * scale;
      }
      maskedSoftmax(row, scores);
      float* result = out + i * outStride + static_cast<ptrdiff_t>(head) * attrs.vDim;
      for (int j = 0; j < points; j++) {
        const float* value = v + j * vStride + static_cast<ptrdiff_t>(kvHead) * attrs.vDim;
        for (int d = 0; d < attrs.vDim; d++) result[d] += scores[static_cast<size_t>(j)] * value[d];
      }
    }
  }
}

}  // namespace ponnuki::nn::reference
