#!/usr/bin/env bash
# Everything that can be said about the code without running it. All checks run, so that one run shows all there is to
# mend; the last line says how many failed.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh
export PATH="$PWD/.venv/bin:$PATH"

failed=()
check() {
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then
        printf 'ok      %s\n' "$name"
    else
        printf 'FAILED  %s\n%s\n' "$name" "$out" | sed '2,$s/^/        /'
        failed+=("$name")
    fi
}

# Lock files and settings must work with any registry, so none may be named.
no_registry_named() {
    local hosts="pypi\.|pythonhosted\.|npmjs\.|yarnpkg\.|npmmirror\.|/simple(/|\"|'|\$)|registry\.|[-_]index-url|find-links *=|\"resolved\""
    local files
    files=$(find . \( -name node_modules -o -name .venv -o -name .git -o -name dist -o -name var \) -prune -o -type f \
        \( -name '*.lock' -o -name 'package*.json' -o -name '*.toml' -o -name '.npmrc' -o -name '*.cfg' -o -name 'requirements*.txt' -o -name 'Dockerfile*' -o -name 'compose*.y*ml' \) -print)
    # shellcheck disable=SC2086  # our file names hold no spaces
    ! grep -nE "$hosts" $files
}

# The frontend is checked as soon as there is one, and cannot be left out by not being installed.
frontend_is_installed() {
    [ -d frontend/node_modules ] || { echo "frontend/package.json has no package-lock.json beside it: (cd frontend && ../.venv/bin/npm install --package-lock-only)"; false; }
}
in_frontend() { (cd frontend && "$@"); }

check "form (ruff format)" ruff format --check .
check "lint (ruff check)" ruff check --output-format concise .
check "types (mypy)" mypy
check "import contracts (lint-imports)" lint-imports --no-logo
check "what is installed fits together (uv pip check)" uv pip check --quiet --python .venv/bin/python
check "no package registry named" no_registry_named
if [ -f frontend/package.json ]; then
    check "frontend installed" frontend_is_installed
    check "types of the frontend (tsc)" in_frontend npx --no-install tsc --noEmit
    check "lint of the frontend (eslint)" in_frontend npx --no-install eslint --max-warnings 0 .
fi
if [ -d rules ] && crisis-hub rules check --help >/dev/null 2>&1; then
    check "rules (crisis-hub rules check)" crisis-hub rules check
    check "examples of the rules (crisis-hub rules test)" crisis-hub rules test
    check "promises of the rules (crisis-hub rules verify)" crisis-hub rules verify
fi

if [ ${#failed[@]} -gt 0 ]; then
    fail "${#failed[@]} check(s) failed."
fi
