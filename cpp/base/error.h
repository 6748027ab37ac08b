// Errors a person can fix, and checks for errors of ours.
//
// UserError carries one complete message: what was found, where (file:line, key or field), what was expected
// and what to do. It is caught at the line loop of a front end or in main(), never swallowed in between.
// ENSURE states an invariant at a module boundary and stays on in release builds; use assert() in hot code.
#pragma once

#include <stdexcept>
#include <string>

namespace ponnuki {

class UserError : public std::runtime_error {
 public:
  explicit UserError(const std::string& message) : std::runtime_error(message) {}
};

// A ENSURE that failed: a bug of ours.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void checkFailed(const char* condition, const char* file, int line);

}  // namespace ponnuki

#define ENSURE(condition) \
  ((condition) ? static_cast<void>(0) : ::ponnuki::checkFailed(#condition, __FILE__, __LINE__))
