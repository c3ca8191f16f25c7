#!/usr/bin/env bash
# frontend/dist/, built again only when one of its sources has changed.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh
one_at_a_time

[ -f frontend/package-lock.json ] || exit 0

sources=()
while IFS= read -r file; do
    sources+=("$file")
done < <(find frontend -type f -not -path 'frontend/node_modules/*' -not -path 'frontend/dist/*' -not -path 'frontend/coverage/*' -not -name '*.tsbuildinfo' | LC_ALL=C sort)

# The stamp lies outside dist/, because all of dist/ is served.
stamp=frontend/node_modules/.built-from
wanted=$(fingerprint "$(cat frontend/node_modules/.made-from)" -- "${sources[@]}")
is_fresh "$stamp" "$wanted" && [ -f frontend/dist/index.html ] && exit 0

say "Building the frontend"
(cd frontend && PATH="$OLDPWD/.venv/bin:$PATH" npm run --silent build >&2) || fail "the frontend could not be built, see above."
[ -f frontend/dist/index.html ] || fail "the frontend's build left no frontend/dist/index.html."
printf '%s' "$wanted" >"$stamp"
