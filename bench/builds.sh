#!/usr/bin/env bash
# Two builds side by side: appends a second and the service's CPU for an append, of each, in slices that alternate, so that
# what the machine does meanwhile meets both. Prints a line per slice, and the medians.
#
#   ./mvnw -q -DskipTests package && ./mvnw -q -Pservers &       # in another terminal: only the servers
#   . .stele/servers.env && bench/builds.sh OLD NEW              # folders like target/quarkus-app, of two builds
#   CONNECTIONS=64 WARMUP=40 SLICE=5 SLICES=10
#
# Both services run all the while, each on a database of its own, both with the built-in publication; only one has load.
# PGADMIN is a command that runs SQL from its standard input as the superuser, e.g. "psql -q -h localhost -U postgres".
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
# shellcheck disable=SC1091
. "$here/common.sh"

old=${1:?the folder of a build} new=${2:?the folder of another build}
connections=${CONNECTIONS:-64} warmup=${WARMUP:-40} slice=${SLICE:-5} slices=${SLICES:-10}
PORT=${PORT:-18089}
own_service

declare -A pid address
begin() {
  start "$2" "builds_$1"
  pid[$1]=$service address[$1]=$url
  service=''
}
# The one that own_service ends is the second; the first ends here.
begin old "$old"
trap 'kill ${pid[old]} 2>/dev/null || true; stop; rm -rf "$work"' EXIT
PORT=$((PORT + 1))
url=http://127.0.0.1:$PORT
begin new "$new"
service=${pid[new]}

# load BUILD SECONDS: one line of JSON.
load() {
  URL=${address[$1]} "$here/append.sh" --connections="$connections" --warmup=1 --seconds="$2" --cpu="service:${pid[$1]}" --name="$1"
}

for build in old new; do
  say "warming up $build"
  load "$build" "$warmup" >/dev/null
done
for _ in $(seq "$slices"); do
  for build in old new; do
    load "$build" "$slice" | jq -c --arg build "$build" \
      '{build: $build, rate: (.ops_s | round), cpu_us: (1e7 * .cpu_service / .ops_s | round / 10), p99_ms}' | tee -a "$work/results"
  done
done
for figure in rate cpu_us p99_ms; do
  for build in old new; do
    echo "median $figure of $build: $(jq "select(.build == \"$build\") | .$figure" "$work/results" | median)"
  done
done
