#!/usr/bin/env bash
# Appends next to the peers': the same PostgreSQL, the same event size, the same load, in turns.
#
#   PEERS=<folder of the peer benchmark> bench/compare.sh >report.md
#   SECS=8 WARM=2 REPS=3 CONCS="1 8 64"    as the peers understand them
#   WARMUP=20                              seconds of load that Stele and Axon have before the first turn
#   BROKER=127.0.0.1:9                     another broker; one that is away: Stele publishes nothing, as the peers
#   EXECUTABLE=<file>                      the native executable in the place of the jar
#   RESULTS=<file>                         where the single results go; default: in target/bench
#
# A turn is one run each of pgbench (a bare insert with a version check), Axon's JDBC engine, and Stele
# over HTTP. Then come Axon and Stele with batches of ten, and Stele alone: a hot stream, an open loop at
# 70 % of what it did in a closed one, and two replicas. Stele publishes to Kafka all the while. The folder of
# the peers is copied and built in a scratch folder, on whose disk their PostgreSQL then is. Needs what the
# peers need (root, Debian's PostgreSQL), and a package of Stele in target/ (./mvnw package).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
: "${PEERS:?PEERS must name the folder of the peer benchmark}"
export SECS=${SECS:-8} WARM=${WARM:-2}
reps=${REPS:-3} warmup=${WARMUP:-20}
read -ra concs <<<"${CONCS:-1 8 64}"

jar=$project/target/quarkus-app/quarkus-run.jar
[ -e "$jar" ] || { echo "There is no package: run ./mvnw package" >&2; exit 1; }
# shellcheck disable=SC1091
. "$here/common.sh"

mkdir -p "$project/target/bench"
results=${RESULTS:-$project/target/bench/compare-$(date -u +%Y%m%dT%H%M%SZ).jsonl}
: >"$results"

if [ -n "${EXECUTABLE:-}" ]; then command=("$EXECUTABLE"); else command=("$java" -jar "$jar"); fi

work=$(mktemp -d "${TMPDIR:-/var/tmp}/stele-compare-XXXXXX")
chmod 755 "$work" # PostgreSQL runs as another user.
axon='' service='' second='' servers='' cluster=''

# --- Ending: only what was started here

