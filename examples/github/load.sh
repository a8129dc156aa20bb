#!/usr/bin/env bash
# Defines this folder's views, and appends a file of webhooks to Stele, one after the other.
#
#   examples/github/load.sh [FILE]         default: webhooks.ndjson in the current folder
#   STELE=http://localhost:8080            the service
#
# A line of the file is {"stream":…,"type":…,"data":…}, in this order and without white space around
# the names. Every append has a key made of the file's hash and the line's number: loading the file
# again, or going on after an interruption, appends nothing twice.
#
# Needs curl and jq.
set -euo pipefail
export LC_ALL=C # Lines are cut as bytes, which is exact and fast.

file=${1:-webhooks.ndjson}
stele=${STELE:-http://localhost:8080}
here=$(dirname "${BASH_SOURCE[0]}")

[ -r "$file" ] || { echo "There is no file $file; fetch.sh makes one." >&2; exit 1; }

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# request METHOD PATH [curl's arguments]: prints the status; the body is in $answer.
request() {
  local method=$1 path=$2
  shift 2
  curl -sS -X "$method" -o "$answer" -w '%{http_code}' -H 'Content-Type: application/json' "$@" "$stele$path"
}

refused() {
  echo "$1: status $2" >&2
  cat "$answer" >&2
  echo >&2
  exit 1
}

for definition in "$here"/*.json; do
  view=$(basename "$definition" .json)
  status=$(request PUT "/v1/views/$view" --data-binary "@$definition")
  case $status in
    200 | 201 | 202) echo "view $view: $status" ;;
    *) refused "view $view" "$status" ;;
  esac
done

hash=$(sha256sum <"$file" | cut -c1-16)
total=$(wc -l <"$file")
line=0 appended=0 repeated=0 position=0

# jq only reads the names, three lines for each event. The data must reach the service as it stands in
# the file, with the digits and escapes that it was written with, so it is cut out of the line.
while IFS= read -r event && IFS= read -r head <&3 && IFS= read -r stream <&3 && IFS= read -r type <&3; do
  line=$((line + 1))
  data=${event#"$head"}
  if [ "$data" = "$event" ] || [ "${event: -1}" != '}' ]; then
    echo "$file, line $line: expected $head…}" >&2
    exit 1
  fi
  data=${data%\}}
  status=$(printf '{"type":%s,"data":%s}' "$type" "$data" |
    request POST "/v1/streams/$stream/events" -H "Idempotency-Key: $hash-$line" --data-binary @-)
  case $status in
    201) appended=$((appended + 1)) ;;
    200) repeated=$((repeated + 1)) ;;
    *) refused "$file, line $line" "$status" ;;
  esac
  position=$(jq .position "$answer")
  if ((line % 32 == 0 || line == total)); then
    echo "$line of $total: $appended appended, $repeated were there, at position $position"
  fi
done <"$file" 3< <(jq -r '({stream, type} | tojson | .[:-1]) + ",\"data\":", (.stream | @uri), (.type | tojson)' "$file")

[ "$line" = "$total" ] || { echo "$file: only $line of $total lines could be read" >&2; exit 1; }
