#!/bin/sh
# Puts Debian's zlib for another processor (header and static library) into a folder, without installing anything and
# without making the system a multi-architecture one. Usage: foreign_zlib.sh DEBIAN-ARCHITECTURE FOLDER
# Afterwards FOLDER/include has zlib.h and zconf.h, and FOLDER/lib has libz.a.
set -eu
arch=$1
folder=$2
if [ -f "$folder/lib/libz.a" ] && [ -f "$folder/include/zlib.h" ]; then exit 0; fi
if ! command -v apt-get > /dev/null 2>&1 || ! command -v dpkg-deb > /dev/null 2>&1; then
  echo "foreign_zlib.sh: zlib for $arch comes from a Debian package, but this system has no apt. Put zlib.h and zconf.h" >&2
  echo "into $folder/include and a static libz.a for $arch into $folder/lib, and try again." >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/files"
: > "$work/state/status"
# apt's own settings and sources, but another processor, and lists of its own: the system's stay as they are.
apt_other() {
  apt-get -qq -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User="$(id -un)" \
    -o Dir::State="$work/state" -o Dir::State::status="$work/state/status" -o Dir::Cache="$work/cache" \
    -o Acquire::Languages=none "$@" >&2
}
# One of several sources may fail, and another still have the package: the download decides.
apt_other update || true
if ! (cd "$work/files" && apt_other download zlib1g-dev); then
  echo "foreign_zlib.sh: apt could not fetch zlib1g-dev for $arch: see its messages above. The sources in /etc/apt must" >&2
  echo "offer that processor (deb.debian.org does), and the network must reach them." >&2
  exit 1
fi
dpkg-deb -x "$work"/files/zlib1g-dev_*.deb "$work/root"
mkdir -p "$folder/include" "$folder/lib"
cp "$work"/root/usr/include/zlib.h "$folder/include/"
cp "$(find "$work/root" -name zconf.h | head -n 1)" "$folder/include/"
cp "$(find "$work/root" -name libz.a | head -n 1)" "$folder/lib/"