# stop PID: asks, waits, and kills after 30 s. A stopped process must go on to hear it.
stop() {
  [ -n "$1" ] && kill -TERM "$1" 2>/dev/null || return 0
  kill -CONT "$1" 2>/dev/null || true
  for _ in $(seq 300); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

finish() {
  local status=$?
  trap - EXIT
  set +e
  if [ "$status" != 0 ]; then
    tail -n 30 "$work"/*.log >&2
  fi
  stop "$axon"
  stop "$service"
  stop "$second"
  if [ -n "$servers" ]; then
    stop "$servers"
    for lock in "$work"/.stele/*/lock; do
      flock -w 60 "$lock" true
    done
  fi
  [ -z "$cluster" ] || "$PEERS/pg.sh" stop
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM


# await PID COMMAND…: until the command succeeds; fails when the process ends before, or after two minutes.
await() {
  local pid=$1 deadline=$((SECONDS + 120))
  shift
  until "$@"; do
    kill -0 "$pid" 2>/dev/null || { say "ended by itself: $*"; return 1; }
    [ $SECONDS -lt $deadline ] || { say "not within two minutes: $*"; return 1; }
    sleep 0.2
  done
}

# --- The peers' copy, their PostgreSQL, and their harness (quiet, pgb)

say "copy and build the peers"
cp -r "$PEERS" "$work/peers"
chmod -R u+w "$work/peers"
export PEERS=$work/peers PEERS_PGDATA=$work/postgres JAVA_HOME_PEERS=$JAVA_HOME
(cd "$PEERS/java" && mvn -q -B -pl axon -am package) >"$work/build.log" 2>&1

RESULTS=$results # pgb appends to it.
# shellcheck disable=SC1091
. "$PEERS/env.sh"
# shellcheck disable=SC1091
. "$PEERS/lib/pgb.sh"

say "start PostgreSQL"
"$PEERS/pg.sh" start
cluster=started
"$PEERS/pg.sh" fresh limits
"$PEERS/pg.sh" fresh stele

# --- Stele, and a Kafka of its own

say "start Kafka and Stele"
# In the scratch folder, not in the project's: ten minutes of load are many gigabytes of records.
"$java" "-Dstele.servers.classpath=$project/target/servers.classpath" \
  -cp "$project/target/test-classes:$(cat "$project/target/servers.classpath")" \
  dev.stele.servers.ForegroundServers "$work" >"$work/servers.log" 2>&1 </dev/null &
servers=$!
await "$servers" grep -qs '^# In another terminal' "$work/servers.log"
kafka=${BROKER:-$(sed -n 's/^export KAFKA_BOOTSTRAP_SERVERS=//p' "$work/.stele/servers.env")}

port=$((15000 + RANDOM % 17000))
export URL=http://127.0.0.1:$port

# start_service PORT LOG: a replica, ready at $URL; its process id is in service.
start_service() {
  QUARKUS_HTTP_PORT=$1 QUARKUS_HTTP_HOST=127.0.0.1 KAFKA_BOOTSTRAP_SERVERS=$kafka \
    QUARKUS_DATASOURCE_REACTIVE_URL=postgresql://$PGHOST:$PGPORT/stele \
    QUARKUS_DATASOURCE_USERNAME=$PGUSER QUARKUS_DATASOURCE_PASSWORD=$PGUSER \
    "${command[@]}" >"$work/$2" 2>&1 </dev/null &
  service=$!
  await "$service" ready
}
ready() { curl -sf -o /dev/null "$URL/q/health/ready"; }
start_service "$port" service.log
first_service=$service
postmaster=$(head -n 1 "$PEERS_PGDATA/postmaster.pid")
processes=service:$service,postgres:$postmaster,servers:$servers

# --- Turns

ticks() {
  awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

# Stele goes on publishing after the last append: the next one's turn begins when that is done.
settle() {
  local before
  for _ in $(seq 300); do
    before=$(ticks "$service")
    sleep 1
    [ $(($(ticks "$service") - before)) -gt 15 ] || return 0
  done
  say "Stele is still busy after five minutes"
  return 1
}

# stele REP OPTIONS…: again, once, when other programs took too much CPU, as the peers' harness does.
stele() {
  local line try rep=$1
  shift
  psql -qX -d stele -c checkpoint
  for try in 1 2; do
    quiet
    line=$("$here/append.sh" "$@" --rep="$rep" --warmup="$WARM" --seconds="$SECS" --cpu="$processes")
    settle
    jq -e --argjson limit "${FOREIGN_MAX:-0.25}" '.foreign + .niced <= $limit' >/dev/null <<<"$line" && break
    say "disturbed, try $try"
  done
  tee -a "$results" >&2 <<<"$line"
}

# Read by pgb.
# shellcheck disable=SC2016,SC2034
FRESH='psql -qX -d limits -f $PEERS/limits/schema.sql 2>/dev/null; psql -qX -d limits -c checkpoint'
pgbench_insert() {
  PGDATABASE=limits pgb pgbench-insert append1 "$1" "$2" 1 "$PEERS/limits/append1.sql" >&2
}

# Axon's program knows no turns, and measures more than appends. It gets a list of them in our order, is
# held after every one, and ended after the last. The first ones only warm it up, as long as Stele was.
axon_results=$work/axon.jsonl
axon_seen=0
: >"$axon_results"

axon_measures='"measure":"append10\?"'
axon_lines() { grep -c "$axon_measures" "$axon_results" || true; }
axon_has_more() { [ "$(axon_lines)" -gt "$axon_seen" ]; }

axon_start() {
  local list=() batches=() i
  for ((i = 0; i < axon_warmups; i++)); do list+=(64); done
  for ((i = 0; i < reps; i++)); do list+=("${concs[@]}") batches+=(8); done
  (
    export RESULTS=$axon_results REPS=1 CONCS="${list[*]}" CONC10="${batches[*]}"
    exec "$PEERS/peer.sh" axon
  ) >"$work/axon.log" 2>&1 </dev/null &
  axon=$!
}

axon_next() {
  kill -CONT "$axon"
  axon_deadline=$((SECONDS + 600))
  until axon_has_more; do
    kill -0 "$axon" || { say "Axon ended by itself"; return 1; }
    [ $SECONDS -lt $axon_deadline ] || { say "Axon gave no result within ten minutes"; return 1; }
    sleep 0.1
  done
  kill -STOP "$axon"
  axon_seen=$((axon_seen + 1))
}

axon_append() {
  axon_next
  grep "$axon_measures" "$axon_results" | sed -n "${axon_seen}p" | jq -c --argjson rep "$1" '.rep = $rep' |
    tee -a "$results" >&2
}

# Its own six seconds of warming up come first.
axon_warmups=$(awk "BEGIN { n = ($warmup - 6) / ($SECS + $WARM); print (n > 0 ? int(n + 0.999) : 0) }")

say "warm up for $warmup s each"
"$here/append.sh" --connections=64 --warmup=0 --seconds="$warmup" --rep=0 --cpu="$processes" >&2
settle
axon_start
for ((i = 0; i < axon_warmups; i++)); do axon_next; done
[ "$axon_warmups" -gt 0 ] || { await "$axon" grep -qs '"_warm"' "$axon_results" && kill -STOP "$axon"; }

for ((rep = 1; rep <= reps; rep++)); do
  for conc in "${concs[@]}"; do
    say "turn $rep of $reps, $conc at once"
    pgbench_insert "$conc" "$rep"
    axon_append "$rep"
    stele "$rep" --connections="$conc"
  done
done
for ((rep = 1; rep <= reps; rep++)); do
  say "turn $rep of $reps, ten at once"
  axon_append "$rep"
  stele "$rep" --connections=8 --batch=10
done
stop "$axon"
axon=''

rate=$(jq -s 'map(select(.peer == "stele" and .conc == 64 and .rep > 0).ops_s) | sort | .[length / 2 | floor] * 0.7 | floor' "$results")
for ((rep = 1; rep <= reps; rep++)); do
  say "turn $rep of $reps, a hot stream, and $rate appends a second"
  stele "$rep" --connections=64 --hot
  [ "$rate" -eq 0 ] || stele "$rep" --connections=64 --rate="$rate"
done

# Half of the connections to each of two replicas, next to all to one. The second one warms up first, alone.
first=$URL
URL=http://127.0.0.1:$((port + 1))
start_service $((port + 1)) second.log
second=$service
service=$first_service
processes=$processes,second:$second
say "a second replica, and its warming up"
"$here/append.sh" --connections=64 --warmup=0 --seconds="$warmup" --rep=0 --cpu="$processes" >&2
for ((rep = 1; rep <= reps; rep++)); do
  say "turn $rep of $reps, one replica and two"
  URL=$first stele "$rep" --connections=64 --name=stele-one-of-two
  settle
  URL=$first "$here/append.sh" --connections=32 --rep="$rep" --warmup="$WARM" --seconds="$SECS" --name=stele-half >"$work/half" &
  half=$!
  "$here/append.sh" --connections=32 --rep="$rep" --warmup="$WARM" --seconds="$SECS" --name=stele-half --cpu="$processes" >"$work/other-half"
  wait "$half"
  # Latencies: the worse of the two.
  jq -sc '.[1] + {peer: "stele-two", conc: 64, ops_s: (map(.ops_s) | add), events_s: (map(.events_s) | add),
    p50_ms: (map(.p50_ms) | max), p99_ms: (map(.p99_ms) | max), errors: (map(.errors) | add)}' "$work/half" "$work/other-half" |
    tee -a "$results" >&2
  settle
done
stop "$second"
second=''

# --- The report

commit=$(git -C "$project" describe --always --dirty 2>/dev/null || echo unknown)
cat <<REPORT
# Appends, $(date -u +%F)

| | |
|---|---|
| machine | $(nproc) cores of $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r) |
| PostgreSQL | $(psql -qXAt -d postgres -c 'show server_version'), fsync $(psql -qXAt -d postgres -c 'show fsync'), synchronous_commit $(psql -qXAt -d postgres -c 'show synchronous_commit') |
| Java | $("$java" -version 2>&1 | sed -n 's/.*build \([^,)]*\).*/\1/p' | head -n 1) |
| Stele | $commit, $(basename "${command[-1]}") |
| load | 500 B of data and 125 B of metadata an event; append1: one event, streams of 10, expected version; append10: ten, each time a new stream; hot: all to one stream, whatever its version; @: an open loop at so many a second; stele-two: half of the connections to each of two replicas, stele-one-of-two: the same with all to one; $SECS s after $WARM s, $reps times in turns; $warmup s of warming up |

Events/s and latency in ms: median (least–most). CPU in cores: all of the run, and the client's. "Disturbed" runs had more than
${FOREIGN_MAX:-0.25} cores taken by other programs, and are counted only where there is no other.

REPORT
jq -rs --argjson limit "${FOREIGN_MAX:-0.25}" '
  def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
  def digits: if . >= 100 then round elif . >= 10 then (. * 10 | round / 10) else (. * 100 | round / 100) end;
  def spread(f): map(f) | "\(median | digits) (\(min | digits)–\(max | digits))";
  map(select(.rep > 0)) | group_by([.measure, .conc, .peer]) | map(
    . as $all | map(select(.foreign + .niced <= $limit)) as $clean
    | {measure: .[0].measure, conc: .[0].conc, peer: .[0].peer, runs: length, disturbed: (length - ($clean | length)),
       used: (if $clean == [] then $all else $clean end)})
  | (map(select(.peer == "axon-jdbc") | {("\(.measure) \(.conc)"): (.used | map(.events_s) | median)}) | add) as $axon
  | "| load | at once | peer | events/s | p50 | p99 | CPU | times Axon | runs | disturbed | errors |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
    (.[] | . as $row | .used |
      "| \($row.measure) | \($row.conc) | \($row.peer) | \(spread(.events_s)) | \(spread(.p50_ms)) | \(spread(.p99_ms)) "
      + "| \(map(.cpu_mine) | median | digits) / \(map(.cpu_client) | median | if . < 0 then "–" else digits end) "
      + "| \($axon["\($row.measure) \($row.conc)"] as $one | if $one then (map(.events_s) | median) / $one | . * 100 | round / 100 else "–" end) "
      + "| \($row.runs) | \($row.disturbed) | \(map(.errors) | add) |")' "$results"
say "single results: $results"
