"""Which database an address means."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from crisis_hub.application.ports import StoreUnavailable


class Address(NamedTuple):
    """A database: the path of an SQLite file, or else what follows `postgresql://`."""

    path: Path | None
    rest: str

    @classmethod
    def of(cls, url: str) -> Address:
        """Read an address; raises ValueError with a sentence when it is neither kind."""
        scheme, _, rest = url.partition("://")
        kind = scheme.partition("+")[0]
        if kind == "sqlite" and rest.startswith("/") and len(rest) > 1 and rest != "/:memory:":
            return cls(Path(unquote(rest[1:])), "")
        if kind in {"postgresql", "postgres"} and rest:
            return cls(None, rest)
        raise ValueError(
            f"DATABASE_URL begins with {kind or 'nothing'}://, but must be sqlite:///path/to/file.db "
            "or postgresql://user@host/name"
        )

    def place(self) -> str:
        """Name the database for people, without any password."""
        if self.path is not None:
            return str(self.path)
        parts = urlsplit(f"postgresql://{self.rest}")
        return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


def make_folder(path: Path) -> None:
    """Make the folder of an SQLite file; raises `StoreUnavailable` with a sentence when it cannot be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"the folder {path.parent} of the database cannot be made ({error.strerror}): let this user make it"
        ) from error
