#!/bin/sh
# Install the named Debian packages that are not there yet; do nothing, and need nobody's rights, if all are.
#
# Usage: tools/install-debian.sh NAME...
# Exit status: 0 all are installed, 2 no names, 3 something is missing and cannot be installed from here.
set -eu

[ $# -gt 0 ] || { echo "usage: $0 NAME..." >&2; exit 2; }

installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

give_up() {
    echo "sitehealth: $1" >&2
    echo "sitehealth: as root, run:  apt-get install --no-install-recommends $missing" >&2
    exit 3
}

missing=""
for name in "$@"; do
    if ! command -v dpkg-query >/dev/null || ! installed "$name"; then
        missing="${missing:+$missing }$name"
    fi
done
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null || give_up "this is not a Debian system; what these packages hold is needed: $missing"
[ "$(id -u)" -eq 0 ] || give_up "these Debian packages are missing and you are not root: $missing"

echo "sitehealth: installing Debian packages: $missing"
export DEBIAN_FRONTEND=noninteractive
# The list of a fresh machine is empty or old, so try what is known first and update only if that fails.
# shellcheck disable=SC2086 # names, one word each
if ! apt-get install -qq --no-install-recommends $missing >/dev/null 2>&1; then
    apt-get update -qq || give_up "the package list cannot be updated; is there a network?"
    apt-get install -qq --no-install-recommends $missing >/dev/null || give_up "installing failed: $missing"
fi
