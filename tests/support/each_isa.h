// Running a test on every instruction set of this machine.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "backends/cpu/dispatch.h"

namespace ponnuki::test {

template <class Body>
void forEachIsa(Body body) {
  for (const nn::KernelTable* kernels : nn::usableKernels()) {
    const std::string isa = kernels->isa;
    CAPTURE(isa);
    body(*kernels);
  }
}

}  // namespace ponnuki::test
