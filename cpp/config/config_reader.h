// Reads config text and files, with @include, into a map of keys (spec analysis-cli-config 2.1, 2.2). A key
// read later replaces one of another file; twice in one file is an error. Internal to config/.
#pragma once

#include <map>
#include <set>
#include <string>

namespace ponnuki {

class ConfigReader {
 public:
  explicit ConfigReader(std::map<std::string, std::string>& values) : values_(values) {}

  void readTopLevelFile(const std::string& path);  // one -config
  void readText(const std::string& text, const std::string& name);

 private:
  void readFile(const std::string& path, const std::string& where);
  void readDirective(const std::string& line, const std::string& file, int lineNumber);

  std::map<std::string, std::string>& values_;
  std::set<std::string> filesSeen_;  // names as written
};

}  // namespace ponnuki
