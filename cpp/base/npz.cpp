#include "base/npz.h"

#include <zlib.h>

#include <bit>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace ponnuki {
namespace {

constexpr size_t kEndRecord = 22, kDirectoryEntry = 46, kLocalHeader = 30;  // zip records without their names
constexpr uint64_t kMostBytes = UINT32_MAX;  // of what a zip archive counts in four bytes
static_assert(std::endian::native == std::endian::little);

// The value of 'key' in the dictionary text of a .npy header, up to the comma or closing bracket behind it.
std::string valueOf(const std::string& header, const std::string& key) {
  const size_t at = header.find("'" + key + "':");
  if (at == std::string::npos) return "";
  size_t from = header.find_first_not_of(' ', at + key.size() + 3);
  if (from == std::string::npos) return "";
  const size_t to = header[from] == '(' ? header.find(')', from) : header.find_first_of(",}", from);
  if (header[from] == '(') from++;
  return to == std::string::npos ? "" : std::string(trim(std::string_view(header).substr(from, to - from)));
}

std::string inflateRaw(const char* data, size_t packed, size_t size) {
  z_stream stream{};
  std::string out(size, '\0');
  if (inflateInit2(&stream, -15) != Z_OK) return "";
  const std::unique_ptr<z_stream, int (*)(z_stream*)> cleanup(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data));
  stream.avail_in = static_cast<uInt>(packed);
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(size);
  return inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0 ? out : "";
}

}  // namespace

size_t NpyArray::elements() const {
  size_t n = 1;
  for (const size_t extent : shape) n *= extent;
  return n;
}
std::vector<float> NpyArray::floats() const {
  ENSURE(type == "<f4");
  std::vector<float> values(elements());
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}
std::vector<uint8_t> NpyArray::unsignedBytes() const {
  ENSURE(type == "|u1");
  return std::vector<uint8_t>(bytes.begin(), bytes.end());
}

NpyArray NpyArray::ofFloats(std::vector<size_t> shape, const std::vector<float>& values) {
  NpyArray array{std::move(shape), "<f4", std::string(values.size() * sizeof(float), '\0')};
  ENSURE(array.elements() == values.size());
  std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  return array;
}
NpyArray NpyArray::ofBytes(std::vector<size_t> shape, const std::vector<uint8_t>& values) {
  NpyArray array{std::move(shape), "|u1", std::string(values.begin(), values.end())};
  ENSURE(array.elements() == values.size());
  return array;
}

NpzFile::NpzFile(const std::string& path) : path_(path), bytes_(readFile(path)) {
  readDirectory();
}

static uint64_t numberAt(const std::string& bytes, uint64_t at, size_t width) {
  uint64_t value = 0;
  for (size_t i = 0; i < width; i++)
    value |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[at + i])) << (8 * i);
  return value;
}

void NpzFile::readDirectory() {
  const size_t end = bytes_.rfind("PK\5\6");
  if (end == std::string::npos || bytes_.size() - end < kEndRecord)
    throw UserError(path_ + " is no .npz file (a zip archive of arrays), or it is cut short");
  uint64_t at = numberAt(bytes_, end + 16, 4);
  const uint64_t count = numberAt(bytes_, end + 10, 2);
  for (uint64_t i = 0; i < count; i++) {
    if (at + kDirectoryEntry > end || bytes_.compare(at, 4, "PK\1\2") != 0)
      throw UserError(path_ + " is damaged: its list of members ends early");
    const uint64_t nameSize = numberAt(bytes_, at + 28, 2);
    if (at + kDirectoryEntry + nameSize > end)
      throw UserError(path_ + " is damaged: its list of members ends early");
    Member m;
    m.method = static_cast<int>(numberAt(bytes_, at + 10, 2));
    m.packedSize = numberAt(bytes_, at + 20, 4);
    m.size = numberAt(bytes_, at + 24, 4);
    m.header = numberAt(bytes_, at + 42, 4);
    m.name = bytes_.substr(at + kDirectoryEntry, nameSize);
    at += kDirectoryEntry + nameSize + numberAt(bytes_, at + 30, 2) + numberAt(bytes_, at + 32, 2);
    members_.push_back(std::move(m));
  }
}

std::string NpzFile::unpack(const Member& m) const {
  const std::string damaged = path_ + " is damaged: array '" + m.name + "' cannot be unpacked";
  if (m.header + kLocalHeader > bytes_.size() || m.size >= kMostBytes) throw UserError(damaged);
  const uint64_t from =
      m.header + kLocalHeader + numberAt(bytes_, m.header + 26, 2) + numberAt(bytes_, m.header + 28, 2);
  if (from > bytes_.size() || m.packedSize > bytes_.size() - from) throw UserError(damaged);
  // Deflate cannot do better than about 1032 to 1.
  if (m.size / 1100 > m.packedSize) throw UserError(damaged);
  if (m.method == 0 && m.size == m.packedSize) return bytes_.substr(from, m.size);
  std::string out = m.method == 8 ? inflateRaw(bytes_.data() + from, m.packedSize, m.size) : "";
  if (out.empty()) throw UserError(damaged);
  return out;
}

