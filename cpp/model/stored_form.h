// Model files with a smaller storage of their weights than the reference knows (spec quantization 5). Such a
// file has the tokens of a usual one, but after the name comes a header, and float blocks may be half blocks:
//
//   NAME
//   1000                       in the place of the version: a reader that does not know this refuses the file
//   ponnuki-storage 1
//   storage fp16
//   source-sha256 HEX          of the file this one was made from
//   end
//   VERSION ...                from here on as in a usual file
//
// A half block is "@F16@", then two bytes for each value, little-endian. Small arrays and values that half
// precision cannot hold stay in "@BIN@" blocks.
#pragma once

#include <string>

#include "model/token_reader.h"

namespace ponnuki {

constexpr int kStoredFormVersion = 1000;

struct StoredForm {
  std::string storage = "fp32";  // or "fp16"
  std::string sourceSha256;      // "" for a usual file
};

// The lines after kStoredFormVersion, up to and with "end". Lets `in` read half blocks.
StoredForm readStoredForm(TokenReader& in);

struct StorageReport {
  size_t sourceBytes = 0, writtenBytes = 0;                            // of the files
  size_t valuesBefore = 0, blockBytesBefore = 0, blockBytesAfter = 0;  // of the float blocks, uncompressed
  double largestError = 0;                                             // absolute, over all values
};

// Reads the model file `from` and writes it to `to` (a name that ends in .bin.gz) with half blocks. UserError
// if `from` is no model, or already has such storage.
StorageReport writeHalfStorage(const std::string& from, const std::string& to);

}  // namespace ponnuki
