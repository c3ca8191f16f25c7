#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests, after bringing one if there is none.
cd "$(dirname "$0")/../.." && . ops/setup/common.sh

starts() { [ -x "$1" ] && "$1" --version >/dev/null 2>&1; }

if [ -n "${CRISIS_HUB_CHROMIUM:-}" ]; then
    starts "$CRISIS_HUB_CHROMIUM" || fail "CRISIS_HUB_CHROMIUM is $CRISIS_HUB_CHROMIUM, which is no browser that starts; correct it or unset it."
    printf '%s\n' "$CRISIS_HUB_CHROMIUM"
    exit 0
fi

from_the_system() {
    local name path
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v "$name") && starts "$path" && printf '%s\n' "$path" && return 0
    done
    return 1
}

from_playwright() {
    local path
    path=$(.venv/bin/python -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
' 2>/dev/null) && starts "$path" && printf '%s\n' "$path"
}

# The download of playwright may be out of reach behind a package mirror, and then hangs rather than fails.
bring_by_playwright() {
    trust_what_the_machine_trusts
    say "Bringing Chromium by playwright (at most 3 minutes)"
    timeout 180 .venv/bin/playwright install chromium >/dev/null 2>&1 && from_playwright
}

bring_by_apt() {
    can_apt || return 1
    say "Bringing Chromium by apt-get"
    apt_install chromium && from_the_system
}

from_the_system || from_playwright || bring_by_playwright || bring_by_apt ||
    fail "no Chromium was found and none could be brought; install one (on Debian: apt install chromium) or name one in CRISIS_HUB_CHROMIUM."
