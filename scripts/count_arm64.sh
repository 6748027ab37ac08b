#!/bin/sh
# How many instructions one evaluation of a net takes on 64-bit ARM, counted under qemu-user where no board is at hand.
# Usage: count_arm64.sh KATAGO-ARM64 CPU PRECISION NET.bin.gz ...
# CPU as qemu names it: cortex-a53 (NEON), cortex-a76 (8-bit dot product). Needs the Debian packages qemu-user and gcc.
set -eu
[ $# -ge 4 ] || { sed -n 's/^# //p' "$0" >&2; exit 2; }
katago=$1 cpu=$2 precision=$3
shift 3
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
gcc -shared -fPIC -O2 -o "$folder/count.so" "$(dirname "$0")/count_instructions.c"

# instructions NET N: of a run that evaluates N positions of 19x19
instructions() {
  {
    printf 'boardsize 19\nplay b q16\n'
    for move in d4 q3 d17 c3; do
      printf 'play w %s\nkata-raw-nn 0\n' "$move"
    done | head -n $((2 * $2)) | sed 's/^play w \(q3\|c3\)/play b \1/'
    printf 'quit\n'
  } > "$folder/commands"
  qemu-aarch64 -cpu "$cpu" -plugin "$folder/count.so" "$katago" gtp -model "$1" -override-config \
    "precision=$precision,numSearchThreads=1,nnMaxBatchSize=1,nnRandomize=false,logDir=,logToStderr=false,maxVisits=1" \
    < "$folder/commands" 2>&1 > "$folder/answers" | sed -n 's/^instructions //p'
  [ "$(grep -c whiteWin "$folder/answers")" = "$2" ] || { echo "count_arm64.sh: $1: no answers" >&2; exit 1; }
}

for net in "$@"; do
  one=$(instructions "$net" 1)
  four=$(instructions "$net" 4)
  echo "$(basename "$net") $precision on $cpu: $(((four - one) / 3000000)) million instructions an evaluation"
done
