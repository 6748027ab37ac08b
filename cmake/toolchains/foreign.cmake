# What all toolchains for a foreign processor share; included by them.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
# Static: runs under qemu-user and on any Linux of that processor without further libraries.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")
# Built or fetched for the foreign processor: scripts/foreign_zlib.sh.
set(ZLIB_INCLUDE_DIR ${CMAKE_BINARY_DIR}/zlib/include CACHE PATH "")
set(ZLIB_LIBRARY ${CMAKE_BINARY_DIR}/zlib/lib/libz.a CACHE FILEPATH "")
