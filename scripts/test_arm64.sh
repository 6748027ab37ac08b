#!/bin/sh
# Runs what was cross-compiled for 64-bit ARM under qemu-user, on an old and a new processor: kernel tests, a small
# net against the recordings where there are some, and the self-test of the whole engine.
# Usage: test_arm64.sh BUILD-ARM64
set -eu
build=$1
here=$(dirname "$0")/..
shared=${KATAGO_SHARED_DIR:-$here/../shared}
small=b1c6nbt-mish
net=$(mktemp -d)/random.bin.gz
trap 'rm -rf "$(dirname "$net")"' EXIT
qemu=qemu-aarch64-static

"$qemu" "$build/katago" randomnet -architecture b6c96 -output "$net"
for cpu in cortex-a53 max; do
  echo "== $cpu"
  "$qemu" -cpu "$cpu" "$build/tests/test_base"
  "$qemu" -cpu "$cpu" "$build/tests/test_backends"
  "$qemu" -cpu "$cpu" "$build/katago" selftest -model "$net" -numpositions 1
  recordings=$shared/golden/nn/$small.jsonl.gz
  if [ -f "$recordings" ]; then
    "$qemu" -cpu "$cpu" "$build/katago-conformance" nn --model "$shared/models/$small.bin.gz" \
      --games "$shared/golden/rules/games.jsonl.gz" "$recordings"
  else
    echo "skipped: no recordings at $recordings; set KATAGO_SHARED_DIR"
  fi
done
