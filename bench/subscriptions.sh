#!/usr/bin/env bash
# What an event costs that no subscription wants: the CPU of an append, by the number of subscriptions. Half of them are
# views and half publications, each of a category of its own that nobody appends to, each with a program.
#
#   ./mvnw -q -DskipTests package && ./mvnw -q -Pservers &       # in another terminal: only the servers
#   . .stele/servers.env && bench/subscriptions.sh >report.md
#   JARS="new=target/quarkus-app"   name=folder of each build to compare, in turns
#   COUNTS="1 10 100"               subscriptions beside the built-in publication
#   RATE=500 SECONDS_EACH=20 WARMUP=20 REPS=3
#
# For each build and count a service of its own starts, on the database and the broker of the environment. Databases are
# made anew, so that nothing of one run is in the next; PGADMIN is a command that runs SQL from its standard input as the
# superuser, e.g. "psql -q -h localhost -p 5432 -U postgres".
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
# shellcheck disable=SC1091
. "$here/common.sh"

jars=${JARS:-new=$project/target/quarkus-app} counts=${COUNTS:-1 10 100}
rate=${RATE:-500} seconds=${SECONDS_EACH:-20} warmup=${WARMUP:-20} reps=${REPS:-3}
PORT=${PORT:-18089}
own_service

# define COUNT: half views, half publications; done when all of them run.
define() {
  local n kind
  for n in $(seq "$1"); do
    if [ $((n % 2)) = 1 ]; then
      curl -sSf -o /dev/null -X PUT -H 'Content-Type: application/json' "$url/v1/views/idle-$n" \
        -d "{\"source\":{\"categories\":[\"idle$n\"]},\"key\":\".stream\",\"initial\":0,\"on\":{\"*\":\". + 1\"}}"
    else
      curl -sSf -o /dev/null -X PUT -H 'Content-Type: application/json' "$url/v1/publications/idle-$n" \
        -d "{\"source\":{\"categories\":[\"idle$n\"]},\"topic\":\"idle.$$.$n\",\"value\":\".data\"}"
    fi
  done
  for kind in views publications; do
    for _ in $(seq 600); do
      curl -sf "$url/v1/$kind" | jq -e --arg kind "$kind" 'all(.[$kind][]; .owner != null)' >/dev/null && break
      sleep 0.2
    done
  done
}

for rep in $(seq "$reps"); do
  for count in $counts; do
    for build in $jars; do
      start "${build#*=}" "bench_${build%%=*}_${count}_$rep"
      define "$count"
      before=$(curl -s "$url/v1/log" | jq .head)
      say "round $rep, ${build%%=*}, $count subscriptions"
      URL=$url "$here/append.sh" --connections=16 --rate="$rate" --warmup="$warmup" --seconds="$seconds" \
        --cpu="service:$service" --name="${build%%=*}-$count" --rep="$rep" | tee -a "$work/results" >&2
      [ "$(curl -s "$url/v1/log" | jq .head)" -gt "$before" ]
      stop
    done
  done
done

echo "| build | subscriptions | appends/s | CPU of the service, µs an append | p50 ms | p99 ms |"
echo "|---|---|---|---|---|---|"
for build in $jars; do
  for count in $counts; do
    jq -s -r --arg name "${build%%=*}-$count" --arg build "${build%%=*}" --arg count "$count" '
      def median: sort | .[(length / 2 | floor)];
      map(select(.peer == $name)) | "| \($build) | \($count) | \(map(.events_s) | median | round) | " +
      "\(map(.cpu_service / .events_s * 1e6) | median | round) | \(map(.p50_ms) | median) | \(map(.p99_ms) | median) |"' "$work/results"
  done
done
