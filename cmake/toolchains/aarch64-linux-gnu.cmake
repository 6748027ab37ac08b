# Cross-compiles for 64-bit ARM on Debian or Ubuntu; programs then run under qemu-user:
#   scripts/install_packages.sh arm64
#   cmake -S . -B build-arm64 -G Ninja --toolchain cmake/toolchains/aarch64-linux-gnu.cmake
# Header-only libraries are those of this machine, zlib and libc those of the arm64 packages.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
# What `ctest` and `make arm64` run the programs with; -cpu can be given by QEMU_CPU.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
# Static: runs under qemu-user and on any 64-bit ARM Linux without further libraries.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")
set(ZLIB_USE_STATIC_LIBS ON)
