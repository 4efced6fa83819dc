#!/usr/bin/env bash
# Installs Debian's Chromium, in which the server's page is tested, where that can be done without asking: as root, with apt-get.
# Elsewhere, or when the archive cannot be reached, the tests of the page are skipped and say so. Safe to run again.
set -uo pipefail

for program in "${PEERWAY_CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser; do
  if [ -n "$program" ] && [ -x "$program" ]; then
    echo "$program is there"
    exit 0
  fi
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo 'no Chromium, and no way to install it from here: the tests of the page will be skipped' >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1 ||
  echo 'Chromium could not be installed: the tests of the page will be skipped' >&2
