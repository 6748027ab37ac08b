// The bytes of a model file, and a stream over their uncompressed content. Streaming keeps the memory of
// loading near that of the weights alone. One thread. Texts of errors: spec model-and-network 2.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ponnuki {

// A problem of the container rather than of the model inside: reading it again another way does not help.
class ContainerError : public UserError {
 public:
  using UserError::UserError;
};

// A whole file, mapped where the system can. Owns the mapping.
class FileBytes {
 public:
  explicit FileBytes(const std::string& path);
  ~FileBytes();
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  std::string_view view() const { return {data_, size_}; }
  // What lies before this place of view() will hardly be read again: its pages need not stay in memory.
  void forgetBefore(const char* place) const;

 private:
  const char* data_ = nullptr;
  size_t size_ = 0;
  bool mapped_ = false;
  mutable size_t forgotten_ = 0;  // bytes at the start
  std::string copy_;
};

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual size_t read(char* to, size_t count) = 0;  // fewer than count only at the end
  virtual uint64_t mostLeft() const = 0;            // no more bytes than this can still come
};

// `file`, if not null, owns the bytes and is told what has been read; it must outlive the source.
std::unique_ptr<ByteSource> plainSource(std::string_view bytes, const FileBytes* file);
// One gzip or zlib stream that must end with the bytes. Throws ContainerError; `fileName` is for its message.
std::unique_ptr<ByteSource> inflatingSource(std::string_view bytes, const std::string& fileName,
                                            const FileBytes* file);

}  // namespace ponnuki
