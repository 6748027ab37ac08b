# The net that is compiled into the program: -DPONNUKI_BUILTIN_NET=FILE, or OFF for none. See models/README.md.
set(PONNUKI_BUILTIN_NET "${CMAKE_SOURCE_DIR}/models/ponnuki.bin.gz" CACHE STRING
    "Gzipped binary model file to compile into the program, or OFF")
if(PONNUKI_BUILTIN_NET AND EXISTS "${PONNUKI_BUILTIN_NET}")
  set_source_files_properties(${CMAKE_SOURCE_DIR}/cpp/model/builtin_net.cpp PROPERTIES
    COMPILE_DEFINITIONS "PONNUKI_BUILTIN_NET=\"${PONNUKI_BUILTIN_NET}\"" OBJECT_DEPENDS "${PONNUKI_BUILTIN_NET}")
elseif(PONNUKI_BUILTIN_NET)
  message(STATUS "No built-in net: ${PONNUKI_BUILTIN_NET} is missing")
endif()
