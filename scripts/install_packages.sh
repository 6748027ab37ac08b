#!/bin/sh
# Installs the Debian packages that a job needs and that are missing. Usage: install_packages.sh build|dist|fuzz|arm64|armhf
set -eu
packages="cmake ninja-build g++ zlib1g-dev nlohmann-json3-dev doctest-dev ccache python3"
case "$1" in
  build) ;;
  dist) packages="$packages libedit-dev gnugo" ;;
  fuzz) packages="$packages clang" ;;
  arm64) packages="$packages g++-aarch64-linux-gnu qemu-user-static binutils" ;;
  armhf) packages="$packages g++-arm-linux-gnueabihf qemu-user-static binutils" ;;
  *) echo "usage: install_packages.sh build|dist|fuzz|arm64|armhf" >&2; exit 2 ;;
esac

missing=""
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "These packages are missing:$missing. This system has no apt; install their equivalents and try again." >&2
  exit 1
fi
as_root=""
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "Missing packages:$missing. Run as root: apt-get install$missing" >&2; exit 1; }
  as_root=sudo
fi
echo "Installing:$missing" >&2
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 || echo "apt-get update failed; trying with the old lists" >&2
# shellcheck disable=SC2086  # word splitting is wanted
if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2; then
  echo "install_packages.sh: apt could not install:$missing. Its messages are above; 'make $1' needs these packages" \
    "or their equivalents." >&2
  exit 1
fi
