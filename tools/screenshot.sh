#!/bin/sh
# Write docs/images/report.png, snapshot.png and notice.png: the top of the report of the demo site and a page with a fault
# as it was fetched, as a browser shows them, and the first page of the notice on it, as LibreOffice lays it out.
#
# Usage: tools/screenshot.sh [WIDTH,HEIGHT]
# Needs the environment of `make run`; installs Debian's chromium, LibreOffice Writer, poppler and a Chinese font where they
# are missing.
set -eu
cd "$(dirname "$0")/.."

tools/install-debian.sh chromium libreoffice-writer-nogui poppler-utils fonts-noto-cjk

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/sitehealth demo --format html,docx --out "$work" --set "store.url=sqlite:///$work/store.db"
page=$(grep -l "的的" "$work"/snapshots/*/*.html | head -n 1)
mv "$work"/*.html "$work/report.html"
mv "$work"/*.docx "$work/notice.docx"
shoot() { # PICTURE SIZE FILE
    chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/profile" \
        --window-size="$2" --screenshot="docs/images/$1" "file://$3" 2>/dev/null
}
shoot report.png "${1:-1280,1000}" "$work/report.html"
shoot snapshot.png 1000,860 "$page"
soffice "-env:UserInstallation=file://$work/office" --headless --convert-to pdf --outdir "$work" "$work/notice.docx" >/dev/null
pdftoppm -png -r 70 -singlefile "$work/notice.pdf" docs/images/notice
