// The ceiling of the float32 kernels on this machine.
#pragma once

#include "backends/cpu/kernels/kernel_table.h"

namespace ponnuki::nn {

// GFLOP/s of one thread that multiplies matrices in its first-level cache; takes some milliseconds.
double peakOfOneThread(const KernelTable& kernels);

}  // namespace ponnuki::nn
