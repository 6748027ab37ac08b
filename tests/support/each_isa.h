// Running a test on every instruction set of this machine.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "backends/cpu/dispatch.h"

namespace ponnuki::test {

// The instruction set to test alone, or null: an emulated processor is slow, and scripts/test_arm64.sh gives
// each of its processes one, as tests/CMakeLists.txt does for tests/support/emulated_avx512.h.
inline const char* oneIsaAlone() {
  return std::getenv("PONNUKI_TEST_ISA");
}

// Those of this machine, or that one. A name that none of them has fails the test.
inline std::vector<const nn::KernelTable*> testedKernels() {
  std::vector<const nn::KernelTable*> tables = nn::usableKernels();
  if (const char* only = oneIsaAlone())
    std::erase_if(tables, [&](const nn::KernelTable* kernels) { return std::string(kernels->isa) != only; });
  REQUIRE_FALSE(tables.empty());
  return tables;
}

template <class Body>
void forEachIsa(Body body) {
  for (const nn::KernelTable* kernels : testedKernels()) {
    const std::string isa = kernels->isa;
    CAPTURE(isa);
    body(*kernels);
  }
}

}  // namespace ponnuki::test
