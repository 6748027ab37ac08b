#include "config/config_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace ponnuki {
namespace {

bool isKeyChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
bool isBlank(char c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

size_t skipBlanks(std::string_view s, size_t at) {
  while (at < s.size() && isBlank(s[at])) at++;
  return at;
}

// The text of a quoted value that starts at s[at] == '"'; nothing if the quote is not closed or other text
// follows.
std::optional<std::string> quotedValue(std::string_view s, size_t at) {
  std::string value;
  for (at++; at < s.size(); at++) {
    if (s[at] == '\\') {
      if (++at == s.size()) return std::nullopt;
      value += s[at];
    } else if (s[at] == '"') {
      at = skipBlanks(s, at + 1);
      return at == s.size() || s[at] == '#' ? std::optional(value) : std::nullopt;
    } else {
      value += s[at];
    }
  }
  return std::nullopt;
}

// `line` is trimmed and neither empty, a comment nor a directive.
std::optional<std::pair<std::string, std::string>> parseKeyValue(std::string_view line) {
  size_t at = 0;
  while (at < line.size() && isKeyChar(line[at])) at++;
  const std::string key(line.substr(0, at));
  at = skipBlanks(line, at);
  if (key.empty() || at == line.size() || line[at] != '=') return std::nullopt;
  at = skipBlanks(line, at + 1);
  std::optional<std::string> value;
  if (at < line.size() && line[at] == '"')
    value = quotedValue(line, at);
  else
    value = std::string(trim(line.substr(at).substr(0, line.substr(at).find('#'))));
  if (!value || value->empty()) return std::nullopt;
  return std::pair(key, *value);
}

std::string place(const std::string& file, int lineNumber) {
  return ", line " + std::to_string(lineNumber) + " in '" + file + "'";
}

std::string directoryOf(const std::string& path) {
  const size_t at = path.find_last_of("/\\");
  return at == std::string::npos ? "" : path.substr(0, at + 1);
}

}  // namespace

void ConfigReader::readTopLevelFile(const std::string& path) {
  readFile(path, "");
}

void ConfigReader::readFile(const std::string& path, const std::string& where) {
  if (!filesSeen_.insert(path).second)
    throw UserError("Circular or multiple inclusion of the same file: '" + path + "'" + where);
  if (!fileExists(path))
    throw UserError("Could not open file " + path + " - does not exist or invalid permissions?");
  readText(ponnuki::readFile(path), path);
}

void ConfigReader::readText(const std::string& text, const std::string& name) {
  std::set<std::string> keysOfThisFile;
  int lineNumber = 0;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line(trim(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
    lineNumber++;
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '@') {
      readDirective(line, name, lineNumber);
      continue;
    }
    const auto pair = parseKeyValue(line);
    if (!pair) throw UserError("Could not parse key value pair" + place(name, lineNumber));
    if (!keysOfThisFile.insert(pair->first).second)
      throw UserError("Key '" + pair->first + "' + was specified multiple times in " + name +
                      ", you probably didn't mean to do this, please delete one of them");
    values_[pair->first] = pair->second;
  }
}

void ConfigReader::readDirective(const std::string& rawLine, const std::string& file, int lineNumber) {
  const std::string where = place(file, lineNumber);
  const std::string line(trim(rawLine.substr(0, rawLine.find('#'))));
  if (line.size() < 9) throw UserError("Unsupported @ directive" + where);
  const size_t at = line.find_first_of(" \t\v\f=");
  const std::string word = line.substr(0, at);
  if (word != "@include") throw UserError("Unsupported @ directive '" + word + "'" + where);
  if (at == std::string::npos)
    throw UserError("@ directive without value (key-val separator is not found)" + where);
  const size_t start = line.find_first_not_of(" \t\v\f=", at);
  if (start == std::string::npos)
    throw UserError("@ directive without value (value after key-val separator is not found)" + where);
  std::string name = line.substr(start);
  for (const char quote : {'\'', '"', '\''}) {
    if (name.size() >= 2 && name.front() == quote && name.back() == quote)
      name = name.substr(1, name.size() - 2);
  }
  if (startsWith(name, "/") || startsWith(name, "\\"))
    throw UserError("Absolute paths in the included files are not supported yet");
  readFile(directoryOf(file) + name, where);
}

}  // namespace ponnuki
