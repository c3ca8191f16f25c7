"""What the front is given by the hall: the hands, and a few plain words about this place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crisis_hub.application.arranging import Arranging
from crisis_hub.application.board import Board
from crisis_hub.application.calendars import Calendars
from crisis_hub.application.canary import Canary
from crisis_hub.application.coverage import CoverageWatch
from crisis_hub.application.covers import Covers
from crisis_hub.application.door import Door
from crisis_hub.application.guide import Guides
from crisis_hub.application.hub import Hub
from crisis_hub.application.intake import Intake
from crisis_hub.application.owed import Owed
from crisis_hub.application.pages import Pages
from crisis_hub.application.ports import CarrierWords, Clock, Ids, Secrets, SignatureCheck, Store
from crisis_hub.application.reach import Reachability
from crisis_hub.application.reports import Reports
from crisis_hub.application.rotas import Rotas
from crisis_hub.application.rulebooks import Rulebooks
from crisis_hub.application.service import Service
from crisis_hub.application.shifts import Shifts
from crisis_hub.application.staff import Directory
from crisis_hub.application.trial_pages import TrialPages
from crisis_hub.domain.reading import RuleOnFile
from crisis_hub.domain.rules import Rulebook


@dataclass(frozen=True, slots=True)
class Place:
    """This house in plain words: its name, its public address, where the built screens lie."""

    name: str
    public_url: str
    screens: Path | None
    drill: bool

    @property
    def secure(self) -> bool:
        """Say whether browsers reach us over TLS, so that cookies may say so."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether we can record and page just now, and a sentence for each thing that we cannot."""

    ok: bool
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the front needs."""

    place: Place
    clock: Clock
    ids: Ids
    secrets: Secrets
    store: Store
    hub: Hub
    board: Board
    intake: Intake
    canary: Canary
    canary_call: Canary
    pages: Pages
    guides: Guides
    owed: Owed
    service: Service
    reachability: Reachability
    trials: TrialPages
    calendars: Calendars
    push_key: str
    rotas: Rotas
    shifts: Shifts
    covers: Covers
    arranging: Arranging
    coverage: CoverageWatch
    reports: Reports
    directory: Directory
    door: Door
    words: CarrierWords
    signature: SignatureCheck
    rulebook: Callable[[], Rulebook]
    rulebooks: Rulebooks
    rules_on_file: Callable[[], Sequence[RuleOnFile]]
    ready: Callable[[], Awaitable[Ready]]
    watched: Callable[[], bool]
    metrics: Callable[[], bytes]
    second_account: str = ""
    """The second carrier's account where it has one of its own: its calls cannot be put into the rooms of the first."""
