#!/usr/bin/env bash
# Writes ops/requirements.lock from the versions in pyproject.toml: all that they need in turn, each with its hashes, for
# every system and every Python from 3.11 on. What is locked already stays as it is; `ops/setup/lock.sh --upgrade` moves it.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh

VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
    --custom-compile-command 'make lock' --output-file ops/requirements.lock "$@" pyproject.toml
