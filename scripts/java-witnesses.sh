#!/usr/bin/env bash
# Compiles .witnesses/java, the program in which Baidu's Java SDK witnesses the emulator in `npm test`. Safe to run again:
# fetches and compiles only what has changed. The version is pinned in pom.xml; a change there is a change of evidence.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v javac >/dev/null || ! command -v mvn >/dev/null; then
  echo 'javac or mvn is not installed: the Java witness will be skipped' >&2
  exit 0
fi
source=packages/emulator/test/witnesses/java
into="$PWD/.witnesses/java"
# the test compares this stamp with the sources, so that an old program is never taken for a new one
wanted="$(cat "$source"/*.java "$source/pom.xml" | sha256sum | cut -d' ' -f1)"
if [ -f "$into/classpath.txt" ] && [ "$(cat "$into/stamp.txt" 2>/dev/null)" = "$wanted" ]; then
  echo '.witnesses/java is up to date'
  exit 0
fi
mkdir -p "$into/classes"
# the plugin is named with its version: what it writes is where Maven keeps the jars
mvn --quiet --batch-mode --file "$source/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath "-Dmdep.outputFile=$into/classpath.txt"
javac -nowarn -d "$into/classes" -cp "$(cat "$into/classpath.txt")" "$source"/*.java
printf '%s' "$wanted" > "$into/stamp.txt"
