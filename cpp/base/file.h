// Reading and writing whole files. Errors are UserErrors that name the path and the reason.
#pragma once

#include <cstddef>
#include <string>

namespace ponnuki {

bool fileExists(const std::string& path);
bool isRegularFile(const std::string& path);  // also through a link
bool isPipe(const std::string& path);         // opening one may block
std::string readFile(const std::string& path);
// Undoes gzip when the content starts with its magic bytes, else returns the content as it is.
// Refuses to expand beyond maxBytes: a small file must not claim all memory.
std::string readMaybeGzip(const std::string& path, size_t maxBytes);
std::string gunzip(const std::string& bytes, const std::string& nameForErrors, size_t maxBytes);
bool isGzip(const std::string& bytes);
// One gzip member; level 1 (fast) to 9 (small). The same bytes on every machine with the same zlib: no time,
// no name.
std::string gzip(const std::string& bytes, int level);
void writeFile(const std::string& path, const std::string& content);
// Whole or not at all: written beside the path first, then renamed; what was there before stays until then.
void replaceFile(const std::string& path, const std::string& content);

}  // namespace ponnuki
