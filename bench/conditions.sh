#!/usr/bin/env bash
# What a condition over the whole log costs while the log grows: appends without one, appends that fail if anybody has
# a rare tag, and if anybody has it beside a tag that every event has.
#
#   ./mvnw package -DskipTests
#   ./mvnw -q -Pservers &                            # in another terminal
#   . .stele/servers.env; bench/conditions.sh >report.md
#   SIZES="10000 1000000 10000000"    events in the log before each measurement; it grows, and stays
#   REPS=3 SECS=8 CONNECTIONS=8       runs of each in turns; the medians are reported
#   WARMUP=30                         seconds of load before the first one
#
# The log is filled by SQL while the service is stopped: 200 bytes of data, two tags each. What was filled in is not
# published. Ten million events take some 10 GB and a quarter of an hour.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
: "${QUARKUS_DATASOURCE_REACTIVE_URL:?run . .stele/servers.env first}"
# shellcheck disable=SC1091
. "$here/common.sh"

read -ra sizes <<<"${SIZES:-10000 1000000 10000000}"
reps=${REPS:-3} secs=${SECS:-8} connections=${CONNECTIONS:-8} warmup=${WARMUP:-30}
export QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT=${QUARKUS_HTTP_PORT:-18081}
export PGUSER=$QUARKUS_DATASOURCE_USERNAME PGPASSWORD=$QUARKUS_DATASOURCE_PASSWORD
stele=http://127.0.0.1:$QUARKUS_HTTP_PORT
database=$QUARKUS_DATASOURCE_REACTIVE_URL
work=$(mktemp -d)
service=''
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT

sql() { psql -qXAt -v ON_ERROR_STOP=1 "$database" "$@"; }

start() {
  "$java" -jar "$project/target/quarkus-app/quarkus-run.jar" >"$work/log" 2>&1 &
  service=$!
  until curl -sf -o /dev/null "$stele/q/health/ready"; do
    kill -0 "$service" || { cat "$work/log" >&2; exit 1; }
    sleep 0.2
  done
}

stop() {
  kill "$service"
  wait "$service" || true
  service=''
}

# fill SIZE: the log has so many events, and nothing of it is left to be published.
fill() {
  local head
  while head=$(sql -c 'select coalesce(max(position), 0) from stele.events') && [ "$head" -lt "$1" ]; do
    say "$head of $1 events"
    sql -v after="$head" -v upto="$(($1 < head + 200000 ? $1 : head + 200000))" <<'SQL'
set synchronous_commit = off;
insert into stele.events (position, append_position, version, recorded_at, id, stream, type, data, tags)
select p, p, 1, now(), gen_random_uuid(), 'filled-' || p, 'RoomBooked',
       convert_to(format('{"n":%s,"text":"%s"}', p, repeat('x', 180)), 'UTF8'), array['seat:' || p, 'tenant:1']
  from generate_series(:after + 1, :upto) as p;
insert into stele.tags (tag, position)
select tag, position from stele.events, unnest(tags) as tag where position > :after and position <= :upto;
SQL
  done
  sql -c 'update stele.subscriptions set position = (select max(position) from stele.events)' \
    -c 'vacuum analyze stele.events' -c 'vacuum analyze stele.tags' -c checkpoint
}

load() {
  URL=$stele "$here/append.sh" --connections="$connections" "$@"
}

median_of() { jq --arg of "$1" --arg what "$2" 'select(.measure == $of)[$what]' "$work/$3" | median; }

start
stop
for size in "${sizes[@]}"; do
  fill "$size"
  start
  say "$size events: load for $warmup s, then $reps turns"
  load --condition=tenant --warmup=0 --seconds="$warmup" >/dev/null
  for _ in $(seq "$reps"); do
    for condition in none seat tenant; do
      load --condition="$condition" --warmup=1 --seconds="$secs" | tee -a "$work/$size" >&2
    done
  done
  stop
done

echo "| events in the log | append | a second | p50 | p99 |"
echo "|---|---|---|---|---|"
for size in "${sizes[@]}"; do
  for measure in append1 append1-seat append1-tenant; do
    echo "| $size | $measure | $(median_of "$measure" ops_s "$size") | $(median_of "$measure" p50_ms "$size") ms | $(median_of "$measure" p99_ms "$size") ms |"
  done
done
