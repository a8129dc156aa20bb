#!/usr/bin/env bash
# Executes the tour of a Markdown file as it stands, against a running service.
#
#   .ci/tour.sh [FILE]                     default: README.md
#   STELE=http://localhost:8080            where the service really is
#   KAFKA=localhost:9092                   and its broker
#
# A line <!-- tour --> marks the next fenced block as part of the tour. All of them run in one bash, in
# order, so that variables live on. A block ends the tour when a command of it fails (set -e, pipefail).
# A line <!-- tour: prints --> marks the next fenced block as what the tour block before it prints; in
# it, … stands for any text, also over several lines. Nothing else is compared, and nothing replaced
# but the addresses localhost:8080 and localhost:9092.
set -euo pipefail

file=${1:-README.md}
stele=${STELE:-http://localhost:8080}
kafka=${KAFKA:-localhost:9092}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Every marked block becomes a file: 001.sh, and 001.prints beside it; 001.line is where it stands.
awk -v work="$work" '
  function fail(why) { print FILENAME ":" FNR ": " why > "/dev/stderr"; failed = 1; exit 1 }
  !fenced && /^<!-- tour -->[ \t]*$/ { marked = "sh"; next }
  !fenced && /^<!-- tour: prints -->[ \t]*$/ { marked = "prints"; next }
  !fenced && /^<!-- tour/ { fail("unknown mark: " $0) }
  !fenced && /^(```|~~~)/ {
    fenced = substr($0, 1, 3)
    if (marked == "sh") n++
    if (marked == "prints" && !n) fail("nothing ran yet that could have printed this")
    out = marked ? sprintf("%s/%03d.%s", work, n, marked) : ""
    if (out) printf "" > out
    if (marked == "sh") print FNR > sprintf("%s/%03d.line", work, n)
    marked = ""
    next
  }
  fenced && index($0, fenced) == 1 { fenced = ""; if (out) close(out); next }
  fenced { if (out) print > out; next }
  marked && NF { fail("a fenced block must follow the mark") }
  END { if (!failed && (fenced || marked)) fail("the file ends within a block, or after a mark") }
' "$file"

blocks=("$work"/*.sh)
[ -e "${blocks[0]}" ] || { echo "$file has no tour" >&2; exit 1; }
sed -i "s|http://localhost:8080|$stele|g; s|localhost:8080|${stele#*://}|g; s|localhost:9092|$kafka|g" "$work"/*.sh "$work"/*.prints 2>/dev/null || true

# Sourced, each in turn; the output goes into a file, since a pipe would make a subshell of the block.
for block in "${blocks[@]}"; do
  printf 'step %q\n. %q >%q\nprinted %q\n' "$block" "$block" "${block%.sh}.out" "$block"
done >"$work/tour"

status=0
# shellcheck disable=SC2016 # Expanded by the tour's own bash.
bash -c '
  set -euo pipefail
  tour_file=$1 tour_block=
  step() { tour_block=$1; echo "--- $tour_file:$(cat "${1%.sh}.line")"; sed "s/^/    /" "$1"; }
  printed() {
    cat "${1%.sh}.out"
    [ -e "${1%.sh}.prints" ] || return 0
    local pattern= rest
    rest=$(cat "${1%.sh}.prints")
    # Literal but for the ellipses.
    while [[ $rest == *…* ]]; do
      pattern+=$(printf %q "${rest%%…*}")"*"
      rest=${rest#*…}
    done
    pattern+=$(printf %q "$rest")
    eval "case \$(cat \"\${1%.sh}.out\") in ($pattern) return 0 ;; esac"
    echo "expected:" >&2
    cat "${1%.sh}.prints" >&2
    return 1
  }
  trap '\''[ $? = 0 ] || { cat "${tour_block%.sh}.out" 2>/dev/null; echo "FAILED: the block of $tour_file:$(cat "${tour_block%.sh}.line")" >&2; }'\'' EXIT
  . "$2"
' tour "$file" "$work/tour" </dev/null || status=$?

[ "$status" = 0 ] && echo "the tour of $file: ${#blocks[@]} blocks ran, $(find "$work" -name '*.prints' | wc -l) outputs were as printed"
exit "$status"
