// Arrays of a numpy .npz file (a zip archive of .npy members, stored or deflated): little-endian float32 and
// uint8 arrays in C order. Everything else, and every damage, is a UserError that names file and array.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ponnuki {

struct NpyArray {
  std::vector<size_t> shape;
  std::string type;  // "<f4" or "|u1"
  std::string bytes;

  size_t elements() const;
  std::vector<float> floats() const;           // type "<f4"
  std::vector<uint8_t> unsignedBytes() const;  // type "|u1"

  static NpyArray ofFloats(std::vector<size_t> shape, const std::vector<float>& values);
  static NpyArray ofBytes(std::vector<size_t> shape, const std::vector<uint8_t>& values);
};

class NpzFile {
 public:
  explicit NpzFile(const std::string& path);
  bool has(const std::string& array) const;
  NpyArray read(const std::string& array) const;  // name without ".npy"
  const std::string& path() const { return path_; }

 private:
  struct Member {
    std::string name;
    int method = 0;                                 // 0 stored, 8 deflated
    uint64_t packedSize = 0, size = 0, header = 0;  // as wide as sums of them, on 32-bit processors too
  };
  void readDirectory();
  std::string unpack(const Member& member) const;

  std::string path_, bytes_;
  std::vector<Member> members_;
};

// The bytes of such a file with stored members, the same for the same arrays. Names without ".npy".
std::string npzBytes(const std::vector<std::pair<std::string, NpyArray>>& arrays);

}  // namespace ponnuki
