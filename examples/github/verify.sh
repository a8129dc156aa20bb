#!/usr/bin/env bash
# Proves with other people's tools that Stele kept, published and folded the webhooks of load.sh:
# curl reads the events back, kcat consumes them from Kafka, and jq folds the file anew.
#
#   examples/github/verify.sh [FILE]       default: webhooks.ndjson in the current folder
#   STELE=http://localhost:8080            the service
#   KAFKA=localhost:9092                   the broker that it publishes to
#   TOPIC=stele.events                     the topic of its events
#
# The file's streams and categories must hold nothing else. Ends with 1 at the first difference.
#
# Needs curl, jq, kcat and python3.
set -euo pipefail

file=${1:-webhooks.ndjson}
stele=${STELE:-http://localhost:8080}
kafka=${KAFKA:-localhost:9092}
topic=${TOPIC:-stele.events}
here=$(dirname "${BASH_SOURCE[0]}")

# How long the records may take to arrive in Kafka. Views need no patience: reads name a position.
patience=60

for tool in curl jq kcat python3; do
  command -v "$tool" >/dev/null || { echo "verify.sh needs $tool" >&2; exit 1; }
done
[ -r "$file" ] || { echo "There is no file $file; fetch.sh makes one." >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

get() {
  curl -sS --fail-with-body -H 'Prefer: wait=30' "$stele$1"
}

texts() {
  PYTHONDONTWRITEBYTECODE=1 python3 "$here/texts.py" "$@"
}

# same WHAT EXPECTED FOUND: ends the script at a difference, with the text around it.
same() {
  local byte from
  if ! cmp -s "$2" "$3"; then
    echo "DIFFERENT: $1" >&2
    byte=$({ cmp "$2" "$3" 2>/dev/null || true; } | sed -n 's/.* byte \([0-9]*\), line .*/\1/p')
    if [ -n "$byte" ]; then
      from=$((byte > 80 ? byte - 80 : 1))
      printf 'byte %s differs:\n--- expected …%s…\n--- found    …%s…\n' "$byte" \
        "$(tail -c "+$from" "$2" | head -c 240)" "$(tail -c "+$from" "$3" | head -c 240)" >&2
    fi
    echo "$(wc -l <"$2") lines expected, $(wc -l <"$3") found" >&2
    exit 1
  fi
  echo "same: $1"
}

# pages PATH PREFIX: follows the pages of an answer into the files PREFIX-1.json, PREFIX-2.json, …
pages() {
  local next=$1 n=0
  while [ -n "$next" ]; do
    n=$((n + 1))
    get "$next" >"$2-$(printf %04d "$n").json" || { cat "$2-$(printf %04d "$n").json" >&2; exit 1; }
    next=$(jq -r '.next // empty' "$2-$(printf %04d "$n").json")
  done
}

log=$(get /v1/log | jq -r .id)

# --- What was appended is what is read: the text of the data, byte by byte, in the file's order.

pages '/v1/events?after=0&limit=100' "$work/events"
texts file "$file" >"$work/expected"
texts pages "$file" "$work"/events-*.json >"$work/found"
count=$(wc -l <"$work/expected")
same "HTTP: $count events in the file's order, data byte by byte" "$work/expected" "$work/found"

# --- What was appended is what is published: key, headers, value, and the order of every stream.

texts records-expected "$file" "$log" "$work"/events-*.json >"$work/expected"
deadline=$((SECONDS + patience))
while true; do
  kcat -C -q -e -b "$kafka" -t "$topic" -o beginning -X isolation.level=read_committed \
    -f '%p %o %K %S %h\n%k%s\n' >"$work/records" 2>"$work/kcat.log" || true
  texts records "$file" "$work/records" >"$work/found"
  if [ "$(wc -l <"$work/found")" -ge "$count" ] || [ $SECONDS -ge $deadline ]; then break; fi
  sleep 0.5
done
[ -s "$work/records" ] || cat "$work/kcat.log" >&2
same "Kafka: $count records of $(cut -f1 "$work/found" | sort -u | wc -l) streams, in each stream's order, headers and value byte by byte" \
  "$work/expected" "$work/found"

# --- The views are what jq makes of the file with the same programs.

# fold DEFINITION: a jq program that folds an array of events into {key: entry} as the definition says.
fold() {
  jq -r '
    "def concerns: " + (
      [(.source.categories // [] | select(. != []) | "(.stream | split(\"-\")[0] | IN(\(tojson)[]))"),
       (.source.types // [] | select(. != []) | "(.type | IN(\(tojson)[]))"), "true"] | join(" and ")) + ";",
    "def keys_of_it: \(.key);",
    "def next($event; $key): if false then .",
    (.on | to_entries[] | select(.key != "*") | "elif $event.type == \(.key | tojson) then \(.value)"),
    "else \(.on["*"] // ".") end;",
    "reduce (.[] | select(concerns)) as $event ({};",
    "  reduce ($event | keys_of_it) as $key (.;",
    "    ([(if has($key) then .[$key] else \(.initial | tojson) end) | next($event; $key)]) as $states",
    "    | if $states == [] then del(.[$key]) else .[$key] = $states[0] end))"' "$1"
}

texts positions "$file" "$work"/events-*.json >"$work/positions"
jq -c --slurpfile at <(jq -cR 'split("\t") | map(tonumber)' "$work/positions") -n \
  '[inputs] | to_entries | map(.value + {position: $at[.key][0], version: $at[.key][1]})' "$file" >"$work/events"
last=$(tail -n 1 "$work/positions" | cut -f1)

views=0
for definition in "$here"/*.json; do
  view=$(basename "$definition" .json)
  fold "$definition" >"$work/fold.jq"
  jq -S -f "$work/fold.jq" "$work/events" >"$work/expected"
  rm -f "$work"/entries-*.json
  pages "/v1/views/$view/entries?limit=50&minPosition=$last" "$work/entries"
  jq -s -S 'map(.entries[] | {(.key): .value}) | add // {}' "$work"/entries-*.json >"$work/found"
  same "view $view: $(jq length "$work/expected") entries as jq folds them" "$work/expected" "$work/found"
  views=$((views + 1))
done

echo "$count events over HTTP, $count records from Kafka, $views views: all as expected"