bool NpzFile::has(const std::string& array) const {
  for (const Member& m : members_)
    if (m.name == array + ".npy") return true;
  return false;
}

NpyArray NpzFile::read(const std::string& array) const {
  const std::string where = path_ + ", array '" + array + "': ";
  for (const Member& m : members_) {
    if (m.name != array + ".npy") continue;
    const std::string npy = unpack(m);
    if (npy.size() < 12 || npy.compare(0, 6, "\x93NUMPY") != 0)
      throw UserError(where + "not in numpy's format");
    const size_t lengthBytes = npy[6] == 1 ? 2 : 4;
    const uint64_t length = numberAt(npy, 8, lengthBytes), start = 8 + lengthBytes + length;
    if (start > npy.size()) throw UserError(where + "its header is cut short");
    const std::string header = npy.substr(8 + lengthBytes, length);
    NpyArray out;
    out.type = valueOf(header, "descr");
    if (out.type.size() > 2) out.type = out.type.substr(1, out.type.size() - 2);  // the quotes
    if ((out.type != "<f4" && out.type != "|u1") || valueOf(header, "fortran_order") != "False")
      throw UserError(where + "expected float32 or uint8 numbers in C order, but the header says " +
                      std::string(trim(header)));
    for (const std::string& extent : split(valueOf(header, "shape"), ',')) {
      if (trim(extent).empty()) continue;
      const auto n = tryInt(trim(extent));
      if (!n || *n < 0 || static_cast<uint64_t>(*n) > kMostBytes) throw UserError(where + "strange shape");
      out.shape.push_back(static_cast<size_t>(*n));
    }
    out.bytes = npy.substr(start);
    uint64_t expected = out.type == "<f4" ? 4 : 1;
    for (const size_t extent : out.shape) expected = expected > kMostBytes ? expected : expected * extent;
    if (expected != out.bytes.size())
      throw UserError(where + "holds " + std::to_string(out.bytes.size()) +
                      " bytes, but its shape asks for " + std::to_string(expected));
    return out;
  }
  throw UserError(path_ + " has no array '" + array + "'");
}

namespace {

void appendNumber(std::string& to, size_t value, size_t width) {
  for (; width > 0; width--, value >>= 8) to.push_back(static_cast<char>(value & 0xff));
}

std::string npyBytes(const NpyArray& array) {
  std::string header = "{'descr': '" + array.type + "', 'fortran_order': False, 'shape': (";
  for (const size_t extent : array.shape) header += std::to_string(extent) + ",";
  header += "), }";
  constexpr size_t kBefore = 10, kAlign = 64;  // numpy's rule: the numbers begin at a multiple of 64
  header.resize((kBefore + header.size() + 1 + kAlign - 1) / kAlign * kAlign - kBefore - 1, ' ');
  header += '\n';
  std::string out("\x93NUMPY\1\0", 8);
  appendNumber(out, header.size(), 2);
  return out + header + array.bytes;
}

}  // namespace

std::string npzBytes(const std::vector<std::pair<std::string, NpyArray>>& arrays) {
  constexpr size_t kFirstOfJanuary1980 = 0x21;  // the zip format has no "no date"
  std::string out, directory;
  for (const auto& [name, array] : arrays) {
    const std::string member = name + ".npy", content = npyBytes(array);
    ENSURE(content.size() < kMostBytes && out.size() < kMostBytes);
    std::string common;           // what the header of the member and its line in the directory share
    appendNumber(common, 20, 2);  // zip version 2.0
    appendNumber(common, 0, 4);   // no flags; stored
    appendNumber(common, 0, 2);   // midnight
    appendNumber(common, kFirstOfJanuary1980, 2);
    appendNumber(common, crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()), 4);
    appendNumber(common, content.size(), 4);
    appendNumber(common, content.size(), 4);
    appendNumber(common, member.size(), 2);
    appendNumber(common, 0, 2);
    directory += std::string("PK\1\2") + std::string("\x14\0", 2) + common;
    appendNumber(directory, 0, 10);  // no comment; disk 0; no attributes
    appendNumber(directory, out.size(), 4);
    directory += member;
    out += std::string("PK\3\4") + common + member + content;
  }
  const size_t start = out.size();
  out += directory + std::string("PK\5\6");
  appendNumber(out, 0, 4);
  appendNumber(out, arrays.size(), 2);
  appendNumber(out, arrays.size(), 2);
  appendNumber(out, directory.size(), 4);
  appendNumber(out, start, 4);
  appendNumber(out, 0, 2);
  return out;
}

}  // namespace ponnuki
