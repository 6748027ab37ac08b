# Cross-compiles for 64-bit ARM on Debian or Ubuntu; programs then run under qemu-user:
#   sh scripts/install_packages.sh arm64
#   sh scripts/foreign_zlib.sh arm64 build-arm64/zlib
#   cmake -S . -B build-arm64 -G Ninja --toolchain cmake/toolchains/aarch64-linux-gnu.cmake
# Header-only libraries are those of this machine; libc is the cross compiler's; zlib lies in zlib/ of the build folder.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/foreign.cmake)
# What `ctest` and `make arm64` run the programs with; -cpu can be given by QEMU_CPU.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
