#include "engine/training_shard.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "eval/features.h"

namespace ponnuki {
namespace {

void putFloat(std::string& out, float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(bits >> shift & 0xff));
}

void putBits(std::string& out, const std::vector<float>& spatial, int channels) {
  const size_t planes = static_cast<size_t>(channels), points = spatial.size() / planes;
  unsigned byte = 0;
  size_t bits = 0;
  for (size_t plane = 0; plane < planes; plane++)
    for (size_t point = 0; point < points; point++) {
      const float value = spatial[point * planes + plane];
      ENSURE(value == 0.0f || value == 1.0f);
      byte = byte << 1 | (value != 0.0f ? 1u : 0u);
      if (++bits % 8 == 0) out.push_back(static_cast<char>(byte & 0xff));
    }
  if (bits % 8 != 0) out.push_back(static_cast<char>(byte << (8 - bits % 8) & 0xff));
}

}  // namespace

std::string encodeTrainingRow(const TrainingRow& row) {
  std::string out;
  for (const float value :
       {row.win, row.loss, row.noResult, row.scoreMean, row.scoreStdev, row.lead, row.shorttermWinloss,
        row.shorttermLead, row.shorttermWeight, row.varianceTime, row.varianceTimeWeight, row.outcome,
        row.finalScore, row.outcomeKnown, row.turn, row.phase})
    putFloat(out, value);
  for (const float value : row.global) putFloat(out, value);
  for (const float p : row.policy) {
    const auto units = static_cast<unsigned>(std::lround(std::clamp(p, 0.0f, 1.0f) * 65535.0f));
    out.push_back(static_cast<char>(units & 0xff));
    out.push_back(static_cast<char>(units >> 8));
  }
  for (const float o : row.ownership)
    out.push_back(static_cast<char>(std::lround(std::clamp(o, -1.0f, 1.0f) * 127.0f)));
  putBits(out, row.spatial, spatialChannels(kTrainingInputs));
  return out;
}

TrainingShards::TrainingShards(const std::string& folder, const std::string& prefix, int rowsPerFile)
    : folder_(folder), prefix_(prefix), rowsPerFile_(rowsPerFile) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw UserError("Could not make the folder " + folder + ": " + error.message());
}

void TrainingShards::add(const TrainingRow& row) {
  const std::pair<int, int> size(row.xSize, row.ySize);
  Open& open = open_[size];
  open.bytes += encodeTrainingRow(row);
  open.rows++;
  rows_++;
  if (open.rows >= rowsPerFile_) write(size, open);
}

void TrainingShards::finish() {
  for (auto& [size, open] : open_)
    if (open.rows > 0) write(size, open);
}

void TrainingShards::write(const std::pair<int, int>& size, Open& open) {
  char number[16];
  std::snprintf(number, sizeof number, "%06d", open.fileNumber);
  const std::string x = std::to_string(size.first), y = std::to_string(size.second);
  const std::string path = folder_ + "/" + prefix_ + "-" + x + "x" + y + "-" + number + ".train.gz";
  const std::string header = "ponnuki-training-data 1 x " + x + " y " + y +
                             " spatial 22 global 19 scalars 16 rows " + std::to_string(open.rows) + "\n";
  writeFile(path + ".part", gzip(header + open.bytes, 1));
  std::error_code error;
  std::filesystem::rename(path + ".part", path, error);
  if (error) throw UserError("Could not rename " + path + ".part: " + error.message());
  open.bytes.clear();
  open.rows = 0;
  open.fileNumber++;
  files_++;
}

}  // namespace ponnuki
