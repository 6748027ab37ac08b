#include "eval/input_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/file.h"
#include "base/npz.h"
#include "eval/features.h"
#include "eval/metadata.h"

namespace ponnuki {
namespace {

constexpr size_t kOnBoard = 0, kOwnStone = 1, kOtherStone = 2;  // planes
constexpr int kInputsVersion = 7;
constexpr size_t kLead = 2;  // of the score outputs, all versions from 8 on

size_t sz(int n) {
  return static_cast<size_t>(n);
}

void softmax(std::vector<double>& logits) {  // entries of -infinity become -1
  const double top = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double x : logits) sum += std::exp(x - top);
  for (double& x : logits) x = std::isinf(x) ? -1 : std::exp(x - top) / sum;
}

struct Outputs {
  std::vector<float> policy, pass, value, score, ownership;
};

class Reader {
 public:
  Reader(const LoadedModel& model, const InputRows& rows) : info_(model.info), rows_(rows) {}

  NetAnswer answer(const Outputs& out, size_t row, size_t inBatch) const {
    const size_t points = sz(rows_.points()), channels = sz(info_.policyChannels);
    NetAnswer a;
    for (size_t p = 0; p < points; p++) {
      const float* in = &rows_.spatial[(row * points + p) * sz(rows_.spatialChannels)];
      const bool legal = in[kOnBoard] != 0 && in[kOwnStone] == 0 && in[kOtherStone] == 0;
      a.policy.push_back(legal ? static_cast<double>(out.policy[(inBatch * points + p) * channels])
                               : -std::numeric_limits<double>::infinity());
      if (in[kOnBoard] != 0)
        a.ownership.push_back(std::tanh(static_cast<double>(out.ownership[inBatch * points + p])));
    }
    a.policy.push_back(static_cast<double>(out.pass[inBatch * channels]));
    softmax(a.policy);
    const float* value = &out.value[inBatch * 3];
    std::vector<double> outcome = {value[0], value[1], value[2]};
    softmax(outcome);
    a.winrate = 100 * (outcome[0] + 0.5 * outcome[2]);
    a.lead =
        static_cast<double>(out.score[inBatch * sz(info_.scoreChannels) + kLead]) * info_.multipliers.lead;
    return a;
  }

 private:
  const ModelInfo& info_;
  const InputRows& rows_;
};

}  // namespace

InputRows readInputRows(const std::string& npzPath, int first, int most) {
  const NpzFile file(npzPath);
  const NpyArray planes = file.read("binaryInputNCHWPacked"), globals = file.read("globalInputNC");
  InputRows rows;
  const size_t points = sz(rows.points()), packed = (points + 7) / 8, channels = sz(rows.spatialChannels);
  if (planes.type != "|u1" || planes.shape.size() != 3 || planes.shape[1] != channels ||
      planes.shape[2] != packed || globals.type != "<f4" ||
      globals.shape != std::vector<size_t>{planes.shape[0], sz(rows.globalChannels)})
    throw UserError(npzPath +
                    ": expected binaryInputNCHWPacked [rows, 22, 46] of uint8 and globalInputNC [rows, 19] "
                    "of float32, training data with features version 7");
  const size_t start = std::min(sz(first), planes.shape[0]);
  const size_t count = std::min(sz(most), planes.shape[0] - start);
  const std::vector<uint8_t> bits = planes.unsignedBytes();
  const std::vector<float> global = globals.floats();
  rows.count = static_cast<int>(count);
  rows.spatial.resize(count * points * channels);
  for (size_t r = 0; r < count; r++)
    for (size_t c = 0; c < channels; c++)
      for (size_t p = 0; p < points; p++)
        rows.spatial[(r * points + p) * channels + c] =
            static_cast<float>(bits[((start + r) * channels + c) * packed + p / 8] >> (7 - p % 8) & 1);
  const auto from = global.begin() + static_cast<ptrdiff_t>(start * sz(rows.globalChannels));
  rows.global.assign(from, from + static_cast<ptrdiff_t>(count * sz(rows.globalChannels)));
  return rows;
}

void addInputRow(InputRows& rows, const GameState& state, const EvalParams& params) {
  const size_t spatial = rows.spatial.size(), global = rows.global.size();
  rows.spatial.resize(spatial + sz(rows.points() * rows.spatialChannels));
  rows.global.resize(global + sz(rows.globalChannels));
  fillFeatures(kInputsVersion, state, state.toMove(), params, rows.boardX, rows.boardY,
               rows.spatial.data() + spatial, rows.global.data() + global);
  rows.count++;
}

