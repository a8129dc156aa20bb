#!/usr/bin/env bash
# Runs a client of a running service, one of the .mjs files beside this, with libraries from npm. Needs node 20 or
# newer, and npm.
#
#   STELE=http://localhost:8080 KAFKA=localhost:9092 .ci/client.sh NAME PACKAGE@VERSION…
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export STELE=${STELE:-http://localhost:8080} KAFKA=${KAFKA:-localhost:9092}
name=$1
shift

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm install --prefix "$work" --no-audit --no-fund --loglevel error "$@"
# Modules are looked for from where the script is.
cp "$here/$name.mjs" "$work"
node "$work/$name.mjs"
