#!/bin/sh
# Write the pictures of docs/images: the past of the demo site (sitehealth demo --history) as a browser shows it, on a
# screen, on a telephone, in the dark and printed, a page with a fault as it was fetched, the report of a quarter of all
# its sites, the workbook and the notice as LibreOffice lays them out, a message, and the console over that past
# (sitehealth demo --console).
#
# Usage: tools/screenshot.sh
# Needs the environment of `make test`; installs Debian's chromium, LibreOffice, poppler, pngquant and a Chinese font where
# they are missing. The site stands on port 8520, so that the addresses in the pictures stay what they are.
set -eu
cd "$(dirname "$0")/.."

tools/install-debian.sh chromium libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils pngquant fonts-noto-cjk

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SITEHEALTH_DATA=$work .venv/bin/sitehealth demo --history >"$work/out"
reports=$work/demo-history/reports
report=$(ls "$reports"/donghu-zjj/*-site-*.html | sort -V | tail -n 1)
message=$(ls "$work"/demo-history/messages/*run-finished*.html | sort | tail -n 1)

SITEHEALTH_DATA=$work .venv/bin/python tools/console_picture.py "$work"

browse() {  # browse OPTIONS… PAGE
    chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/profile" "$@" >/dev/null 2>&1
}

browse --window-size=1280,1000 --screenshot="$work/report.png" "file://$report"
browse --window-size=1280,1000 --blink-settings=preferredColorScheme=0 --screenshot="$work/dark.png" "file://$report"
page=$(grep -l 领导小姐 "$reports"/donghu-zjj/snapshots/*-site-*/*.html | sort -V | tail -n 1)
browse --window-size=1000,860 --screenshot="$work/snapshot.png" "file://$page"
browse --window-size=1280,460 --screenshot="$work/index.png" "file://$reports/index.html"
quarter=$(sed -n 's/.*--quarter=\([0-9Q]*\).*/\1/p' "$work/out" | head -n 1)
.venv/bin/sitehealth report --quarter "$quarter" --config "$work/demo-history/config.yaml" --out "$work/sites.html"
browse --window-size=1280,1000 --screenshot="$work/sites.png" "file://$work/sites.html"
browse --window-size=760,900 --screenshot="$work/message.png" "file://$message"
# A window has a least width, which is more than a telephone's: the page stands in a frame.
echo "<style>*{margin:0;border:0}</style><iframe src='file://$report' width=390 height=1000></iframe>" >"$work/phone.html"
browse --window-size=500,1000 --screenshot="$work/wide.png" "file://$work/phone.html"
.venv/bin/python -c "import sys; from PIL import Image; Image.open(sys.argv[1]).crop((0, 0, 390, 1000)).save(sys.argv[2])" \
    "$work/wide.png" "$work/phone.png"
browse --no-pdf-header-footer --print-to-pdf="$work/print.pdf" "file://$report"
pdftoppm -png -r 70 -singlefile "$work/print.pdf" "$work/print"
for format in docx xlsx; do
    soffice "-env:UserInstallation=file://$work/office" --headless --convert-to pdf --outdir "$work/$format" \
        "${report%.html}.$format" >/dev/null
done
pdftoppm -png -r 70 -singlefile "$work"/docx/*.pdf "$work/notice"
pdftoppm -png -r 110 -singlefile "$work"/xlsx/*.pdf "$work/workbook"
for name in console console-findings console-triage console-proofread report snapshot dark index sites message phone print notice \
    workbook; do
    pngquant --force --skip-if-larger --quality=70-95 --output "docs/images/$name.png" "$work/$name.png" ||
        cp "$work/$name.png" "docs/images/$name.png"
done
