#!/usr/bin/env bash
# Two builds side by side: appends a second and the service's CPU for an append, of each, in slices that alternate, so that
# what the machine does meanwhile meets both. Prints a line per slice, and the medians.
#
#   ./mvnw -q -DskipTests package && ./mvnw -q -Pservers &       # in another terminal: only the servers
#   . .stele/servers.env && bench/builds.sh OLD NEW              # folders like target/quarkus-app, of two builds
#   CONNECTIONS=64 WARMUP=40 SLICE=5 SLICES=10
#   TURNS=1                         so often both are started anew: two processes of one build may differ for as long as they run
#
# Both services run all the while, each on a database of its own, both with the built-in publication; only one has load.
# PGADMIN is a command that runs SQL from its standard input as the superuser, e.g. "psql -q -h localhost -U postgres".
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
# shellcheck disable=SC1091
. "$here/common.sh"

old=${1:?the folder of a build} new=${2:?the folder of another build}
connections=${CONNECTIONS:-64} warmup=${WARMUP:-40} slice=${SLICE:-5} slices=${SLICES:-10} turns=${TURNS:-1}
PORT=${PORT:-18089}
own_service

declare -A pid address port=([old]=$PORT [new]=$((PORT + 1))) folder=([old]=$old [new]=$new)
trap 'stop; end; rm -rf "$work"' EXIT

begin() {
  PORT=${port[$1]} url=http://127.0.0.1:${port[$1]}
  start "${folder[$1]}" "builds_$1"
  pid[$1]=$service address[$1]=$url
  service=''
}

end() {
  for service in "${pid[@]}"; do stop; done
  pid=()
}

# load BUILD SECONDS: one line of JSON.
load() {
  URL=${address[$1]} "$here/append.sh" --connections="$connections" --warmup=1 --seconds="$2" --cpu="service:${pid[$1]}" --name="$1"
}

for turn in $(seq "$turns"); do
  # Neither is always the first one.
  if [ $((turn % 2)) = 1 ]; then order=(old new); else order=(new old); fi
  for build in "${order[@]}"; do begin "$build"; done
  for build in "${order[@]}"; do
    say "turn $turn: warming up $build"
    load "$build" "$warmup" >/dev/null
  done
  for _ in $(seq "$slices"); do
    for build in "${order[@]}"; do
      load "$build" "$slice" | jq -c --arg build "$build" \
        '{build: $build, rate: (.ops_s | round), cpu_us: (1e7 * .cpu_service / .ops_s | round / 10), p99_ms}' | tee -a "$work/results"
    done
  done
  end
done
for figure in rate cpu_us p99_ms; do
  for build in old new; do
    echo "median $figure of $build: $(jq "select(.build == \"$build\") | .$figure" "$work/results" | median)"
  done
done
