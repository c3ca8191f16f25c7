# Shared by the scripts in this folder: read it with `. ops/setup/common.sh` after going to the repository's root.
# shellcheck shell=bash
set -euo pipefail

say() { printf '· %s\n' "$*" >&2; }

# One sentence: what is wrong and what to do. The exit code can be given as a second argument.
fail() {
    printf 'crisis_hub: %s\n' "$1" >&2
    exit "${2:-1}"
}

# A hash over the names and contents of the files given, and over the words before `--`.
fingerprint() {
    local words=() file
    while [ "$1" != -- ]; do words+=("$1"); shift; done
    shift
    {
        printf '%s\n' "${words[@]:-}"
        for file in "$@"; do
            [ -f "$file" ] && printf '%s\n' "$file" && cat "$file"
        done
        true
    } | if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d' ' -f1
}

# Is the stamp file there and does it hold this fingerprint? Then the step was done with these very inputs.
is_fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# Two makes at once in one tree must not set up over each other: the second waits for the first.
# Where there is no flock (macOS), we go on without.
one_at_a_time() {
    if command -v flock >/dev/null; then
        exec 9<ops/setup/common.sh
        flock 9
    fi
}

# Whom this machine trusts, uv, pip, Node and playwright shall trust too: each brings a list of its own, which knows
# nothing of the proxy or mirror of a clinic's network. What is set already stays as it is.
trust_what_the_machine_trusts() {
    local file
    for file in "${SSL_CERT_FILE:-}" "${PIP_CERT:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
        if [ -n "$file" ] && [ -f "$file" ]; then
            export SSL_CERT_FILE=${SSL_CERT_FILE:-$file}
            export PIP_CERT=${PIP_CERT:-$file}
            export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$file}
            return
        fi
    done
}

# apt-get without questions. Only for root on a Debian-like system; the caller has made sure of both.
apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null && apt-get -qq install --yes --no-install-recommends "$@" </dev/null >/dev/null
}

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
