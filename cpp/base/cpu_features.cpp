#include "base/cpu_features.h"

namespace ponnuki {

#if defined(__x86_64__)
// The builtin reads XCR0 too: a feature counts only if the system saves its registers.
bool cpuHasAvx2() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
bool cpuHasAvx512() {
  __builtin_cpu_init();
  return cpuHasAvx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}
#else
bool cpuHasAvx2() {
  return false;
}
bool cpuHasAvx512() {
  return false;
}
#endif

}  // namespace ponnuki
