#!/usr/bin/env bash
# A round trip with the CloudEvents SDK for JavaScript as the client of a running service: what it emits, binary,
# structured and in a batch, it must read back. Needs node 20 or newer, and npm.
#
#   STELE=http://localhost:8080 .ci/cloudevents.sh
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export STELE=${STELE:-http://localhost:8080}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm install --prefix "$work" --no-audit --no-fund --loglevel error cloudevents@10.0.0
# Modules are looked for from where the script is.
cp "$here/cloudevents.mjs" "$work"
node "$work/cloudevents.mjs"
