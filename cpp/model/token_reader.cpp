#include "model/token_reader.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "base/half.h"
#include "base/text.h"
#include "model/group_scales.h"

namespace ponnuki {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 16;
constexpr size_t kLongestToken = 1 << 16;
constexpr size_t kFloatStep = size_t{1} << 18;  // floats taken from the file before more memory is asked for
constexpr int kMostBytesBeforeMarker = 100;

bool isSpace(int c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// The longest numeric prefix; 0 if there is none.
float leadingFloat(const std::string& token) {
  float value = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (error == std::errc{} && end == token.data() + token.size()) return value;
  return std::strtof(token.c_str(), nullptr);  // signs, subnormal numbers, overflow
}

void swapToHost(std::vector<float>& values) {
  if constexpr (std::endian::native == std::endian::big) {
    for (float& value : values) {
      char bytes[4];
      std::memcpy(bytes, &value, 4);
      std::reverse(bytes, bytes + 4);
      std::memcpy(&value, bytes, 4);
    }
  }
}

[[noreturn]] void failShort(const std::string& owner) {
  throw UserError(owner + ": did not find the expected number of floats in binary float block");
}

// Without branches in the loop: the exponent bits of NaN and infinity are all ones.
bool allFinite(std::span<const float> values) {
  uint32_t bad = 0;
  for (const float value : values)
    bad |= (std::bit_cast<uint32_t>(value) & 0x7f800000u) == 0x7f800000u ? 1u : 0u;
  return bad == 0;
}

}  // namespace

TokenReader::TokenReader(ByteSource& source, FloatEncoding encoding, ReadObserver* observer)
    : source_(source), encoding_(encoding), observer_(observer) {
  if (observer_) observer_->start();
}

bool TokenReader::fill() {
  buffer_.resize(kBufferBytes);
  buffer_.resize(source_.read(buffer_.data(), kBufferBytes));
  at_ = 0;
  return !buffer_.empty();
}

int TokenReader::next() {
  if (at_ == buffer_.size() && !fill()) return -1;
  return static_cast<unsigned char>(buffer_[at_++]);
}

bool TokenReader::token(std::string& out) {
  out.clear();
  int c = next();
  while (isSpace(c)) c = next();
  for (; c >= 0 && !isSpace(c); c = next()) {
    if (out.size() >= kLongestToken) return false;
    out.push_back(static_cast<char>(c));
  }
  if (observer_ && !out.empty()) observer_->token(out);
  return !out.empty();
}

bool TokenReader::integer(int& out) {
  std::string text;
  if (!token(text)) return false;
  const auto value = tryInt(text);
  if (value) out = *value;
  return value.has_value();
}

bool TokenReader::flag(bool& out) {
  std::string text;
  if (!token(text) || (text != "0" && text != "1")) return false;
  out = text == "1";
  return true;
}

bool TokenReader::real(float& out) {
  std::string text;
  if (!token(text)) return false;
  const auto value = tryFloat(text);
  if (value) out = *value;
  return value.has_value();
}

bool TokenReader::real(double& out) {
  std::string text;
  if (!token(text)) return false;
  const auto value = tryDouble(text);
  if (value) out = *value;
  return value.has_value();
}

nn::Weights TokenReader::floats(size_t count, const std::string& owner) {
  std::vector<float> values =
      encoding_ == FloatEncoding::Binary ? binaryFloats(count, owner) : textFloats(count, owner);
  if (!allFinite(values)) throw UserError(owner + ": Nan or infinite neural net weight or parameter");
  if (observer_) observer_->floats(values);
  return nn::Weights(std::move(values));
}

ProductWeights TokenReader::product(size_t count, int outC, const std::string& owner) {
  ProductWeights product;
  if (encoding_ == FloatEncoding::Text) {
    product.weights = nn::Weights(textFloats(count, owner));
  } else {
    const Block block = readMarker(owner);
    if (block == Block::Int8 || block == Block::Int8WithBias)
      product = int8Block(count, outC, block == Block::Int8WithBias, owner);
    else if (block == Block::Int8Groups)
      product.weights = nn::Weights(groupsBlock(count, outC, owner));
    else
      product.weights =
          nn::Weights(block == Block::Half ? halfBlock(count, owner) : floatBlock(count, owner));
  }
  const std::span<const float> values = product.weights.span();
  if (!allFinite(values)) throw UserError(owner + ": Nan or infinite neural net weight or parameter");
  if (observer_) observer_->product(owner, values, outC);
  return product;
}

std::vector<float> TokenReader::textFloats(size_t count, const std::string& owner) {
  const auto fail = [&] {
    throw UserError(
        owner +
        ": could not read float weights. Invalid model - perhaps you are trying to load a .bin.gz "
        "model as a .txt.gz model?");
  };
  if (count > mostLeft() / 2 + 1) fail();  // a value and the space before it
  std::vector<float> values;
  values.reserve(std::min(count, kFloatStep));
  std::string text;
  while (values.size() < count) {
    if (!token(text)) fail();
    values.push_back(leadingFloat(text));
  }
  values.shrink_to_fit();
  return values;
}

TokenReader::Block TokenReader::readMarker(const std::string& owner) {
  int c = next();
  for (int skipped = 0; c != '@'; skipped++) {
    if (c < 0 || skipped >= kMostBytesBeforeMarker)
      throw UserError(owner +
                      ": could not read float weights. Invalid model - perhaps you are trying to load a "
                      ".txt.gz model as a .bin.gz model?");
    c = next();
  }
  std::string marker;
  for (int i = 0; i < 4; i++) marker.push_back(static_cast<char>(next()));
  if (halfBlocks_ && marker == "F16@") return Block::Half;
  if (int8Blocks_ && marker == "I08@") return Block::Int8;
  if (int8Blocks_ && marker == "I8B@") return Block::Int8WithBias;
  if (int8Blocks_ && marker == "I8G@") return Block::Int8Groups;
  if (marker != "BIN@") throw UserError(owner + ": did not find expected header for binary float block");
  return Block::Float;
}

std::vector<float> TokenReader::binaryFloats(size_t count, const std::string& owner) {
  const Block block = readMarker(owner);
  if (block != Block::Float && block != Block::Half)
    throw UserError(owner + ": an 8-bit block where only a layer's bias or norm can be");
  return block == Block::Half ? halfBlock(count, owner) : floatBlock(count, owner);
}

std::vector<float> TokenReader::floatBlock(size_t count, const std::string& owner) {
  if (count > mostLeft() / sizeof(float)) failShort(owner);
  std::vector<float> values;
  values.reserve(count);
  while (values.size() < count) {
    const size_t start = values.size(), step = std::min(count - start, kFloatStep);
    values.resize(start + step);
    readBytes(reinterpret_cast<char*>(values.data() + start), step * sizeof(float), owner);
  }
  swapToHost(values);
  return values;
}

std::vector<float> TokenReader::halfBlock(size_t count, const std::string& owner) {
  if (count > mostLeft() / sizeof(uint16_t)) failShort(owner);
  std::vector<float> values;
  values.reserve(count);
  std::vector<unsigned char> bytes;
  while (values.size() < count) {
    const size_t step = std::min(count - values.size(), kFloatStep);
    bytes.resize(step * sizeof(uint16_t));
    readBytes(reinterpret_cast<char*>(bytes.data()), bytes.size(), owner);
    for (size_t i = 0; i < step; i++)
      values.push_back(floatOfHalf(static_cast<uint16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8)));
  }
  return values;
}

