# Cross-compiles for 32-bit ARM with hardware floating point (Raspberry Pi OS 32-bit on a Pi 2 or later) on Debian or
# Ubuntu; programs then run under qemu-user:
#   sh scripts/install_packages.sh armhf
#   sh scripts/foreign_zlib.sh armhf build-armhf/zlib
#   cmake -S . -B build-armhf -G Ninja --toolchain cmake/toolchains/arm-linux-gnueabihf.cmake
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(CMAKE_C_COMPILER arm-linux-gnueabihf-gcc)
set(CMAKE_CXX_COMPILER arm-linux-gnueabihf-g++)
set(CMAKE_LIBRARY_ARCHITECTURE arm-linux-gnueabihf)
# Every Pi since the 2 (Cortex-A7) has NEON with fused multiply-add. GCC has a note for every class whose
# passing changed in its version 7.
set(CMAKE_CXX_FLAGS_INIT "-march=armv7-a+neon-vfpv4 -mfpu=neon-vfpv4 -Wno-psabi")
include(${CMAKE_CURRENT_LIST_DIR}/foreign.cmake)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-arm-static)
