#!/usr/bin/env bash
# Puts the code into the form that `make check` asks for, and mends what can be mended without thought.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh
export PATH="$PWD/.venv/bin:$PATH"

ruff check --quiet --fix --exit-zero .
ruff format .
if [ -d frontend/node_modules ]; then
    (cd frontend && npx --no-install eslint --fix .) || true
fi
