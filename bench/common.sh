# Sourced by the scripts beside it, which set $project before.
# shellcheck shell=bash disable=SC2034

# shellcheck disable=SC1091
. "$project/.mvn/jdk.sh"
java=$JAVA_HOME/bin/java

say() { echo "$(date +%T) $*" >&2; }

# median: of the numbers on stdin, one a line.
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# own_service: the settings of scripts that start services on databases of their own: $work, a folder that goes at the end,
# $url of the service, $PORT of it, and $service, its process while it runs.
own_service() {
  url=http://127.0.0.1:$PORT
  read -ra admin <<<"${PGADMIN:?a command that runs SQL as the superuser}"
  database=${QUARKUS_DATASOURCE_REACTIVE_URL:?see .stele/servers.env}
  work=$(mktemp -d)
  service=''
  trap 'stop; rm -rf "$work"' EXIT
}

stop() {
  [ -z "$service" ] || { kill "$service" 2>/dev/null || true; wait "$service" 2>/dev/null || true; }
  service=''
}

# start FOLDER NAME JVM_OPTION…: a service on a database of its own, which is made anew.
start() {
  local folder=$1 name=$2
  shift 2
  echo "drop database if exists \"$name\"; create database \"$name\";" | "${admin[@]}"
  QUARKUS_DATASOURCE_REACTIVE_URL=${database%/*}/$name STELE_TOPIC_PREFIX=$name. \
    QUARKUS_HTTP_PORT=$PORT QUARKUS_HTTP_HOST=127.0.0.1 \
    "$java" "$@" -jar "$folder/quarkus-run.jar" >"$work/service.log" 2>&1 &
  service=$!
  for _ in $(seq 600); do
    curl -sf -o /dev/null "$url/q/health/ready" && return 0
    kill -0 "$service" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 30 "$work/service.log" >&2
  return 1
}
