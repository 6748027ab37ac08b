#!/bin/sh
# Packs a build folder into dist/ponnuki-VERSION-linux-ARCH.tar.gz. Usage: make_dist.sh BUILD ARCH [STRIP]
set -eu
cd "$(dirname "$0")/.."
build=$1
arch=$2
strip=${3:-strip}
version=$(sed -n 's/^project(ponnuki VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
name=ponnuki-$version-linux-$arch
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

mkdir -p "$stage/$name/docs" "$stage/$name/configs" "$stage/$name/models" dist
cp "$build/katago" "$stage/$name/katago"
"$strip" "$stage/$name/katago"
cp README.md "$stage/$name/"
cp docs/*.md docs/sample-game.sgf "$stage/$name/docs/"
cp configs/*.cfg "$stage/$name/configs/"
cp models/README.md "$stage/$name/models/"
cp scripts/query_analysis_engine.py "$stage/$name/"

size=$(wc -c < "$stage/$name/katago")
if [ "$size" -gt 12000000 ]; then
  echo "make_dist.sh: the executable has $size bytes, more than the 12000000 that are promised" >&2
  exit 1
fi
if "${READELF:-readelf}" -d "$stage/$name/katago" | grep -q NEEDED; then
  echo "make_dist.sh: the executable needs shared libraries:" >&2
  "${READELF:-readelf}" -d "$stage/$name/katago" | grep NEEDED >&2
  exit 1
fi
# The same input gives the same bytes: order, owners and times are fixed.
when=$(git log -1 --format=%ct 2>/dev/null || date +%s)
tar -C "$stage" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$when" -cf - "$name" | gzip -9n > "dist/$name.tar.gz"
echo "dist/$name.tar.gz: $(wc -c < "dist/$name.tar.gz") bytes, the executable $size bytes"
