#!/bin/sh
# Write docs/images/report.png and notice.png: the top of the report of the demo site, as a browser shows it, and the first
# page of the notice on it, as LibreOffice lays it out.
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
mv "$work"/*.html "$work/report.html"
mv "$work"/*.docx "$work/notice.docx"
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/profile" \
    --window-size="${1:-1280,1000}" --screenshot=docs/images/report.png "file://$work/report.html" 2>/dev/null
soffice "-env:UserInstallation=file://$work/office" --headless --convert-to pdf --outdir "$work" "$work/notice.docx" >/dev/null
pdftoppm -png -r 70 -singlefile "$work/notice.pdf" docs/images/notice
