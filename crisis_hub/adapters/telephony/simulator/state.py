"""Everything the simulated carrier knows, in one place: accounts' numbers, messages, calls, conferences."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

ACCOUNT_SID = "AC" + "0" * 30 + "01"
AUTH_TOKEN = "simulated-token-simulated-token1"  # noqa: S105 - opens nothing but this simulator

FINAL_CALL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
FINAL_TEXT = frozenset({"delivered", "undelivered", "failed", "received", "canceled"})


@dataclass(slots=True)
class Account:
    """Whose numbers, messages and calls these are; a second token signs while tokens are rotated."""

    sid: str = ACCOUNT_SID
    token: str = AUTH_TOKEN
    second_token: str | None = None

    def tokens(self) -> tuple[str, ...]:
        """Return every token that opens the REST API."""
        return (self.token, self.second_token) if self.second_token else (self.token,)


@dataclass(slots=True)
class Number:
    """A number that the hub rents, and where the carrier asks what to do with calls and texts to it."""

    number: str
    sid: str
    voice_url: str = ""
    voice_fallback_url: str = ""
    status_url: str = ""
    text_url: str = ""
    text_fallback_url: str = ""


@dataclass(slots=True)
class Callback:
    """Where progress is posted, and which of its events are wanted."""

    url: str = ""
    events: frozenset[str] = frozenset({"completed"})


@dataclass(slots=True)
class Message:
    """One text, in either direction."""

    sid: str
    to: str
    from_: str
    body: str
    direction: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    error_code: int | None = None
    callback_url: str = ""
    final: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that the person on a call leg heard: `what` is say, play, hold, together, alone or voice."""

    at: datetime
    what: str
    words: str = ""
    language: str = ""


@dataclass(eq=False, slots=True)
class Call:
    """One leg: a phone on one end, the carrier and its instructions on the other."""

    sid: str
    to: str
    from_: str
    direction: str
    created: datetime
    updated: datetime
    status: str = "queued"
    parent: Call | None = None
    partner: Call | None = None
    callback: Callback = field(default_factory=Callback)
    url: str = ""
    twiml: str = ""
    fallback_url: str = ""
    method: str = "POST"
    ring_seconds: float = 60.0
    started: datetime | None = None
    ended: datetime | None = None
    answered_by: str = ""
    machine_detection: str = ""
    machine_url: str = ""
    error_code: int | None = None
    sequence: int = 0
    heard: list[Heard] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    keys: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    decision: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    playing: asyncio.Task[None] | None = None
    acting: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Say whether the call has ended, however it did."""
        return self.status in FINAL_CALL

    @property
    def phone(self) -> str:
        """Return the number of the phone on this leg."""
        return self.from_ if self.direction == "inbound" else self.to

    def decide(self, what: str) -> None:
        """Let the ringing phone be answered, refused or left alone; only the first decision counts."""
        if not self.decided.is_set():
            self.decision = what
            self.decided.set()

    def hear(self, at: datetime, what: str, words: str = "", language: str = "") -> None:
        """Note what the person on this leg hears, and wake whoever listens for it."""
        self.heard.append(Heard(at, what, words, language))
        news, self.news = self.news, asyncio.Event()
        news.set()

    def seconds(self) -> int:
        """Return how long the call was up, as it is billed."""
        return round((self.ended - self.started).total_seconds()) if self.started and self.ended else 0


@dataclass(eq=False, slots=True)
class Participant:
    """One leg in a conference."""

    call: Call
    joined: datetime
    label: str = ""
    muted: bool = False
    hold: bool = False
    coaching: bool = False
    coached_sid: str = ""
    start_on_enter: bool = True
    end_on_exit: bool = False
    wait_url: str = ""
    wait_method: str = "POST"
    together: bool = False
    left: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Task[None] | None = None


@dataclass(eq=False, slots=True)
class Conference:
    """A room of that name; once ended, the name may be used by a new one."""

    sid: str
    name: str
    created: datetime
    updated: datetime
    status: str = "init"
    callback: Callback = field(default_factory=Callback)
    participants: dict[str, Participant] = field(default_factory=dict)
    sequence: int = 0
    ended_because: str = ""
    ended_by: str = ""


@dataclass(slots=True)
class Exchange:
    """The carrier's books."""

    account: Account = field(default_factory=Account)
    numbers: dict[str, Number] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    conferences: dict[str, Conference] = field(default_factory=dict)
    living: dict[str, Conference] = field(default_factory=dict)
    """The conferences that have not ended, by name: there is never more than one of a name."""
    opted_out: set[tuple[str, str]] = field(default_factory=set)
    bins: dict[str, str] = field(default_factory=dict)
    """TwiML that the carrier itself keeps under an address, so that it plays when the hub is down."""

    def room(self, name_or_sid: str) -> Conference | None:
        """Return the conference of that id, or the living one of that name."""
        return self.conferences.get(name_or_sid) or self.living.get(name_or_sid)

    def room_of(self, call: Call) -> Conference | None:
        """Return the conference that a call is in."""
        return next((one for one in self.living.values() if call.sid in one.participants), None)
