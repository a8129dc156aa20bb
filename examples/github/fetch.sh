#!/usr/bin/env bash
# Makes the file of webhooks that load.sh wants, from the examples that Octokit collects.
#
#   examples/github/fetch.sh [FILE]        default: webhooks.ndjson in the current folder
#
# Needs npm, tar and jq.
set -euo pipefail

package=@octokit/webhooks-examples@7.6.1

# What repositories live through day by day: 128 of the package's 329 payloads.
events='["create", "delete", "fork", "issue_comment", "issues", "label", "member", "milestone", "ping",
         "pull_request", "pull_request_review", "push", "release", "star", "watch"]'

file=${1:-webhooks.ndjson}
for tool in npm tar jq; do
  command -v "$tool" >/dev/null || { echo "fetch.sh needs $tool" >&2; exit 1; }
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
archive=$(cd "$folder" && npm pack --silent "$package" </dev/null | tail -n 1)
tar -xzf "$folder/$archive" -C "$folder"

# One stream per repository; an event about a whole organization goes to the organization's.
jq -c --argjson events "$events" '
  .[] | select(.name | IN($events[])) | .name as $name | .examples[]
  | {
      stream: (if .repository then "repository-\(.repository.id)" else "organization-\(.organization.id)" end),
      type: (["github", $name, .action // empty] | join(".")),
      data: .
    }' "$folder/package/api.github.com/index.json" >"$folder/webhooks.ndjson"
mv "$folder/webhooks.ndjson" "$file"
echo "$file: $(wc -l <"$file") webhooks of $package"