void writeInputRows(const std::string& npzPath, const InputRows& rows) {
  const size_t count = sz(rows.count), points = sz(rows.points()), channels = sz(rows.spatialChannels),
               packed = (points + 7) / 8;
  std::vector<uint8_t> bits(count * channels * packed);
  for (size_t r = 0; r < count; r++)
    for (size_t p = 0; p < points; p++)
      for (size_t c = 0; c < channels; c++)
        if (rows.spatial[(r * points + p) * channels + c] != 0)
          bits[(r * channels + c) * packed + p / 8] |= static_cast<uint8_t>(1 << (7 - p % 8));
  writeFile(npzPath,
            npzBytes({{"binaryInputNCHWPacked", NpyArray::ofBytes({count, channels, packed}, bits)},
                      {"globalInputNC", NpyArray::ofFloats({count, sz(rows.globalChannels)}, rows.global)}}));
}

InputRows InputRows::part(int first, int most) const {
  InputRows rows = *this;
  const int start = std::clamp(first, 0, count);
  rows.count = std::clamp(most, 0, count - start);
  const auto cut = [&](const std::vector<float>& all, size_t perRow) {
    const auto from = all.begin() + static_cast<ptrdiff_t>(sz(start) * perRow);
    return std::vector<float>(from, from + static_cast<ptrdiff_t>(sz(rows.count) * perRow));
  };
  rows.spatial = cut(spatial, sz(points()) * sz(spatialChannels));
  rows.global = cut(global, sz(globalChannels));
  return rows;
}

void InputRows::append(const InputRows& other) {
  ENSURE(boardX == other.boardX && boardY == other.boardY && spatialChannels == other.spatialChannels &&
         globalChannels == other.globalChannels);
  count += other.count;
  spatial.insert(spatial.end(), other.spatial.begin(), other.spatial.end());
  global.insert(global.end(), other.global.begin(), other.global.end());
}

void requireRows(const ModelInfo& info, const InputRows& rows) {
  if (info.spatialChannels != rows.spatialChannels || info.globalChannels != rows.globalChannels ||
      info.version < 8)
    throw UserError(info.fileName + ": its version is " + std::to_string(info.version) +
                    ", but comparing on positions needs a net of version 8 or later");
}

void runRows(const nn::Program& program, const ModelInfo& info, const InputRows& rows, const nn::BatchOut& out,
             const std::function<void(int first, int count)>& see) {
  requireRows(info, rows);
  const size_t points = sz(rows.points()), batch = sz(kAnswerBatch), channels = sz(rows.spatialChannels);
  std::vector<float> meta(batch * sz(info.metaChannels()));
  const SgfMetadata profile = SgfMetadata::fromProfile("preaz_5k");  // the same for both players
  const auto executor = program.makeExecutor();
  for (size_t first = 0; first < sz(rows.count); first += batch) {
    const size_t n = std::min(batch, sz(rows.count) - first);
    const auto part = [&](const std::vector<float>& all, size_t perRow) {
      return std::span(all).subspan(first * perRow, n * perRow);
    };
    for (size_t i = 0; i < n && !meta.empty(); i++) {
      int area = 0;
      for (size_t p = 0; p < points; p++) area += rows.spatial[((first + i) * points + p) * channels] != 0;
      profile.fillRow(&meta[i * sz(info.metaChannels())], Color::Black, area);
    }
    executor->run({.rows = static_cast<int>(n),
                   .spatial = part(rows.spatial, points * channels),
                   .global = part(rows.global, sz(rows.globalChannels)),
                   .meta = std::span(meta).first(n * sz(info.metaChannels()))},
                  out);
    see(static_cast<int>(first), static_cast<int>(n));
  }
}

std::vector<NetAnswer> answersOf(const nn::Program& program, const LoadedModel& model, const InputRows& rows,
                                 const std::function<void(int done)>& progress) {
  const ModelInfo& info = model.info;
  const size_t points = sz(rows.points()), batch = sz(kAnswerBatch);
  Outputs out{std::vector<float>(batch * points * sz(info.policyChannels)),
              std::vector<float>(batch * sz(info.policyChannels)), std::vector<float>(batch * 3),
              std::vector<float>(batch * sz(info.scoreChannels)), std::vector<float>(batch * points)};
  const Reader reader(model, rows);
  std::vector<NetAnswer> answers;
  runRows(program, info, rows, {out.policy, out.pass, out.value, out.score, out.ownership},
          [&](int first, int count) {
            for (int i = 0; i < count; i++) answers.push_back(reader.answer(out, sz(first + i), sz(i)));
            if (progress) progress(first + count);
          });
  return answers;
}

}  // namespace ponnuki
