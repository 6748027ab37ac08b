#include "model/builtin_net.h"

#ifdef PONNUKI_BUILTIN_NET

#if defined(__APPLE__)
__asm__(
    ".const_data\n"
    ".globl _ponnukiBuiltinNet\n"
    "_ponnukiBuiltinNet: .incbin \"" PONNUKI_BUILTIN_NET
    "\"\n"
    ".globl _ponnukiBuiltinNetEnd\n"
    "_ponnukiBuiltinNetEnd: .byte 0\n"
    ".text\n");
#else
__asm__(
    ".pushsection .rodata.ponnukiBuiltinNet, \"a\", %progbits\n"
    ".global ponnukiBuiltinNet\n"
    ".hidden ponnukiBuiltinNet\n"
    "ponnukiBuiltinNet: .incbin \"" PONNUKI_BUILTIN_NET
    "\"\n"
    ".global ponnukiBuiltinNetEnd\n"
    ".hidden ponnukiBuiltinNetEnd\n"
    "ponnukiBuiltinNetEnd: .byte 0\n"
    ".popsection\n");
#endif

extern "C" const char ponnukiBuiltinNet[];
extern "C" const char ponnukiBuiltinNetEnd[];

namespace ponnuki {

std::string_view builtinNet() {
  return {ponnukiBuiltinNet, static_cast<size_t>(ponnukiBuiltinNetEnd - ponnukiBuiltinNet)};
}

}  // namespace ponnuki

#else

namespace ponnuki {

std::string_view builtinNet() {
  return {};
}

}  // namespace ponnuki

#endif
