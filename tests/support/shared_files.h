// Where tests find nets and recorded data: $KATAGO_SHARED_DIR, or a folder "shared" beside the project.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ponnuki::test {

// The path of shared/<relative>, or "" if it is not at hand: the test should say so and pass.
inline std::string sharedFile(const std::string& relative) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (const char* folder = std::getenv("KATAGO_SHARED_DIR")) {
    const fs::path path = fs::path(folder) / relative;
    return fs::exists(path, error) ? path.string() : "";
  }
  for (fs::path at = fs::current_path(error); !at.empty(); at = at.parent_path()) {
    const fs::path path = at / "shared" / relative;
    if (fs::exists(path, error)) return path.string();
    if (at == at.root_path()) break;
  }
  return "";
}

}  // namespace ponnuki::test
