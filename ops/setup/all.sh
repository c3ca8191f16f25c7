#!/usr/bin/env bash
# All that any target needs: Python with its packages, Node with its packages, the built frontend.
# `--no-build` leaves the last one out, for targets that only read the sources.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh

ops/setup/python.sh
ops/setup/node.sh
if [ "${1:-}" != --no-build ]; then
    ops/setup/frontend.sh
fi
