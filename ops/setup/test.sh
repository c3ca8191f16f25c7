#!/usr/bin/env bash
# Runs the tests. With arguments they go to pytest alone (`make test ARGS="tests/domain -k risk"`); without, every test
# runs, on real servers and in a real browser, and a test that cannot run here fails instead of being left out.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh
export PATH="$PWD/.venv/bin:$PATH"

if [ $# -gt 0 ]; then
    exec pytest "$@"
fi

export CRISIS_HUB_TESTS_MUST_RUN=1
# Without a browser everything else still runs; the browser tests then fail and say why.
CRISIS_HUB_CHROMIUM=$(ops/setup/chromium.sh) && export CRISIS_HUB_CHROMIUM || unset CRISIS_HUB_CHROMIUM

failed=0
# The frontend first: whoever reads only the end of a long record sees what pytest says failed.
if [ -d frontend/node_modules ] && node -e 'process.exit(require("./frontend/package.json").scripts?.test ? 0 : 1)'; then
    say "Testing the frontend"
    (cd frontend && npm run --silent test) || { say "A test of the frontend FAILED, see above."; failed=1; }
fi
# One file that cannot be read must not hide what the others would have shown.
# Two at a time, each with database servers of its own: most tests wait for something, so this is nearly twice as fast.
pytest -p xdist --numprocesses 2 --dist loadfile --continue-on-collection-errors || failed=1
[ $failed = 0 ] || say "Tests failed, in pytest (see above) or in the frontend (see before it)."
exit $failed
