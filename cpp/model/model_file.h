// A model file becomes facts about the net and a graph of its layers (spec model-and-network 2 to 10,
// versions 3-17). Nothing here is shared: a LoadedModel is a plain value. Every problem of the file is a
// UserError that names it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "graph/graph.h"
#include "model/stored_form.h"

namespace ponnuki {

constexpr int kMinModelVersion = 3;
constexpr int kMaxModelVersion = 17;
constexpr int kMetaChannels = 192;  // inputs of the metadata encoder

// What raw outputs are multiplied by (section 14.3). Defaults: files that do not carry them.
struct PostProcessMultipliers {
  double tdScore = 20, scoreMean = 20, scoreStdev = 20, lead = 20, varianceTime = 40;
  double shorttermValueError = 0.25, shorttermScoreError = 30;
};

struct ModelInfo {
  std::string name;      // the name inside the file
  std::string fileName;  // as given
  StoredForm stored;
  int version = kMaxModelVersion;
  int spatialChannels = 22, globalChannels = 19;
  int metaEncoderVersion = 0;  // 0 none, 1 = kMetaChannels inputs: needs SGF metadata (human nets)
  bool preferPassAliveUnderSuicideRules = false;
  PostProcessMultipliers multipliers;
  int policyChannels = 2, scoreChannels = 6;
  int trunkChannels = 0, numBlocks = 0;  // top-level blocks
  bool hasNestedBlocks = false;          // at top level
  bool hasTransformerBlocks = false;     // at any depth
  int64_t parameterCount = 0;
  double trunkConvDepth = 0;  // section 16.8

  int metaChannels() const { return metaEncoderVersion == 0 ? 0 : kMetaChannels; }
  int inputsVersion() const;  // feature layout 3..7 (section 1)
  bool supportsShorttermError() const { return version >= 9; }
  std::string kindName() const;  // "convnet", "nbt convnet", "transformer", "nbt transformer"
};

struct InputLayout {
  int inputsVersion, spatialChannels, globalChannels;
};
InputLayout inputLayout(int modelVersion);  // kMinModelVersion..kMaxModelVersion

struct LoadedModel {
  ModelInfo info;
  nn::Graph graph;
};

// kBuiltinNet names the net inside the program, if it has one. The observer may be null; it is told the model
// as it is read.
LoadedModel loadModel(const std::string& path, ReadObserver* observer = nullptr);
std::string fileSha256(const std::string& path);  // lower-case hex
// `fileName` decides compression and encoding by its suffix, as for a file on disk.
LoadedModel loadModelFromBytes(std::string bytes, const std::string& fileName);
// Facts and channel counts of a usual net with no layers behind them, for backends that do not compute.
LoadedModel bareModel(const std::string& name, int version = kMaxModelVersion, int metaEncoderVersion = 0);

}  // namespace ponnuki
