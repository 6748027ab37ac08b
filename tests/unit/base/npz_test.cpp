#include <doctest/doctest.h>

#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "base/npz.h"

using namespace ponnuki;

namespace {

std::string number(size_t value, int width) {
  std::string s;
  for (; width > 0; width--, value >>= 8) s += static_cast<char>(value & 255);
  return s;
}

std::string npy(const std::string& dictionary, const std::string& data) {
  return "\x93NUMPY" + std::string("\1\0", 2) + number(dictionary.size(), 2) + dictionary + data;
}

// A zip archive with one stored member; checksums are not written (nor read).
std::string zip(const std::string& name, const std::string& content) {
  const std::string sizes = number(content.size(), 4) + number(content.size(), 4);
  const std::string local = "PK\3\4" + number(0, 14) + sizes + number(name.size(), 2) + number(0, 2) + name;
  const std::string entry = "PK\1\2" + number(0, 16) + sizes + number(name.size(), 2) + number(0, 16) + name;
  const size_t at = local.size() + content.size();
  return local + content + entry + "PK\5\6" + number(0, 4) + number(1, 2) + number(1, 2) +
         number(entry.size(), 4) + number(at, 4) + number(0, 2);
}

struct TemporaryFile {
  explicit TemporaryFile(const std::string& content)
      : path((std::filesystem::temp_directory_path() / "ponnuki_npz_test.npz").string()) {
    writeFile(path, content);
  }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::string path;
};

}  // namespace

TEST_CASE("an npz file gives its arrays") {
  const float values[] = {1.5f, -2.0f, 0.25f};
  const std::string data(reinterpret_cast<const char*>(values), sizeof values);
  const TemporaryFile file(
      zip("a.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }\n", data)));
  const NpzFile npz(file.path);
  CHECK(npz.has("a"));
  CHECK(!npz.has("b"));
  const NpyArray a = npz.read("a");
  CHECK(a.shape == std::vector<size_t>{3, 1});
  CHECK(a.floats() == std::vector<float>{1.5f, -2.0f, 0.25f});
  CHECK_THROWS_AS(npz.read("b"), UserError);
}

TEST_CASE("damaged npz files and other types are refused") {
  const auto read = [](const std::string& bytes) {
    const TemporaryFile file(bytes);
    NpzFile(file.path).read("a");
  };
  const std::string good =
      zip("a.npy", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n", "xy"));
  read(good);
  for (size_t length = 0; length < good.size(); length++)
    CHECK_THROWS_AS(read(good.substr(0, length)), UserError);
  CHECK_THROWS_AS(read(zip("a.npy", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }\n", ""))),
                  UserError);
  CHECK_THROWS_AS(read(zip("a.npy", npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2,), }\n", "xy"))),
                  UserError);
  CHECK_THROWS_AS(
      read(zip("a.npy", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }\n", "xy"))),
      UserError);
}

TEST_CASE("written arrays read back as they were") {
  const std::vector<float> floats = {1.5f, -2.0f, 0.25f, 1e-30f, 0, 7};
  const std::vector<uint8_t> bytes = {0, 255, 7};
  const TemporaryFile file(
      npzBytes({{"a", NpyArray::ofFloats({2, 3}, floats)}, {"b", NpyArray::ofBytes({3}, bytes)}}));
  const NpzFile npz(file.path);
  CHECK(npz.read("a").shape == std::vector<size_t>{2, 3});
  CHECK(npz.read("a").floats() == floats);
  CHECK(npz.read("b").shape == std::vector<size_t>{3});
  CHECK(npz.read("b").unsignedBytes() == bytes);
}
