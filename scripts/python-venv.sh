#!/usr/bin/env bash
# Makes .venv with the vendors' Python SDKs, which witness the emulator in `npm test`, and moto, which stands for AWS there. Safe to run again: installs only
# what is missing. Versions are pinned; a change here is a change of evidence.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  bce-python-sdk==0.9.79
  aliyun-python-sdk-core==2.16.1
  aliyun-python-sdk-vpc==3.0.48
  alibabacloud-vpcpeer20220101==2.0.5
  alibabacloud-vpc20160428==7.2.2
  'moto[ec2,server]==5.2.5'
)

if ! command -v python3 >/dev/null; then
  echo 'python3 is not installed: the Python witnesses and AWS will be skipped' >&2
  exit 0
fi
# the list of what was installed last is the stamp
wanted="$(printf '%s\n' "${packages[@]}")"
if [ -x .venv/bin/python ] && [ "$(cat .venv/peerway-packages.txt 2>/dev/null)" = "$wanted" ]; then
  echo '.venv is up to date'
  exit 0
fi
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check "${packages[@]}"
printf '%s\n' "$wanted" > .venv/peerway-packages.txt
