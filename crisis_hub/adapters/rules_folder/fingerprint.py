"""Short names for contents: the same words give the same name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def fingerprint(data: object) -> str:
    """Return eight characters that change whenever the data does."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:8]


def version_of(contents: Mapping[str, bytes]) -> str:
    """Return the version of a whole rulebook: twelve characters made of every file's name and contents."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{len(contents[name])}\0".encode())
        digest.update(contents[name])
    return digest.hexdigest()[:12]
