#include "base/memory.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>

namespace ponnuki {

namespace {

size_t physicalBytes() {
#if defined(_SC_PHYS_PAGES) && defined(_SC_PAGESIZE)
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  if (pages > 0 && size > 0) return static_cast<size_t>(pages) * static_cast<size_t>(size);
#endif
  return 0;
}

// Linux containers; the files are absent elsewhere, and say "max" or a huge number where there is no limit.
size_t containerBytes() {
  for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream in(path);
    uint64_t bytes = 0;
    if (in >> bytes && bytes > 0) return bytes;
  }
  return 0;
}

}  // namespace

size_t usableMemoryBytes() {
  const size_t machine = physicalBytes(), container = containerBytes();
  if (machine == 0 || container == 0) return std::max(machine, container);
  return std::min(machine, container);
}

}  // namespace ponnuki
