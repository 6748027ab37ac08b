#include <cstdio>
#include <exception>

#include "app/commands.h"
#include "engine/version.h"
#include "game/point.h"
#include "graph/backend.h"

namespace ponnuki {
namespace {

// The reference's names of backends; clients show them.
std::string backendLine() {
  const std::string name(nn::makeBackend({})->name());
  if (name == "cuda")
    return "Using CUDA backend";
  if (name == "opencl")
    return "Using OpenCL backend";
  if (name == "metal")
    return "Using Metal backend";
  return "Using Eigen(CPU) backend";
}

}  // namespace

std::string versionText() {
  std::string text = std::string(kBanner) + "\nGit revision: " + kGitRevision + "\nCompile Time: " + __DATE__ + " " +
                     __TIME__ + "\n" + backendLine() + "\n";
  if (kMaxBoardLen > 19)
    text += "Compiled to allow boards of size up to " + std::to_string(kMaxBoardLen) + "\n";
  return text + "Implementation: " + kProjectName + "\n";
}

int runVersion(const CommandLine&) {
  std::printf("%s", versionText().c_str());
  return 0;
}

}  // namespace ponnuki
