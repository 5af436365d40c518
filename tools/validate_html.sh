#!/bin/sh
# Validate every kind of page that we write, in both languages, with html-validate: the reports of the past of the demo
# site, pages as they were fetched, the list of reports, the report of a quarter of one and of all, and the messages as mail.
#
# Usage: tools/validate_html.sh
# Needs the environment of `make run`, node, npm, and its registry once. Exit status: 0 all are valid, 1 some are not, 3 npm
# is missing.
set -eu
cd "$(dirname "$0")/.."

command -v npm >/dev/null || { echo "npm is missing: as root, run  apt-get install npm" >&2; exit 3; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-audit --no-fund --prefix "$work" html-validate@10
# Off: matters of taste, and the two attributes by which Outlook, which reads no styles, draws a table without gaps.
cat >"$work/.htmlvalidate.json" <<'RULES'
{"root": true, "extends": ["html-validate:standard"],
 "rules": {"no-inline-style": "off", "long-title": "off", "void-style": "off", "no-trailing-whitespace": "off",
           "attribute-boolean-style": "off", "doctype-style": "off"}}
RULES
sed 's/"doctype-style": "off"/&, "no-deprecated-attr": "off"/' "$work/.htmlvalidate.json" >"$work/mail.json"

status=0
for language in zh-CN en; do
    data=$work/$language
    SITEHEALTH_DATA=$data .venv/bin/sitehealth demo --history --port 0 --language "$language" >"$data.out" 2>/dev/null
    period=$(grep -o -- '--quarter=[0-9Q]*' "$data.out")
    for site in "" --site=donghu-zjj; do
        .venv/bin/sitehealth report $site "$period" --config "$data/demo-history/config.yaml" >/dev/null
    done
    find "$data/demo-history/reports" -name '*.html' -exec \
        "$work/node_modules/.bin/html-validate" --config "$work/.htmlvalidate.json" {} + || status=1
    find "$data/demo-history/messages" -name '*.html' -exec \
        "$work/node_modules/.bin/html-validate" --config "$work/mail.json" {} + || status=1
done
exit $status
