# Sourced by the scripts beside it, which set $project before.
# shellcheck shell=bash disable=SC2034

# shellcheck disable=SC1091
. "$project/.mvn/jdk.sh"
java=$JAVA_HOME/bin/java

say() { echo "$(date +%T) $*" >&2; }

# median: of the numbers on stdin, one a line.
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
