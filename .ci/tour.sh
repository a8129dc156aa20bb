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

# The one bash that sources every block. Output goes into a file: a pipe would make a subshell of it.
cat >"$work/tour" <<'TOUR'
set -euo pipefail
tour_file=$1 tour_work=$2 tour_block=

# Whether the file $1 is like the file $2, in which … stands for anything.
tour_like() {
  local text rest pattern=
  text=$(cat "$1") rest=$(cat "$2")
  while [[ $rest == *…* ]]; do
    pattern+=$(printf %q "${rest%%…*}")"*"
    rest=${rest#*…}
  done
  pattern+=$(printf %q "$rest")
  eval "[[ \$text == $pattern ]]"
}

trap '[ $? = 0 ] || { cat "$tour_block.out"; echo "FAILED: $tour_file:$(cat "$tour_block.line")"; } >&2' EXIT

for tour_block in "$tour_work"/*.sh; do
  tour_block=${tour_block%.sh}
  echo "--- $tour_file:$(cat "$tour_block.line")"
  sed 's/^/    /' "$tour_block.sh"
  . "$tour_block.sh" >"$tour_block.out"
  if [ -e "$tour_block.prints" ] && ! tour_like "$tour_block.out" "$tour_block.prints"; then
    { echo "expected:"; cat "$tour_block.prints"; echo "printed:"; } >&2
    exit 1
  fi
  cat "$tour_block.out"
done
TOUR

bash "$work/tour" "$file" "$work" </dev/null
echo "the tour of $file: ${#blocks[@]} blocks ran, $(find "$work" -name '*.prints' | wc -l) outputs were as shown"
