// Number formats of tensors and weights in a backend. Accumulations are at least F32 whatever the dtype.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ponnuki::nn {

enum class DType : uint8_t { F32, F16, BF16, I8 };

constexpr size_t dtypeBytes(DType t) {
  switch (t) {
    case DType::F32:
      return 4;
    case DType::F16:
    case DType::BF16:
      return 2;
    case DType::I8:
      return 1;
  }
  return 4;
}
constexpr std::string_view dtypeName(DType t) {
  constexpr std::string_view kNames[] = {"f32", "f16", "bf16", "i8"};
  return kNames[static_cast<size_t>(t)];
}

}  // namespace ponnuki::nn
