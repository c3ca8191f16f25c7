#!/usr/bin/env bash
# .venv/ with the very packages of ops/requirements.lock, and this project in it, editable.
#
# uv installs, because it is more than ten times faster than pip; pip is only used to bring uv, with its hash.
# Nothing is done, and nothing is asked of the network, when the stamp says that it was done from these inputs.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh
one_at_a_time

stamp=.venv/.made-from
# The path is among the inputs because programs in .venv/bin name it: a copied or moved tree is made anew.
wanted=$(fingerprint "$PWD" -- pyproject.toml ops/requirements.lock ops/setup/python.sh)
is_fresh "$stamp" "$wanted" && [ -x .venv/bin/python ] && exit 0
trust_what_the_machine_trusts

# The Python asked for, else the first one that is new enough.
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
python=
for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14 python}; do
    if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    found=$("${PYTHON:-python3}" --version 2>/dev/null) || found="no Python"
    fail "Python 3.11 or newer is needed and ${PYTHON:-python3} gives $found; install one, or name one with make PYTHON=/path/to/python3.11." 2
fi

# uv has its own settings for where packages come from; a machine that is set up for pip only has said it there.
tell_uv_what_pip_knows() {
    local index extra
    index=${PIP_INDEX_URL:-$("$1" -m pip config get global.index-url 2>/dev/null || true)}
    extra=${PIP_EXTRA_INDEX_URL:-$("$1" -m pip config get global.extra-index-url 2>/dev/null || true)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-$index}}
    [ -z "$extra" ] || export UV_INDEX=${UV_INDEX:-$extra}
}

# A .venv of another path or another Python cannot be mended, only made again.
if [ -e .venv ] && ! { [ "$(cat .venv/.made-at 2>/dev/null)" = "$PWD" ] && .venv/bin/python -c '' 2>/dev/null && is_new_enough .venv/bin/python; }; then
    say "Removing .venv/, which was made for another place or another Python"
    rm -rf .venv
fi

if [ ! -x .venv/bin/uv ]; then
    say "Making .venv/ with $("$python" --version)"
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        # Debian keeps these two apart from Python itself.
        can_apt || fail "Python's venv module is incomplete here; install it (on Debian and Ubuntu: apt install python3-venv) and run this again."
        version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        say "Installing $version with apt-get"
        apt_install "$version" || apt_install python3-venv || fail "apt-get could not install $version; install it and run this again."
    fi
    "$python" -m venv --clear .venv || fail "python -m venv failed, see above."
    printf '%s' "$PWD" >.venv/.made-at
    # uv's own lines of the lock file, version and hashes.
    awk '/^uv==/ {inside = 1} inside {print} inside && !/\\$/ {exit}' ops/requirements.lock >.venv/uv.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt ||
        fail "pip could not download uv; is a package registry within reach? (A second run goes on from here.)"
fi

say "Installing the Python packages of ops/requirements.lock"
tell_uv_what_pip_knows .venv/bin/python
export UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=$PWD/.venv
.venv/bin/uv pip sync --quiet --require-hashes ops/requirements.lock ||
    fail "the Python packages could not be installed, see above."
.venv/bin/uv pip install --quiet --no-deps --offline --editable . ||
    fail "the project itself could not be installed into .venv/, see above."
printf '%s' "$wanted" >"$stamp"
