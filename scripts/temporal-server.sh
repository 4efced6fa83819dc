#!/usr/bin/env bash
# Builds .witnesses/temporal/temporal, the development server on which packages/server is tested. Safe to run again: builds only when
# the pinned version changes, some six minutes of processor time, and the folder is kept between runs of CI. Newer versions of this
# program cannot be built by `go install`. A `temporal` on the PATH serves as well, and then nothing is built.
set -euo pipefail
cd "$(dirname "$0")/.."

version=v1.5.1
into="$PWD/.witnesses/temporal"
if [ -x "$into/temporal" ] && [ "$(cat "$into/stamp.txt" 2>/dev/null)" = "$version" ]; then
  echo '.witnesses/temporal is up to date'
  exit 0
fi
if command -v temporal >/dev/null; then
  echo "temporal is on the PATH: $(temporal --version)"
  exit 0
fi
go="$(command -v go || true)"
[ -n "$go" ] || { [ -x /usr/local/go/bin/go ] && go=/usr/local/go/bin/go; } || {
  echo 'neither temporal nor go is installed: the tests of runs on Temporal will be skipped' >&2
  exit 0
}
mkdir -p "$into"
GOBIN="$into" GOFLAGS=-mod=mod GOTOOLCHAIN=local "$go" install "github.com/temporalio/cli/cmd/temporal@$version"
printf '%s' "$version" > "$into/stamp.txt"
