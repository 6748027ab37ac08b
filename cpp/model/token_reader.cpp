#include "model/token_reader.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "base/half.h"
#include "base/text.h"

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
bool allFinite(const std::vector<float>& values) {
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

bool TokenReader::readMarker(const std::string& owner) {
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
  if (halfBlocks_ && marker == "F16@") return true;
  if (marker != "BIN@") throw UserError(owner + ": did not find expected header for binary float block");
  return false;
}

std::vector<float> TokenReader::binaryFloats(size_t count, const std::string& owner) {
  return readMarker(owner) ? halfBlock(count, owner) : floatBlock(count, owner);
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
