#!/usr/bin/env bash
# Try the quickstart of docs/scaling.md from a fresh clone, with two network namespaces as two machines: one has PostgreSQL, the
# scheduler and the site, the other a worker, and between them is nothing but a cable. As root, on Debian with PostgreSQL
# (tools/install-debian.sh postgresql):
#
#     tools/two_machines.sh
#
# With VENV=FOLDER an environment that is there already is used, with this checkout in it, instead of a clone and one of its own.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d /tmp/sitehealth-machines-XXXXXX)
programs=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | tail -n 1)")
one=sitehealth-one two=sitehealth-two
started=()

clear() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  wait
  runuser -u postgres -- "$programs/pg_ctl" -D "$work/database" -m immediate stop >/dev/null 2>&1 || true
  ip netns delete $one 2>/dev/null || true
  ip netns delete $two 2>/dev/null || true
  rm -rf "$work"
}
trap clear EXIT

on() { ip netns exec "$@"; }

echo "two machines and a cable"
ip netns add $one
ip netns add $two
ip link add cable-one netns $one type veth peer name cable-two netns $two
on $one ip address add 10.78.0.1/24 dev cable-one
on $two ip address add 10.78.0.2/24 dev cable-two
for machine in $one $two; do
  on $machine ip link set lo up
  on $machine ip link set "cable-${machine#sitehealth-}" up
done

if [ -z "${VENV:-}" ]; then
  echo "a fresh clone, and its environment"
  git clone --quiet "$root" "$work/sitehealth"
  cd "$work/sitehealth"
  make --silent .venv/run.stamp
  .venv/bin/pip --quiet --disable-pip-version-check install --no-deps --require-hashes -r requirements-fleet.lock
  VENV=$work/sitehealth/.venv
fi
sitehealth=$VENV/bin/sitehealth

echo "PostgreSQL on the first machine"
chmod 755 "$work"
install -d -o postgres "$work/database"
as_postgres=(runuser -u postgres --)
cd /
"${as_postgres[@]}" "$programs/initdb" -D "$work/database" -A trust -U postgres --no-sync >/dev/null
# `trust` is for the machine itself.
echo "host sitehealth sitehealth 10.78.0.0/24 scram-sha-256" >> "$work/database/pg_hba.conf"
on $one "${as_postgres[@]}" "$programs/pg_ctl" -D "$work/database" -l "$work/database/log" -w \
  -o "-h 10.78.0.1,127.0.0.1 -k $work/database" start >/dev/null
on $one psql --quiet -h 127.0.0.1 -U postgres \
  -c "CREATE ROLE sitehealth LOGIN PASSWORD 'PASSWORD'" -c "CREATE DATABASE sitehealth OWNER sitehealth"

echo "a site on the first machine"
mkdir "$work/site"
for page in index news; do
  echo "<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>某局</title><p><a href=/>首页</a><a href=/news.html>动态</a><a href=/gone>旧闻</a>"
done | tee "$work/site/news.html" > "$work/site/index.html"
on $one "$VENV/bin/python" -m http.server -b 10.78.0.1 -d "$work/site" 8000 > "$work/asked" 2>&1 &
started+=($!)

for machine in $one $two; do
  mkdir "$work/$machine"
  cat > "$work/$machine/config.yaml" <<END
engine:
  kind: procrastinate
store:
  url: postgresql+psycopg://sitehealth:PASSWORD@10.78.0.1/sitehealth
sites:
  - {id: office, url: "http://10.78.0.1:8000/"}
crawl: {allowed_networks: [10.78.0.0/24], delay: 0}
daemon: {reports: $work/$machine/reports}
END
done

echo "sitehealth run on the first machine, sitehealth worker on the second"
on $one "$sitehealth" run --config "$work/$one/config.yaml" > "$work/$one/log" 2>&1 &
started+=($!)
on $two "$sitehealth" worker --concurrency 2 --listen 127.0.0.1:9465 --config "$work/$two/config.yaml" > "$work/$two/log" 2>&1 &
started+=($!)
for _ in $(seq 300); do
  report=$(find "$work/$one/reports" -name 'office-*-site-*.html' 2>/dev/null | head -n 1 || true)
  if [ -n "$report" ]; then break; fi
  sleep 1
done
if [ -z "${report:-}" ]; then
  echo "NO REPORT"
  tail -n 20 "$work"/*/log
  exit 1
fi

on $two "$sitehealth" fleet status --config "$work/$two/config.yaml"
asked_by=$(grep -o '^10[0-9.]*' "$work/asked" | sort -u | tr '\n' ' ')
echo "the report is there: $(basename "$report"); the site was asked by $asked_by"
[ "$asked_by" = "10.78.0.2 " ]
