#!/bin/sh
# Write requirements.lock and requirements-dev.lock: every version and hash that `make run` and `make test` install.
# requirements-postgresql.lock is the first with the driver of PostgreSQL, for who keeps the store there;
# requirements-pdf.lock is the first with what lays out the PDF report,
# requirements-notify.lock the first with Apprise, for who sends messages to more than mail, DingTalk, WeCom and Feishu,
# requirements-fleet.lock the second with the queue of a fleet,
# requirements-oidc.lock the first with what single sign-on needs,
# requirements-feeds.lock the first with what reads RSS and Atom,
# requirements-browser.lock the first with what drives Chromium,
# requirements-ocr.lock the first with what reads pictures.
#
# Usage: tools/lock.sh [--upgrade]
# Needs `uv`. The development lock holds the other one, version for version, so one environment serves both.
# No address of a registry gets in: who installs uses their own.
set -eu
cd "$(dirname "$0")/.."

compile() {
    uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --group build "$@"
}

compile "$@" --output-file requirements.lock
compile "$@" --extra postgresql --constraint requirements.lock --output-file requirements-postgresql.lock
compile "$@" --extra pdf --constraint requirements.lock --output-file requirements-pdf.lock
compile "$@" --extra notify --constraint requirements.lock --output-file requirements-notify.lock
compile "$@" --extra fleet --constraint requirements.lock --output-file requirements-fleet.lock
compile "$@" --extra oidc --constraint requirements.lock --output-file requirements-oidc.lock
compile "$@" --extra feeds --constraint requirements.lock --output-file requirements-feeds.lock
compile "$@" --extra browser --constraint requirements.lock --output-file requirements-browser.lock
compile "$@" --extra ocr --constraint requirements.lock --output-file requirements-ocr.lock
compile "$@" --group dev --extra postgresql --extra pdf --extra notify --extra oidc --extra feeds --extra fleet \
    --extra browser --extra ocr --constraint requirements.lock --output-file requirements-dev.lock
