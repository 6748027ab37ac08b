#include "base/cpu_features.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

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
// Leaf 7, subleaf 1, register EAX: not every compiler's builtin knows these by name.
static bool leaf7Bit(int bit) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) &&
         (a >> bit & 1);
}
bool cpuHasAvxVnni() {
  return cpuHasAvx2() && leaf7Bit(4);
}
bool cpuHasAvx512Vnni() {
  return cpuHasAvx512() && __builtin_cpu_supports("avx512vnni");
}
bool cpuHasAvx512Bf16() {
  return cpuHasAvx512Vnni() && leaf7Bit(5);
}
bool cpuHasFastPairs() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!cpuHasAvx2() || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  constexpr int kClflushopt = 23, kVaes = 9;  // came with Skylake; with Zen 3
  return __builtin_cpu_is("intel") ? b >> kClflushopt & 1 : c >> kVaes & 1;
}
#else
bool cpuHasFastPairs() {
  return false;
}
bool cpuHasAvxVnni() {
  return false;
}
bool cpuHasAvx512Vnni() {
  return false;
}
bool cpuHasAvx512Bf16() {
  return false;
}
bool cpuHasAvx2() {
  return false;
}
bool cpuHasAvx512() {
  return false;
}
#endif

#if defined(__aarch64__) && defined(__linux__)
// Bits of AT_HWCAP, part of the kernel's binary interface: FPHP, ASIMDHP and ASIMDDP.
static bool hwcap(int bit) {
  return getauxval(AT_HWCAP) >> bit & 1;
}
bool cpuHasDotProduct() {
  return hwcap(20);
}
bool cpuHasHalfArithmetic() {
  return cpuHasDotProduct() && hwcap(9) && hwcap(10);
}
#else
bool cpuHasDotProduct() {
  return false;
}
bool cpuHasHalfArithmetic() {
  return false;
}
#endif

namespace {

int allowedProcessors() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return static_cast<int>(std::thread::hardware_concurrency());
}

// Processors' worth of time that the control group allows; 0 = no limit.
double quota() {
  double limit = 0, period = 0;
  std::string first;
  std::ifstream v2("/sys/fs/cgroup/cpu.max");  // "max 100000" or "150000 100000"
  if (v2 >> first >> period) return first == "max" || period <= 0 ? 0 : std::atof(first.c_str()) / period;
  std::ifstream v1("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), v1Period("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  if (v1 >> limit && v1Period >> period && limit > 0 && period > 0) return limit / period;
  return 0;
}

int countCores() {
  const int processors = std::max(1, allowedProcessors());
  const double limit = quota();
  return limit > 0 ? std::clamp(static_cast<int>(std::ceil(limit)), 1, processors) : processors;
}

}  // namespace

int usableCores() {
  static const int cores = countCores();
  return cores;
}

}  // namespace ponnuki
