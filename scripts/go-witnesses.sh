#!/usr/bin/env bash
# Builds .witnesses/go/witness, the program in which the vendors' Go SDKs witness the emulator in `npm test`. Safe to run
# again: builds only what has changed. Versions are pinned in go.mod and go.sum; a change there is a change of evidence.
set -euo pipefail
cd "$(dirname "$0")/.."

go="$(command -v go || true)"
[ -n "$go" ] || { [ -x /usr/local/go/bin/go ] && go=/usr/local/go/bin/go; } || {
  echo 'go is not installed: the Go witnesses will be skipped' >&2
  exit 0
}
source=packages/emulator/test/witnesses/go
into="$PWD/.witnesses/go"
# the test compares this stamp with the sources, so that an old program is never taken for a new one
wanted="$(cat "$source"/*.go "$source"/go.mod "$source"/go.sum | sha256sum | cut -d' ' -f1)"
if [ -x "$into/witness" ] && [ "$(cat "$into/stamp.txt" 2>/dev/null)" = "$wanted" ]; then
  echo '.witnesses/go is up to date'
  exit 0
fi
mkdir -p "$into"
(cd "$source" && GOFLAGS=-mod=readonly GOTOOLCHAIN=local "$go" build -o "$into/witness" .)
printf '%s' "$wanted" > "$into/stamp.txt"
