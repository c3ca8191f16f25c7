"""Whether rotas and ladders hold in the days ahead, as it was last told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crisis_hub.domain.vocabulary import PersonId


@dataclass(frozen=True, slots=True)
class Lacking:
    """One thing that is wrong; what is wrong for a while has a start and an end, and `planned` comes again."""

    lack: str
    told: str
    red: bool
    who: PersonId | None
    start: datetime | None
    end: datetime | None
    planned: bool


@dataclass(frozen=True, slots=True)
class CoverageChanged:
    """What is wrong with a rota or ladder between now and `until` is something else than was told before.

    `news` says what is wrong now and was not, `mended` what was wrong and is not; both are empty when only the days
    went by. `tell` names who is told.
    """

    about: str
    until: datetime
    lacks: tuple[Lacking, ...]
    news: tuple[str, ...]
    mended: tuple[str, ...]
    red: bool
    tell: tuple[PersonId, ...]
