// Model files with a smaller storage of their weights than the reference knows (spec quantization 5). Such a
// file has the tokens of a usual one, but after the name comes a header, and float blocks may be half blocks:
//
//   NAME
//   1000                       in the place of the version: a reader that does not know this refuses the file
//   ponnuki-storage 1
//   storage fp16               or int8
//   source-sha256 HEX          of the file this one was made from
//   calibration-positions N    int8 only: how many positions the scales of inputs come from
//   accuracy-MEASURE NUMBER    int8 only: any of spec quantization 3, against float32, and how many positions
//   end
//   VERSION ...                from here on as in a usual file
//
// A half block is "@F16@", then two bytes for each value, little-endian. Small arrays and values that half
// precision cannot hold stay in "@BIN@" blocks. An 8-bit block, of the weights of one convolution or matrix, is
// "@I08@", the number of output channels (4 bytes), the scale of the inputs (float32) and their zero point (4 bytes; 256
// beside a scale of 0: every point has its own), the upper two bytes of a float32 scale for every output channel, whose
// lower bytes are 0, and one byte in -127..127 for each value, the output channel innermost; everything little-endian.
// "@I8B@" is the same with a bias for every output channel, a half, behind the scales. A layer that is not computed in
// 8 bits but stored so has "@I8G@", the number of output channels, that of the inputs in a group (4 bytes each), a
// scale (float32), for every group and output channel a byte n (its scale is that one halved n / 16 times), and the values.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "graph/product.h"
#include "model/token_reader.h"

namespace ponnuki {

constexpr int kStoredFormVersion = 1000;

struct StoredForm {
  std::string storage = "fp32";  // or "fp16", "int8"
  std::string sourceSha256;      // "" for a usual file
  int calibrationPositions = 0;
  std::vector<std::pair<std::string, double>> accuracy;  // by the names of spec quantization 3, and "positions"
};

// The lines after kStoredFormVersion, up to and with "end". Lets `in` read the blocks of that storage.
StoredForm readStoredForm(TokenReader& in);

struct StorageReport {
  size_t sourceBytes = 0, writtenBytes = 0;                            // of the files
  size_t valuesBefore = 0, blockBytesBefore = 0, blockBytesAfter = 0;  // of the float blocks, uncompressed
  double largestError = 0;                                             // absolute, over all values
};

// Reads the model file `from` and writes it to `to` (a name that ends in .bin.gz) with half blocks. UserError
// if `from` is no model, or already has such storage.
StorageReport writeHalfStorage(const std::string& from, const std::string& to);

struct StoredProduct {
  nn::Weights weights;  // multiples of groupScales()
  size_t groupSize = 0;
};

// What a file with 8-bit storage is made of besides its source.
struct Int8Plan {
  // Scale and zero point of the inputs by the name that namedProducts() gives a layer, for those in 8 bits.
  std::map<std::string, std::pair<float, int>> inputs;
  // Multiples of nn::weightScales(), by the same names. A layer of the inputs may be missing here: rounded to nearest.
  std::map<std::string, nn::RoundedProduct> rounded;
  // Layers that are stored in 8 bits but computed in higher precision.
  std::map<std::string, StoredProduct> stored;
  int calibrationPositions = 0;
  std::vector<std::pair<std::string, double>> accuracy;
};
StorageReport writeInt8Storage(const std::string& from, const std::string& to, const Int8Plan& plan);

}  // namespace ponnuki