uint32_t TokenReader::number(const std::string& owner) {
  unsigned char b[4];
  readBytes(reinterpret_cast<char*>(b), sizeof b, owner);
  return uint32_t{b[0]} | uint32_t{b[1]} << 8 | uint32_t{b[2]} << 16 | uint32_t{b[3]} << 24;
}

void TokenReader::requireChannels(int outC, const std::string& owner) {
  if (const uint32_t channels = number(owner); channels != static_cast<uint32_t>(outC))
    throw UserError(owner + ": its 8-bit block has " + std::to_string(channels) + " scales, expected " +
                    std::to_string(outC) + "; the file is damaged");
}

std::vector<float> TokenReader::weightScales(size_t channels, const std::string& owner) {
  std::vector<unsigned char> upperBytes(channels * sizeof(uint16_t));
  readBytes(reinterpret_cast<char*>(upperBytes.data()), upperBytes.size(), owner);
  std::vector<float> scales(channels);
  for (size_t o = 0; o < channels; o++) {
    scales[o] =
        std::bit_cast<float>(uint32_t{upperBytes[2 * o]} << 16 | uint32_t{upperBytes[2 * o + 1]} << 24);
    if (!(scales[o] > 0) || !std::isfinite(scales[o] * 127))
      throw UserError(owner + ": a scale of its weights is not positive and finite; the file is damaged");
  }
  return scales;
}

