#!/bin/sh
# Runs what was cross-compiled for 64-bit ARM under qemu-user, as a processor with NEON alone (Cortex-A53) and as one with
# the 8-bit dot product and half-precision arithmetic (Cortex-A76): the unit tests of every kernel variant, the self-test
# of the whole engine with the kernels that each processor gets, and the small nets against the recordings where there are
# some. Usage: test_arm64.sh BUILD-ARM64
set -eu
build=$1
here=$(dirname "$0")/..
shared=${KATAGO_SHARED_DIR:-$here/../shared}
qemu=qemu-aarch64-static

fail() { echo "test_arm64.sh: $*" >&2; exit 1; }
# on CPU PROGRAM ARGUMENTS...
on() { cpu=$1; shift; "$qemu" -cpu "$cpu" "$@"; }

# kernels CPU ISA: the unit tests of the kernels, with those alone
kernels() { PONNUKI_TEST_ISA=$2 on "$1" "$build/tests/test_backends"; }
# base CPU: the other unit tests that depend on the processor
base() { on "$1" "$build/tests/test_base"; }
# chooses CPU ISA: those are the kernels that `auto` chooses, and the engine computes the right thing with them
chooses() {
  said=$(on "$1" "$build/katago" selftest -numpositions 1) || fail "the self-test failed: $said"
  echo "$said"
  case "$said" in "Comparing $2 "*) ;; *) fail "expected the $2 kernels on a $1" ;; esac
}
# refuses CPU ISA: kernels that the processor does not have are refused with a message, not with a crash
refuses() {
  if said=$(on "$1" "$build/katago" gtp -override-config "cpuIsa=$2" < /dev/null 2>&1); then fail "a $1 accepted $2"; fi
  case "$said" in *"cpuIsa = $2"*) ;; *) fail "a $1 must refuse cpuIsa=$2 with a message; it said: $said" ;; esac
}
# agrees CPU ISA PRECISION NET: recorded outputs of a net
agrees() {
  on "$1" "$build/katago-conformance" nn --isa "$2" --precision "$3" --model "$shared/models/$4.bin.gz" \
    --games "$shared/golden/rules/games.jsonl.gz" "$shared/golden/nn/$4.jsonl.gz"
}

# The longest first. Every variant of the kernels is tested once, on the least processor that has it.
tasks() {
  echo kernels cortex-a76 fp16
  echo kernels cortex-a76 dotprod
  echo kernels cortex-a53 baseline
  echo base cortex-a53
  echo base cortex-a76
  echo chooses cortex-a53 baseline
  echo chooses cortex-a76 fp16
  echo refuses cortex-a53 fp16
  [ -f "$shared/golden/rules/games.jsonl.gz" ] || return 0
  for net in b1c6nbt-mish t-v11-relu t-v17-nbt; do
    echo agrees cortex-a53 baseline fp32 "$net"
    echo agrees cortex-a76 dotprod fp32 "$net"
    # The random policy of t-v11-relu is so flat that two moves change places within the noise: 1 of 40 positions is over 1%.
    [ "$net" = t-v11-relu ] || echo agrees cortex-a76 fp16 half "$net"
  done
}

# With a task behind BUILD-ARM64, as xargs calls it below: that task alone, its output in one piece.
if [ $# -gt 1 ]; then
  shift
  output=$( ("$@") 2>&1) && status=0 || status=1
  printf '== %s\n%s\n' "$*" "$output"
  exit $status
fi
command -v "$qemu" > /dev/null || fail "$qemu is missing; run: sh scripts/install_packages.sh arm64"
[ -f "$shared/golden/rules/games.jsonl.gz" ] || echo "skipped: no recordings at $shared/golden; set KATAGO_SHARED_DIR"
tasks | xargs -P "$(nproc)" -L 1 sh "$0" "$build" || fail "failed: see above"
