// What a net that cannot be loaded is said to be wrong with.
#pragma once

#include <string>

#include "base/error.h"
#include "model/model_file.h"

namespace ponnuki::test {

// "" if it loads. The name decides how the bytes are read.
inline std::string loadError(const std::string& bytes, const std::string& name = "net.bin") {
  try {
    loadModelFromBytes(bytes, name);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace ponnuki::test
