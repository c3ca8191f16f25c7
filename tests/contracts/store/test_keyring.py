"""The hub's own key: made once, read by its owner only, and never guessed from what is computed with it."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crisis_hub.adapters.keyring import KeyFileError, Keyring, normal_number
from crisis_hub.application.ports import Secrets
from crisis_hub.domain.vocabulary import PageId

KEY = bytes(range(32))


def _write(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_new_key_is_made_when_that_is_allowed_and_is_the_same_next_time(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret.key"
    made = Keyring.from_file(path, make=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Keyring.from_file(path).vault_key() == made.vault_key()
    assert Keyring.from_file(path, make=True).vault_key() == made.vault_key()
    assert [one.name for one in path.parent.iterdir()] == ["secret.key"]


def test_of_many_that_make_it_at_once_all_use_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: Keyring.from_file(path, make=True).vault_key(), range(32)))
    assert len(set(keys)) == 1


def test_a_missing_key_is_not_made_unasked(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    with pytest.raises(KeyFileError, match=rf"{path} is not there"):
        Keyring.from_file(path)
    assert not path.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = _write(tmp_path / "secret.key", base64.b64encode(KEY), mode)
    with pytest.raises(KeyFileError, match=f"{path} is open to others .* chmod 600"):
        Keyring.from_file(path)


@pytest.mark.parametrize("content", [b"", b"short", base64.b64encode(KEY[:31]), KEY, b"\xff" * 44])
def test_a_key_of_the_wrong_length_is_refused(tmp_path: Path, content: bytes) -> None:
    path = _write(tmp_path / "secret.key", content)
    with pytest.raises(KeyFileError, match=f"{path} does not hold 32 bytes"):
        Keyring.from_file(path)


def test_a_key_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=f"{tmp_path} cannot be read"):
        Keyring.from_file(tmp_path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileError, match="cannot be made"):
        Keyring.from_file(tmp_path / "file" / "secret.key", make=True)


def test_a_key_from_openssl_is_accepted(tmp_path: Path) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        path = _write(tmp_path / "secret.key", encode(b"\xfb" * 32) + b"\n")
        assert Keyring.from_file(path).vault_key() == Keyring(b"\xfb" * 32).vault_key()


def test_no_two_purposes_share_a_key() -> None:
    ring = Keyring(KEY)
    words = {ring.derive(name) for name in ("vault", "contact refs", "page tokens", "token hashes", "else")}
    assert len(words) == 5
    assert KEY not in words


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("+1 (555) 010-0001", "+15550100001"),
        ("+15550100001", "+15550100001"),
        (" 15550100001", "15550100001"),
        ("Anonymous", "anonymous"),
        ("sip:Ana@example.org", "sip:ana@example.org"),
        ("", ""),
    ],
)
def test_a_number_is_the_same_however_it_is_written(written: str, normal: str) -> None:
    assert normal_number(written) == normal
    assert Keyring(KEY).contact_ref(written) == Keyring(KEY).contact_ref(normal)


def test_a_contact_ref_depends_on_the_key_and_does_not_show_the_number() -> None:
    ref = Keyring(KEY).contact_ref("+15550100001")
    assert ref != Keyring(b"x" * 32).contact_ref("+15550100001")
    assert ref != Keyring(KEY).contact_ref("+15550100002")
    assert "5550100001" not in ref


def test_a_hostile_number_has_a_ref_too() -> None:
    assert Keyring(KEY).contact_ref("\ud800\x00")


def test_a_page_token_has_132_bits_and_is_the_same_each_time() -> None:
    ring: Secrets = Keyring(KEY)
    token = ring.page_token(PageId("p1"))
    assert len(token) == 22
    assert token == ring.page_token(PageId("p1"))
    assert token != ring.page_token(PageId("p2"))
    assert token != Keyring(b"x" * 32).page_token(PageId("p1"))


def test_new_tokens_are_never_alike_and_their_hash_does_not_show_them() -> None:
    ring = Keyring(KEY)
    tokens = {ring.new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == 32 for token in tokens)
    token = tokens.pop()
    assert ring.token_hash(token) == ring.token_hash(token)
    assert token not in ring.token_hash(token)


def test_importing_the_keyring_makes_nothing(tmp_path: Path) -> None:
    code = "import crisis_hub.adapters.keyring"
    subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    assert list(tmp_path.iterdir()) == []