std::vector<signed char> TokenReader::integers(size_t count, const std::string& owner) {
  std::vector<signed char> stored(count);
  readBytes(reinterpret_cast<char*>(stored.data()), count, owner);
  if (std::find(stored.begin(), stored.end(), -128) != stored.end())
    throw UserError(owner + ": an 8-bit weight is -128, least is -127; the file is damaged");
  return stored;
}

ProductWeights TokenReader::int8Block(size_t count, int outC, bool hasBias, const std::string& owner) {
  const size_t channels = static_cast<size_t>(outC);
  if (count > mostLeft() || channels > mostLeft() / sizeof(uint16_t)) failShort(owner);
  requireChannels(outC, owner);
  const float inputScale = std::bit_cast<float>(number(owner));
  const uint32_t inputZero = number(owner);
  const bool perPoint = inputScale == 0 && inputZero == kStoredPerPoint;
  if (!perPoint && (!(inputScale > 0) || !std::isfinite(inputScale) || inputZero > 255))
    throw UserError(owner + ": the scale of its inputs is impossible; the file is damaged");
  std::vector<float> scales = weightScales(channels, owner);
  ProductWeights product;
  if (hasBias) {
    product.bias = nn::Weights(halfBlock(channels, owner));
    if (!allFinite(product.bias.span()))
      throw UserError(owner + ": its bias is not finite; the file is damaged");
  }
  const std::vector<signed char> stored = integers(count, owner);
  std::vector<float> values(count);
  for (size_t i = 0; i < count; i++) values[i] = static_cast<float>(stored[i]) * scales[i % channels];
  product.weights = nn::Weights(std::move(values));
  product.quantization = std::make_shared<const nn::Quantization>(
      nn::Quantization{inputScale, perPoint ? 0 : static_cast<int>(inputZero), std::move(scales)});
  return product;
}

std::vector<float> TokenReader::groupsBlock(size_t count, int outC, const std::string& owner) {
  const size_t channels = static_cast<size_t>(outC), inputs = count / channels;
  if (count > mostLeft() || channels > mostLeft() / sizeof(uint16_t)) failShort(owner);
  requireChannels(outC, owner);
  GroupScales groups{number(owner), 1, {}};
  if (groups.groupSize == 0)
    throw UserError(owner + ": its 8-bit block has groups of 0 inputs; the file is damaged");
  groups.largest = std::bit_cast<float>(number(owner));
  if (!(groups.largest > 0) || !std::isfinite(groups.largest * 127))
    throw UserError(owner + ": the scale of its weights is not positive and finite; the file is damaged");
  groups.halvings.resize(groupsOf(inputs, groups.groupSize) * channels);
  readBytes(reinterpret_cast<char*>(groups.halvings.data()), groups.halvings.size(), owner);
  const std::vector<signed char> stored = integers(count, owner);
  const std::vector<float> scales = groups.scales();
  std::vector<float> values(count);
  for (size_t k = 0; k < inputs; k++)
    for (size_t o = 0; o < channels; o++)
      values[k * channels + o] =
          static_cast<float>(stored[k * channels + o]) * scales[k / groups.groupSize * channels + o];
  return values;
}

void TokenReader::readBytes(char* to, size_t count, const std::string& owner) {
  size_t done = std::min(count, buffer_.size() - at_);
  std::copy_n(buffer_.data() + at_, done, to);
  at_ += done;
  done += source_.read(to + done, count - done);
  if (done < count) failShort(owner);
}

void TokenReader::skipRest() {
  while (fill()) {
  }
}

}  // namespace ponnuki
