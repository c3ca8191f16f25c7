#!/usr/bin/env bash
# Random rotas against the oracle that paints every minute, in rounds of a thousand with a seed each, on all cores.
# A round that fails prints the rota and its seed, and the whole fails.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh

schedules=${CRISIS_HUB_SCHEDULES:-1000000}
round=$((schedules < 1000 ? schedules : 1000))
rounds=$(((schedules + round - 1) / round))
cores=$(getconf _NPROCESSORS_ONLN)

say "$schedules rotas in $rounds rounds, $cores at a time"
export CRISIS_HUB_SCHEDULES=$round
seq 1 "$rounds" | xargs -P "$cores" -I SEED .venv/bin/python -m pytest -q -x -p no:randomly -p no:cacheprovider \
    --timeout=0 --hypothesis-seed=SEED tests/domain/test_rota_minutes.py
