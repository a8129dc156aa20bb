#!/usr/bin/env bash
# What many publications weigh: threads and memory of the service, while they write and after that.
#
#   ./mvnw -q -DskipTests package && ./mvnw -q -Pservers &       # in another terminal: only the servers
#   . .stele/servers.env && bench/publications.sh >report.md
#   JARS="new=target/quarkus-app"   name=folder of each build to compare
#   COUNT=100                       publications of all events, beside the built-in one
#   EVENTS=1000 BYTES=4000          what is appended, 250 at once
#   HEAP=716m                       what the manifests give: 70 % of 1 GiB
#   REST=75                         seconds without an event, before it is measured again
#
# For each build a service of its own starts, on the database and the broker of the environment. Databases are made anew;
# PGADMIN is a command that runs SQL from its standard input as the superuser. Live heap: what is left after a full
# collection (jcmd), threads and RSS: as the system counts them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
# shellcheck disable=SC1091
. "$here/common.sh"

jars=${JARS:-new=$project/target/quarkus-app} count=${COUNT:-100} heap=${HEAP:-716m} rest=${REST:-75}
events=${EVENTS:-1000} bytes=${BYTES:-4000}
PORT=${PORT:-18090}
export STELE_TOPIC_PARTITIONS=${PARTITIONS:-8}
own_service

define() {
  local n
  for n in $(seq "$count"); do
    curl -sSf -o /dev/null -X PUT -H 'Content-Type: application/json' "$url/v1/publications/all-$n" \
      -d "{\"source\":{\"categories\":[\"bench\"]},\"topic\":\"all.$$.$n\"}"
  done
}

append() {
  local data batch n
  data=$(head -c "$bytes" /dev/zero | tr '\0' x)
  batch=$(for n in $(seq 250); do printf '{"type":"Happened","data":"%s"},' "$data"; done)
  echo "[${batch%,}]" >"$work/batch.json"
  for n in $(seq $((events / 250))); do
    curl -sSf -o /dev/null -H 'Content-Type: application/json' "$url/v1/streams/bench-$n/events" -d "@$work/batch.json"
  done
}

published() {
  curl -sf "$url/v1/publications" | jq -e --argjson count "$count" \
    '(.publications | length) > $count and all(.publications[]; .lagEvents == 0 and .owner != null)' >/dev/null
}

await_published() {
  for _ in $(seq 3000); do
    published && return 0
    kill -0 "$service" || { tail -n 30 "$work/service.log" >&2; return 1; }
    sleep 0.2
  done
  return 1
}

# measure NAME WHEN: a line of the report.
measure() {
  local live
  "$JAVA_HOME/bin/jcmd" "$service" GC.run >/dev/null
  live=$("$JAVA_HOME/bin/jcmd" "$service" GC.class_histogram | awk '/^Total/ { printf "%d", $3 / 1048576 }')
  echo "| $1 | $2 | $(find "/proc/$service/task" -maxdepth 1 -mindepth 1 | wc -l) | $live MB | $(
    awk '$1 == "VmRSS:" || $1 == "VmHWM:" { printf "%d MB | ", $2 / 1024 }' "/proc/$service/status" |
      awk -F ' \\| ' '{ print $2 " | " $1 }')  |"
}

echo "| build | when | threads | live heap | RSS | peak |"
echo "|---|---|---|---|---|---|"
for build in $jars; do
  name=${build%%=*}
  start "${build#*=}" "bench_publications_$name" "-Xmx$heap" -XX:+ExitOnOutOfMemoryError
  measure "$name" "no publication but the built-in one"
  define
  await_published
  measure "$name" "$count publications, nothing written"
  began=$(date +%s)
  append
  await_published
  measure "$name" "$events events of $bytes B in each of them, after $(($(date +%s) - began)) s"
  sleep "$rest"
  measure "$name" "$rest s later"
  stop
done
