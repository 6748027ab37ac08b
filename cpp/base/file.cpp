#include "base/file.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/error.h"

namespace ponnuki {
namespace {

constexpr size_t kChunk = size_t{1} << 20;

}  // namespace

bool fileExists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

bool isRegularFile(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

bool isPipe(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_fifo(path, error);
}

std::string readFile(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw UserError("Could not read " + path + ": it is a folder");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw UserError("Could not open file " + path + ": " + std::strerror(errno));
  std::string content;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size < (uint64_t{1} << 40)) content.reserve(static_cast<size_t>(size) + 1);
  char buffer[1 << 16];
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0)
    content.append(buffer, static_cast<size_t>(in.gcount()));
  if (in.bad()) throw UserError("Could not read file " + path + ": " + std::strerror(errno));
  return content;
}

bool isGzip(const std::string& bytes) {
  return bytes.size() >= 2 && static_cast<uint8_t>(bytes[0]) == 0x1f &&
         static_cast<uint8_t>(bytes[1]) == 0x8b;
}

std::string gunzip(const std::string& bytes, const std::string& name, size_t maxBytes) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw UserError("Could not start zlib to read " + name);
  const std::unique_ptr<z_stream, int (*)(z_stream*)> cleanup(&stream, inflateEnd);
  std::string out;
  size_t at = 0;  // of `bytes` handed to zlib
  for (;;) {
    if (stream.avail_in == 0 && at < bytes.size()) {
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + at));
      stream.avail_in = static_cast<uInt>(std::min(bytes.size() - at, kChunk * 64));
      at += stream.avail_in;
    }
    const size_t before = out.size();
    out.resize(before + std::min(kChunk, maxBytes + 1 - before));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(out.size() - before);
    const int result = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (out.size() > maxBytes)
      throw UserError(name + " expands to more than " + std::to_string(maxBytes) +
                      " bytes; refusing to read it");
    if (result == Z_STREAM_END) {
      if (stream.avail_in == 0 && at >= bytes.size()) return out;
      if (inflateReset(&stream) != Z_OK) throw UserError("Could not continue zlib to read " + name);
      continue;  // a further gzip member
    }
    if (result == Z_BUF_ERROR && stream.avail_in == 0 && at >= bytes.size())
      throw UserError(name + " is truncated: its gzip data ends early; download it again");
    if (result != Z_OK && result != Z_BUF_ERROR)
      throw UserError(name + " is damaged: " + (stream.msg ? stream.msg : "bad gzip data") +
                      "; download it again");
  }
}

std::string readMaybeGzip(const std::string& path, size_t maxBytes) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > maxBytes)
    throw UserError(path + " has more than " + std::to_string(maxBytes) + " bytes; refusing to read it");
  std::string bytes = readFile(path);
  return isGzip(bytes) ? gunzip(bytes, path, maxBytes) : bytes;
}

std::string gzip(const std::string& bytes, int level) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
    throw UserError("Could not start zlib to compress");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> cleanup(&stream, deflateEnd);
  std::string out;
  size_t at = 0;  // of `bytes` handed to zlib
  for (int result = Z_OK; result != Z_STREAM_END;) {
    if (stream.avail_in == 0 && at < bytes.size()) {
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + at));
      stream.avail_in = static_cast<uInt>(std::min(bytes.size() - at, kChunk * 64));
      at += stream.avail_in;
    }
    const size_t before = out.size();
    out.resize(before + kChunk);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(kChunk);
    result = deflate(&stream, at >= bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    ENSURE(result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR);
    out.resize(out.size() - stream.avail_out);
  }
  return out;
}

void writeFile(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.flush();
  if (!out) throw UserError("Could not write file " + path + ": " + std::strerror(errno));
}

void replaceFile(const std::string& path, const std::string& content) {
  const std::string unfinished = path + ".unfinished";
  writeFile(unfinished, content);
  if (std::rename(unfinished.c_str(), path.c_str()) == 0) return;
  const std::string reason = std::strerror(errno);
  std::remove(unfinished.c_str());
  throw UserError("Could not write file " + path + ": " + reason);
}

}  // namespace ponnuki
