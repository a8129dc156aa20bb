#!/usr/bin/env bash
# jq-suites.sh FOLDER: puts the test files of jq 1.6 and 1.7.1 into FOLDER/1.6 and FOLDER/1.7.1, out of
# Debian's source packages, from where this machine gets its other packages. Fails where that is not Debian.
set -euo pipefail

folder=$1
declare -A checksums=(
  [1.6]=3ba940b97571c866923f0409678033d33b5a98758dfc174fad8397ed908bc4d9
  [1.7.1]=fc75b1824aba7a954ef0886371d951c3bf4b6e0a921d1aefc553f309702d6ed1
)

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' |
  sed -n 's#/*$##; \#/debian$#p' | head -n 1)
[ -n "$mirror" ] || { echo "no packages of Debian" >&2; exit 1; }

for version in "${!checksums[@]}"; do
  mkdir -p "$folder/$version"
  archive=$folder/$version/source.tar.gz
  /usr/lib/apt/apt-helper download-file "$mirror/pool/main/j/jq/jq_$version.orig.tar.gz" "$archive" \
    "SHA256:${checksums[$version]}" >/dev/null
  tar -xzf "$archive" -C "$folder/$version" --strip-components=2 --wildcards '*/tests/*.test'
  rm "$archive"
done
