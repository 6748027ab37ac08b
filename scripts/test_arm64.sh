#!/bin/sh
# Runs what was cross-compiled for 64-bit ARM under qemu-user, on a processor with NEON alone and on one with the 8-bit
# dot product and half-precision arithmetic: unit tests of every kernel variant, the self-test of the whole engine, and the
# small nets against the recordings where there are some. Usage: test_arm64.sh BUILD-ARM64
set -eu
build=$1
here=$(dirname "$0")/..
shared=${KATAGO_SHARED_DIR:-$here/../shared}
qemu=qemu-aarch64-static
command -v "$qemu" > /dev/null || { echo "test_arm64.sh: $qemu is missing; run: sh scripts/install_packages.sh arm64" >&2; exit 1; }

# on CPU PROGRAM ARGUMENTS...
on() { cpu=$1; shift; "$qemu" -cpu "$cpu" "$@"; }
# The kernels that `auto` chooses on a processor are those expected.
chooses() {
  on "$1" "$build/katago" selftest -numpositions 1 > "$build/selftest.txt" || { cat "$build/selftest.txt"; exit 1; }
  cat "$build/selftest.txt"
  grep -q "^Comparing $2 " "$build/selftest.txt" || { echo "test_arm64.sh: expected the $2 kernels on a $1" >&2; exit 1; }
}
# agrees CPU ISA PRECISION NET: recorded outputs of a net
agrees() {
  on "$1" "$build/katago-conformance" nn --isa "$2" --precision "$3" --model "$shared/models/$4.bin.gz" \
    --games "$shared/golden/rules/games.jsonl.gz" "$shared/golden/nn/$4.jsonl.gz"
}

for cpu in cortex-a53 cortex-a76; do
  echo "== $cpu"
  on "$cpu" "$build/tests/test_base"
  on "$cpu" "$build/tests/test_backends"
done
chooses cortex-a53 baseline
chooses cortex-a76 fp16
if on cortex-a53 "$build/katago" gtp -override-config cpuIsa=fp16 < /dev/null > /dev/null 2> "$build/refused.txt" ||
   ! grep -q "cpuIsa = fp16" "$build/refused.txt"; then
  echo "test_arm64.sh: a Cortex-A53 must refuse cpuIsa=fp16 with a message; it said:" >&2
  cat "$build/refused.txt" >&2
  exit 1
fi
if [ -f "$shared/golden/rules/games.jsonl.gz" ]; then
  for net in b1c6nbt-mish t-v11-relu t-v17-nbt; do
    agrees cortex-a53 baseline fp32 "$net"
    agrees cortex-a76 dotprod fp32 "$net"
    agrees cortex-a76 fp16 half "$net"
  done
else
  echo "skipped: no recordings at $shared/golden; set KATAGO_SHARED_DIR"
fi
