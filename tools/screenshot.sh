#!/bin/sh
# Write docs/images/report.png: the top of the report of the demo site, as a browser shows it.
#
# Usage: tools/screenshot.sh [WIDTH,HEIGHT]
# Needs the environment of `make run`; installs Debian's chromium and a Chinese font where they are missing.
set -eu
cd "$(dirname "$0")/.."

tools/install-debian.sh chromium fonts-noto-cjk

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/sitehealth demo --format html --out "$work/report.html" --set "store.url=sqlite:///$work/store.db"
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/profile" \
    --window-size="${1:-1280,1000}" --screenshot=docs/images/report.png "file://$work/report.html" 2>/dev/null
