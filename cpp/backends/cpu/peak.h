// The ceilings of the kernels on this machine.
#pragma once

#include "backends/cpu/kernels/kernel_table.h"

namespace ponnuki::nn {

// GFLOP/s of one thread that multiplies matrices in its first-level cache; takes some milliseconds.
double peakOfOneThread(const KernelTable& kernels);
// The same for the bare instructions of a product of 8-bit integers, in 10^9 operations a second (a product
// and its addition are two).
double int8PeakOfOneThread(const KernelTable& kernels);

}  // namespace ponnuki::nn
