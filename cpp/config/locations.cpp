// Where the engine looks for files when the command line does not say (spec analysis-cli-config 2.8).
#include <pwd.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "config/resolve.h"

namespace ponnuki {
namespace {

std::string directoryOfExecutable(const std::string& exePath) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) path = std::filesystem::canonical(exePath, error);
  return error ? "." : path.parent_path().string();
}

// The first existing candidate, else the first candidate of all in `first`.
std::string findFile(const std::string& exePath, const std::vector<std::string>& names, std::string& first) {
  for (const std::string& directory : {directoryOfExecutable(exePath), homeDataDirectory(nullptr)}) {
    for (const std::string& name : names) {
      const std::string path = directory + "/" + name;
      if (first.empty()) first = path;
      if (fileExists(path)) return path;
    }
  }
  return "";
}

// The user's line of the account list; null if there is none. On Linux read from the file itself: a program
// that has its C library linked in must not load the system's name services.
const passwd* accountOfUser() {
#ifdef __linux__
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/etc/passwd", "re"), std::fclose);
  while (file) {
    const passwd* account = fgetpwent(file.get());
    if (account == nullptr || account->pw_uid == getuid()) return account;
  }
  return nullptr;
#else
  return getpwuid(getuid());
#endif
}

}  // namespace

std::string homeDataDirectory(const Config* config) {
  if (config && config->has("homeDataDir")) return config->getString("homeDataDir");
  if (const char* home = std::getenv("HOME")) return std::string(home) + "/.katago";
  const passwd* account = accountOfUser();
  return account && account->pw_dir ? std::string(account->pw_dir) + "/.katago" : "./.katago";
}

std::string findDefaultModel(const std::string& exePath) {
  std::string first;
  return findFile(exePath, {"default_model.bin.gz", "default_model.txt.gz"}, first);
}

std::string findDefaultConfig(const std::string& exePath) {
  std::string first;
  return findFile(exePath, {"default_gtp.cfg"}, first);
}

std::string noDefaultModelText(const std::string& exePath) {
  return "-model MODELFILENAME.bin.gz was not specified to tell KataGo where to find the neural net model, "
         "and "
         "default was not found at " +
         directoryOfExecutable(exePath) + "/default_model.bin.gz";
}

}  // namespace ponnuki
