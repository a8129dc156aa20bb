#!/usr/bin/env bash
# How soon the service is there, and what it weighs: the jar and the native executable in turns.
#
#   ./mvnw package -DskipTests; ./mvnw package -DskipTests -Dnative    # either, or both
#   ./mvnw -q -Pservers &                                              # in another terminal
#   . .stele/servers.env; bench/start.sh >report.md
#   REPS=5            turns; the medians are reported
#   SECS=10 CONNECTIONS=64   load after each start (bench/append.sh), before memory is read again
#
# Time: from the start of the process to the answer (201) of the first append, asked for every 5 ms, on a schema
# that is current. Memory: VmRSS, idle one second after that, and at the end of the load; its peak (VmHWM) beside it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
: "${QUARKUS_DATASOURCE_REACTIVE_URL:?run . .stele/servers.env first}"
# shellcheck disable=SC1091
. "$here/common.sh"

reps=${REPS:-5} secs=${SECS:-10} connections=${CONNECTIONS:-64}
export QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT=${QUARKUS_HTTP_PORT:-18080}
stele=http://127.0.0.1:$QUARKUS_HTTP_PORT
jar=$project/target/quarkus-app/quarkus-run.jar
executable=$(find "$project/target" -maxdepth 1 -name '*-runner' -type f | head -1)
work=$(mktemp -d)
service=''
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT

millis() { echo $(($(date +%s%N) / 1000000)); }
memory() { awk -v what="$1:" '$1 == what { printf "%d\n", $2 / 1024 }' "/proc/$service/status"; }

first_append() {
  curl -sf -o /dev/null "$stele/v1/streams/start-1/events" -H 'Content-Type: application/json' -d '{"type":"Started"}'
}

# measure NAME COMMAND…: one start; a line in each of the files NAME.<figure>.
measure() {
  local name=$1 began
  shift
  began=$(millis)
  "$@" >"$work/log" 2>&1 &
  service=$!
  until first_append; do
    kill -0 "$service" || { cat "$work/log" >&2; exit 1; }
    sleep 0.005
  done
  echo $(($(millis) - began)) >>"$work/$name.start"
  sleep 1
  memory VmRSS >>"$work/$name.idle"
  URL=$stele "$here/append.sh" --connections="$connections" --seconds="$secs" >"$work/load.json"
  memory VmRSS >>"$work/$name.load"
  memory VmHWM >>"$work/$name.peak"
  kill "$service"
  wait "$service" || true
  service=''
}

for _ in $(seq "$reps"); do
  [ ! -e "$jar" ] || measure jvm "$java" -jar "$jar"
  [ -z "$executable" ] || measure native "$executable"
done

echo "| | size | first append answered | idle | after $secs s of $connections connections | peak |"
echo "|---|---|---|---|---|---|"
for name in jvm native; do
  [ -e "$work/$name.start" ] || continue
  if [ "$name" = jvm ]; then size=$(du -sm "$project/target/quarkus-app" | cut -f1); else size=$(du -m "$executable" | cut -f1); fi
  echo "| $name | $size MB | $(median <"$work/$name.start") ms | $(median <"$work/$name.idle") MB | $(median <"$work/$name.load") MB | $(median <"$work/$name.peak") MB |"
done
