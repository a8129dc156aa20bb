#!/usr/bin/env bash
# Runs AppendBench against a service that is there; see README.md and --help.
#
#   bench/append.sh [--connections=64 --seconds=8 …]
#   URL=http://localhost:8080              the service
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
# shellcheck disable=SC1091
. "$here/common.sh"

classes=$project/target/bench
if [ ! "$classes/AppendBench.class" -nt "$here/AppendBench.java" ]; then
  mkdir -p "$classes"
  "$JAVA_HOME/bin/javac" -Xlint:all -Werror -d "$classes" "$here/AppendBench.java"
fi

# One busy thread: a compiler or a collector with several would take CPU from what is measured.
exec "$java" -XX:+UseSerialGC -XX:CICompilerCount=2 -Xshare:auto -Xms256m -Xmx256m \
  -cp "$classes" AppendBench --folder="$here" --url="${URL:-http://localhost:8080}" "$@"
