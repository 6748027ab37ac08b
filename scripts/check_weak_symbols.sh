#!/bin/sh
# Objects compiled for one instruction set must not define weak symbols: the linker would keep one copy for all
# variants, and an old CPU could run code meant for a new one. Usage: check_weak_symbols.sh BUILD
set -eu
found=0
count=0
for object in $(find "$1" -path '*backends/cpu*' -name 'kernel_table*.o' 2>/dev/null); do
  count=$((count + 1))
  weak=$(nm -C "$object" | awk '$2 ~ /^[WVu]$/' || true)
  if [ -n "$weak" ]; then
    echo "$object defines weak symbols:" >&2
    echo "$weak" >&2
    found=1
  fi
done
[ "$count" -gt 0 ] || { echo "no per-ISA objects below $1; run make build first" >&2; exit 1; }
[ "$found" = 0 ] && echo "weak symbols: none in $count per-ISA objects"
exit "$found"
