// Tokens and float arrays out of the uncompressed bytes of a model (spec model-and-network 3). One thread.
// No memory is taken for a claim of the file that its remaining bytes cannot fulfil.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/quantization.h"
#include "graph/tensor.h"
#include "model/byte_source.h"

namespace ponnuki {

// In place of the zero point of an 8-bit block (stored_form.h): every point has its own.
constexpr uint32_t kStoredPerPoint = 256;

enum class FloatEncoding { Text, Binary };

// Told everything that is read, in order: how a file is written again in another form.
class ReadObserver {
 public:
  virtual ~ReadObserver() = default;
  virtual void start() = 0;  // of a reading; the file may be read again another way
  virtual void token(const std::string& text) = 0;
  virtual void floats(std::span<const float> values) = 0;
  // The weights of a convolution or matrix, output channel innermost; `owner` is the layer's name.
  virtual void product(const std::string& owner, std::span<const float> values, int outC) {
    static_cast<void>(owner), static_cast<void>(outC);
    floats(values);
  }
};

struct ProductWeights {
  nn::Weights weights;
  std::shared_ptr<const nn::Quantization> quantization;  // null unless the file holds one
  nn::Weights bias;                                      // empty unless the file holds one
};

class TokenReader {
 public:
  TokenReader(ByteSource& source, FloatEncoding encoding, ReadObserver* observer = nullptr);

  void allowHalfBlocks() { halfBlocks_ = true; }  // see stored_form.h
  void allowInt8Blocks() { int8Blocks_ = true; }

  // False at the end of the data, or when the token is not of the kind asked for.
  bool token(std::string& out);
  bool integer(int& out);
  bool flag(bool& out);  // exactly 0 or 1
  bool real(float& out);
  bool real(double& out);

  // `count` finite values; every problem is a UserError that starts with `owner`.
  nn::Weights floats(size_t count, const std::string& owner);
  ProductWeights product(size_t count, int outC, const std::string& owner);

  // Reads what is left, so that a damaged end of the container is noticed.
  void skipRest();

 private:
  bool fill();  // more bytes into the empty buffer; false at the end
  int next();   // one byte, -1 at the end
  void readBytes(char* to, size_t count, const std::string& owner);
  uint64_t mostLeft() const { return source_.mostLeft() + (buffer_.size() - at_); }
  std::vector<float> textFloats(size_t count, const std::string& owner);
  std::vector<float> binaryFloats(size_t count, const std::string& owner);
  enum class Block { Float, Half, Int8, Int8WithBias, Int8Groups };
  Block readMarker(const std::string& owner);
  std::vector<float> floatBlock(size_t count, const std::string& owner);
  std::vector<float> halfBlock(size_t count, const std::string& owner);
  ProductWeights int8Block(size_t count, int outC, bool hasBias, const std::string& owner);
  std::vector<float> groupsBlock(size_t count, int outC, const std::string& owner);
  // Parts of 8-bit blocks.
  uint32_t number(const std::string& owner);
  void requireChannels(int outC, const std::string& owner);
  std::vector<float> weightScales(size_t channels, const std::string& owner);
  std::vector<signed char> integers(size_t count, const std::string& owner);

  ByteSource& source_;
  FloatEncoding encoding_;
  ReadObserver* observer_;
  bool halfBlocks_ = false, int8Blocks_ = false;
  std::vector<char> buffer_;
  size_t at_ = 0;  // next unread byte of buffer_
};

}  // namespace ponnuki
