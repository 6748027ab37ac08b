#include "base/error.h"
#include "graph/builder.h"
#include "model/model_file.h"

namespace ponnuki {

InputLayout inputLayout(int modelVersion) {
  ENSURE(modelVersion >= kMinModelVersion && modelVersion <= kMaxModelVersion);
  if (modelVersion <= 4) return {3, 22, 14};
  if (modelVersion == 5) return {4, 22, 14};
  if (modelVersion == 6) return {5, 13, 12};
  if (modelVersion == 7) return {6, 22, 16};
  return {7, 22, 19};
}

int ModelInfo::inputsVersion() const {
  return inputLayout(version).inputsVersion;
}

std::string ModelInfo::kindName() const {
  return std::string(hasNestedBlocks ? "nbt " : "") + (hasTransformerBlocks ? "transformer" : "convnet");
}

LoadedModel bareModel(const std::string& name, int version, int metaEncoderVersion) {
  LoadedModel model;
  ModelInfo& info = model.info;
  const InputLayout layout = inputLayout(version);
  info.name = name;
  info.fileName = name;
  info.version = version;
  info.spatialChannels = layout.spatialChannels;
  info.globalChannels = layout.globalChannels;
  info.metaEncoderVersion = metaEncoderVersion;
  info.policyChannels = version < 12 ? 1 : version == 16 ? 4 : 2;
  info.scoreChannels = version >= 9 ? 6 : version == 8 ? 4 : version >= 4 ? 2 : 1;
  model.graph = nn::bareGraph(info.spatialChannels, info.globalChannels, info.metaChannels(),
                              info.policyChannels, info.scoreChannels);
  return model;
}

}  // namespace ponnuki
