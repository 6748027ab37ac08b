#include "model/byte_source.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "base/file.h"

#if defined(__unix__) || defined(__APPLE__)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#define PONNUKI_CAN_MAP_FILES 1
#endif

namespace ponnuki {
namespace {

constexpr uint64_t kMostExpansion = 1040;  // deflate cannot expand data further than 1032 times

#ifdef PONNUKI_CAN_MAP_FILES
// nullptr for whatever cannot be mapped: pipes, empty files, strange file systems.
const char* mapFile(const std::string& path, size_t& size) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  struct stat status {};
  void* mapped = MAP_FAILED;
  if (::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
    size = static_cast<size_t>(status.st_size);
    mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  }
  ::close(file);
  return mapped == MAP_FAILED ? nullptr : static_cast<const char*>(mapped);
}
#endif

class PlainSource : public ByteSource {
 public:
  PlainSource(std::string_view bytes, const FileBytes* file) : left_(bytes), file_(file) {}
  size_t read(char* to, size_t count) override {
    count = std::min(count, left_.size());
    std::copy_n(left_.data(), count, to);
    left_.remove_prefix(count);
    if (file_) file_->forgetBefore(left_.data());
    return count;
  }
  uint64_t mostLeft() const override { return left_.size(); }

 private:
  std::string_view left_;
  const FileBytes* file_;
};

class InflatingSource : public ByteSource {
 public:
  InflatingSource(std::string_view bytes, std::string fileName, const FileBytes* file)
      : left_(bytes), fileName_(std::move(fileName)), file_(file) {
    if (inflateInit2(&stream_, 15 + 32) != Z_OK) fail("Z_MEM_ERROR.");
  }
  ~InflatingSource() override { inflateEnd(&stream_); }
  InflatingSource(const InflatingSource&) = delete;
  InflatingSource& operator=(const InflatingSource&) = delete;

  size_t read(char* to, size_t count) override {
    size_t done = 0;
    while (done < count && !ended_) {
      refill();
      const size_t step = std::min(count - done, kStep);
      stream_.next_out = reinterpret_cast<Bytef*>(to + done);
      stream_.avail_out = static_cast<uInt>(step);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      const size_t got = step - stream_.avail_out;
      done += got;
      check(result, got);
    }
    return done;
  }
  uint64_t mostLeft() const override {
    return ended_ ? 0 : (left_.size() + stream_.avail_in + 64) * kMostExpansion;
  }

 private:
  static constexpr size_t kStep = size_t{1} << 24;
  static constexpr size_t kInputStep = size_t{1} << 22;

  void refill() {
    if (stream_.avail_in > 0 || left_.empty()) return;
    if (file_) file_->forgetBefore(left_.data());
    const size_t step = std::min(left_.size(), kInputStep);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(left_.data()));
    stream_.avail_in = static_cast<uInt>(step);
    left_.remove_prefix(step);
  }
  void check(int result, size_t got) {
    const bool inputUsedUp = stream_.avail_in == 0 && left_.empty();
    if (result == Z_STREAM_END) {
      ended_ = true;
      if (!inputUsedUp) fail("not all input was consumed. Invalid or corrupt file?");
    } else if (result == Z_OK || result == Z_BUF_ERROR) {
      if (got == 0 && inputUsedUp) fail("reached unexpected end of input.");
    } else if (result == Z_DATA_ERROR) {
      fail("Z_DATA_ERROR. Invalid file?");
    } else if (result == Z_NEED_DICT) {
      fail("Z_NEED_DICT. Invalid file?");
    } else if (result == Z_MEM_ERROR) {
      fail("Z_MEM_ERROR. Invalid file?");
    } else {
      fail("Z_STREAM_ERROR. Invalid or corrupt file?");
    }
  }
  [[noreturn]] void fail(const char* what) const {
    throw ContainerError(std::string("Error while ungzipping file, ") + what + " File: " + fileName_);
  }

  z_stream stream_{};
  std::string_view left_;
  std::string fileName_;
  const FileBytes* file_;
  bool ended_ = false;
};

}  // namespace

FileBytes::FileBytes(const std::string& path) {
#ifdef PONNUKI_CAN_MAP_FILES
  data_ = mapFile(path, size_);
  mapped_ = data_ != nullptr;
#endif
  if (mapped_) return;
  try {
    copy_ = readFile(path);
  } catch (const UserError&) {
    throw ContainerError("Could not open file " + path + " - does not exist or invalid permissions?");
  }
  data_ = copy_.data();
  size_ = copy_.size();
}

FileBytes::~FileBytes() {
#ifdef PONNUKI_CAN_MAP_FILES
  if (mapped_) ::munmap(const_cast<char*>(data_), size_);
#endif
}

void FileBytes::forgetBefore(const char* place) const {
#ifdef PONNUKI_CAN_MAP_FILES
  constexpr size_t kWorthIt = size_t{1} << 20, kPage = size_t{1} << 16;  // a multiple of any page size in use
  const size_t whole = static_cast<size_t>(place - data_) / kPage * kPage;
  if (!mapped_ || whole < forgotten_ + kWorthIt) return;
  ::madvise(const_cast<char*>(data_) + forgotten_, whole - forgotten_, MADV_DONTNEED);
  forgotten_ = whole;
#else
  (void)place;
#endif
}

std::unique_ptr<ByteSource> plainSource(std::string_view bytes, const FileBytes* file) {
  return std::make_unique<PlainSource>(bytes, file);
}

std::unique_ptr<ByteSource> inflatingSource(std::string_view bytes, const std::string& fileName,
                                            const FileBytes* file) {
  return std::make_unique<InflatingSource>(bytes, fileName, file);
}

}  // namespace ponnuki
