#!/usr/bin/env bash
# How fast a bulk load goes, next to appends of as many events: a body of lines, sent by curl as fast as it is taken.
#
#   ./mvnw -q -Pservers &                            # in another terminal, and the service
#   bench/bulk.sh >report.md
#   URL=http://localhost:8080   the service
#   EVENTS=200000 REPS=3        lines of a load; the medians are reported
#
# The event is that of the other benchmarks: 500 B of data, 125 B of metadata. A first load warms the service up.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
# shellcheck disable=SC1091
. "$here/common.sh"

url=${URL:-http://localhost:8080} events=${EVENTS:-200000} reps=${REPS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

jq -c -n --slurpfile data "$here/payload.json" --slurpfile metadata "$here/metadata.json" \
  '{type: "RoomBooked", data: $data[0], metadata: $metadata[0]}' >"$work/event"
yes "$(cat "$work/event")" | head -n "$events" >"$work/lines" || true

# load NAME: events a second of one load.
load() {
  local seconds
  seconds=$(curl -sS --fail-with-body -o "$work/answer" -w '%{time_total}' -X POST -T "$work/lines" \
    -H 'Content-Type: application/x-ndjson' "$url/v1/streams/bulk-$1-$$-$RANDOM/events")
  jq -e --argjson events "$events" -s 'last.end.events == $events' "$work/answer" >/dev/null ||
    { tail -n 3 "$work/answer" >&2; exit 1; }
  awk -v events="$events" -v seconds="$seconds" 'BEGIN { printf "%.0f\n", events / seconds }'
}

load warm >/dev/null
for rep in $(seq "$reps"); do
  load "$rep" | tee -a "$work/bulk" >&2
  URL=$url "$here/append.sh" --connections=1 --batch=1000 --hot --warmup=1 --seconds=8 | tee -a "$work/append" >&2
done

echo "| | events a second |"
echo "|---|---|"
echo "| bulk load of $events lines | $(median <"$work/bulk") |"
echo "| appends of 1,000, one after the other | $(jq .events_s "$work/append" | median) |"
