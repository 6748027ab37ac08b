#!/bin/sh
# Unpacks a package into an empty folder and uses it as a person would who has nothing else: no compiler, no net, no
# settings. Usage: test_dist.sh PACKAGE.tar.gz [EMULATOR]
set -eu
package=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
emulator=${2:-}
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
tar -xzf "$package" --strip-components=1
run() { env -i HOME="$folder" PATH=/nowhere ${emulator:+"$(command -v "$emulator")"} ./katago "$@"; }

run version
run selftest -numpositions 1
printf 'boardsize 9\nkomi 7\ngenmove b\ngenmove w\nshowboard\nfinal_score\n' |
  run gtp -config configs/rpi.cfg -override-config maxVisits=8 > game.txt 2> log.txt || { cat log.txt >&2; exit 1; }
grep -q 'Next player: Black' game.txt
echo '{"id":"q","moves":[["B","D4"]],"rules":"japanese","komi":6.5,"boardXSize":9,"boardYSize":9,"maxVisits":8}' |
  run analysis > answer.txt 2> log.txt || { cat log.txt >&2; exit 1; }
grep -q '"id":"q"' answer.txt && grep -q '"moveInfos"' answer.txt
if [ -z "$emulator" ] && command -v python3 > /dev/null; then
  python3 query_analysis_engine.py -katago-path ./katago -size 9 -visits 20 E5 > /dev/null 2> log.txt || { cat log.txt >&2; exit 1; }
  if [ -x /usr/games/gnugo ]; then
    python3 "$root/scripts/gtp_match.py" --games 1 --size 9 "./katago gtp -override-config maxVisits=50" \
      "/usr/games/gnugo --mode gtp --level 1" | tee match.txt
    # To the end: both passed or one resigned, nobody was forfeited or broke off.
    grep -Eq '^game 1: .* moves, ([BW]\+([0-9.]+|R)|0), ' match.txt || { echo "the game did not end as it should" >&2; exit 1; }
  fi
fi
echo "$(basename "$package"): works alone in an empty folder"
