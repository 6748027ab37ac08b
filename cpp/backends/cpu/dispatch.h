// Chooses the kernels for this machine. The tables are constants; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "backends/cpu/kernels/kernel_table.h"

namespace ponnuki::nn {

// "auto": the best one. Throws UserError for an unknown name or one this machine cannot run.
const KernelTable& chooseKernels(const std::string& isa);
std::vector<const KernelTable*> usableKernels();  // slowest first
// For tests, before anything else: kernels that "auto" does not choose. Not thread-safe.
void addKernels(const KernelTable* table);

}  // namespace ponnuki::nn
