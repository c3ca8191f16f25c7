"""What the hands need from the world, named for the need and never for the maker.

Every port has an in-memory twin beside its makers in `adapters/`; one contract suite runs against all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from crisis_hub.domain.events import Fact, Recorded
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CarrierId, CaseId, CaseState, Channel, ContactRef, Method, PageId, PersonId


class Clock(Protocol):
    """The only way to learn the time or to wait."""

    def now(self) -> datetime:
        """Return the present instant, in UTC and with its zone."""

    async def sleep(self, seconds: float) -> None:
        """Return when that many seconds have passed."""


class Ids(Protocol):
    """The only source of new names and of chance."""

    def new(self) -> str:
        """Return an id that nobody has used: 32 lower-case hexadecimal digits, rising with time."""


# ------------------------------------------------------------------------------------------------ telephony


_TELEPHONE_NUMBER = re.compile(r"\(?\+?\(?\d(?:[ ().-]{0,2}\d){6,}\)?")


class TelephonyError(Exception):
    """Something went wrong between us and the carrier.

    Telephone numbers in the carrier's words are struck out: what it said is kept in the open, and numbers are not.
    """

    def __init__(self, reason: str) -> None:
        self.reason = _TELEPHONE_NUMBER.sub("(number)", reason)
        super().__init__(self.reason)


class CarrierRefused(TelephonyError):
    """The carrier said no; asking again with the same words will not help. `code` is the carrier's own error code."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code

    def __str__(self) -> str:
        """Return the reason with its code."""
        return f"{self.reason} ({self.code})"


class CarrierBusy(TelephonyError):
    """The carrier surely did not accept it (connection refused, 429, 503); ask again after `retry_after` seconds.

    `down` says that it could not be reached or is out of order; without it, it is at work and asks us to go slower.
    """

    def __init__(self, reason: str, retry_after: float = 1.0, *, down: bool = True) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.down = down


class OutcomeUnknown(TelephonyError):
    """Nobody can say whether the carrier accepted it: no answer in time, or a 5xx after the request was sent."""


@dataclass(frozen=True, slots=True)
class CarrierText:
    """A message as the carrier lists it."""

    carrier_id: CarrierId
    to: str
    body: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """A call as the carrier lists it; what it was about, the carrier does not say."""

    carrier_id: CarrierId
    to: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CarrierProgress:
    """How far a message or call got, in the carrier's own word; `code` says why it failed, where that is known."""

    state: str
    code: str = ""


class Telephony(Protocol):
    """Texts and calls that we send out. Every method may raise a `TelephonyError` of the three kinds above."""

    async def send_text(self, to: str, body: str, status_path: str) -> CarrierId:
        """Send `body` to the number `to`; progress is posted to `status_path` below our public address."""

    async def find_texts(self, to: str, since: datetime) -> Sequence[CarrierText]:
        """List what the carrier holds of our messages to `to` since then, newest first."""

    async def find_calls(self, to: str, since: datetime) -> Sequence[CarrierCall]:
        """List what the carrier holds of our calls to `to` since then, newest first."""

    async def text_state(self, message: CarrierId) -> CarrierProgress:
        """Return how far a message of ours got; refused with 20404 when the carrier knows none of that id."""

    async def call_state(self, call: CarrierId) -> CarrierProgress:
        """Return how far a call got; refused with 20404 when the carrier knows none of that id."""

    async def place_call(self, to: str, answer_path: str, status_path: str) -> CarrierId:
        """Ring `to`; once answered, the call follows what `answer_path` says."""

    async def ring_into_room(self, to: str, room: str, status_path: str) -> CarrierId:
        """Ring `to` and, once answered, put them into the conference `room`."""

    async def move_call(self, call: CarrierId, path: str) -> None:
        """Let a running call follow what `path` says from now on."""

    async def end_call(self, call: CarrierId) -> None:
        """Hang up; harmless when the call is already over."""


class Push(Protocol):
    """Messages to a browser that a member of staff allowed to wake them. Raises a `TelephonyError` as above."""

    async def push(self, subscription: str, message: str) -> CarrierId:
        """Push `message`, sealed for that browser alone; `subscription` is what the browser gave, as JSON."""


class Mail(Protocol):
    """E-mail to staff. Raises a `TelephonyError` as above."""

    async def send_mail(self, to: str, subject: str, body: str) -> CarrierId:
        """Hand one plain e-mail over to the mail server; returns its Message-ID."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """Somebody's time on call, as a calendar shows it; `uid` stays the same while the shift does."""

    uid: str
    start: datetime
    end: datetime
    title: str
    person: PersonId


class CalendarWriter(Protocol):
    """How shifts are written for calendars."""

    def written(self, name: str, events: Sequence[CalendarEvent], now: datetime) -> bytes:
        """Return a calendar of that name with these events."""


class Addresses(Protocol):
    """What can be a telephone number, a mailbox or a browser to push to."""

    def normal(self, method: Method, said: str) -> str:
        """Return an address as it is kept; raises `ValueError` with a sentence when it cannot be one."""


class CarrierWords(Protocol):
    """How the carrier is told what to do with a call or text: one string for each answer to a webhook."""

    def nothing(self) -> str:
        """Do nothing more."""

    def reply(self, text: str, status_path: str) -> str:
        """Send `text` back to who wrote."""

    def wait_in_room(self, greeting: str, language: str, room: str, status_path: str) -> str:
        """Say the greeting, then put the caller into `room`, with hold sound until somebody joins."""

    def hold_sound(self, words: str, language: str) -> str:
        """What is heard while waiting: `words`, then quiet sound, again and again."""

    def page_menu(self, words: str, language: str, digits_path: str) -> str:
        """Say `words` three times to a paged person and wait for one digit, which is posted to `digits_path`."""

    def say_and_hang_up(self, words: str, language: str) -> str:
        """Say `words` and end the call."""

    def join_room(self, words: str, language: str, room: str, status_path: str) -> str:
        """Say `words`, then put a member of staff into `room`, where the caller is."""


class SignatureCheck(Protocol):
    """Whether a webhook really comes from the carrier."""

    def holds(self, path_and_query: str, form: Sequence[tuple[str, str]], signature: str) -> bool:
        """Say whether `signature` was made by the carrier for this form at our public address."""


# ------------------------------------------------------------------------------------------------ the ledger


class StoreError(Exception):
    """Something kept the ledger from recording."""


class Conflict(StoreError):
    """The stream has grown since it was read; read again and decide again."""


class MarkTaken(StoreError):
    """A mark that must be new is there already; `value` is what it says."""

    def __init__(self, key: str, value: str) -> None:
        super().__init__(f"the mark {key} is taken")
        self.key = key
        self.value = value


class StoreUnavailable(StoreError):
    """The database is locked, full or gone; nothing was written. Its message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to be done in the world because of a fact: planned in the same transaction as the fact.

    `key` is made of stream, version and reaction, so that planning it twice is planning it once.
    `priority` 0 is done before 1, and so on: a page never waits behind a text.
    """

    key: str
    stream: str
    kind: str
    subject: str
    not_before: datetime
    priority: int = 5


EVERY_PRIORITY = (0, 9)
"""From the most urgent to the least."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An effect that one worker holds under a lease; `tries` counts this one.

    `unsent` is the newest try that was given back with the word that nothing went out.
    """

    effect: Effect
    tries: int
    unsent: int = 0

    @property
    def begun(self) -> bool:
        """Say whether the try before this one may have gone out: it ended without a word, or nobody knows how."""
        return self.tries > 1 and self.unsent != self.tries - 1


class Settlement(StrEnum):
    """What became of a claimed effect."""

    HANDED_OVER = "handed_over"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Settled:
    """The word of the worker `owner` on an effect; ignored when the lease has passed to somebody else."""

    key: str
    owner: str
    outcome: Settlement
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is due at an instant; it names what it is about, so that a late one can be told and ignored."""

    key: str
    stream: str
    kind: str
    subject: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CaseRow:
    """The case as lists and searches need it; holds no private word and can be folded again from facts."""

    case: CaseId
    number: str
    state: CaseState
    risk: Risk
    channel: Channel
    language: str
    contact_ref: ContactRef
    responder: str
    drill: bool
    opened_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything that one command makes true, for one stream: written whole or not at all.

    `expected` is the version of the stream that was decided upon (0: the stream is new). `marks` must be new,
    `unmarks` are taken away; `settled` and `reached` end the effect or deadline that led here.
    """

    stream: str
    expected: int
    facts: tuple[Fact, ...]
    at: datetime
    actor: str
    cause: str = ""
    effects: tuple[Effect, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    unmarks: tuple[str, ...] = ()
    settled: tuple[Settled, ...] = ()
    reached: tuple[str, ...] = ()
    row: CaseRow | None = None


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases to list, newest first; `before` is the case id where the last page ended."""

    state: CaseState | None = None
    risk: Risk | None = None
    number: str = ""
    contact_ref: ContactRef | None = None
    before: CaseId | None = None
    limit: int = 50


class Store(Protocol):
    """The ledger, its outbox, its deadlines and its read models. Every method may raise `StoreUnavailable`."""

    async def append(self, entry: Entry) -> tuple[Recorded, ...]:
        """Write one entry durably and return its facts as recorded, or raise `Conflict` or `MarkTaken`."""

    async def read(self, stream: str) -> Sequence[Recorded]:
        """Return a stream's facts, oldest first, with private fields opened (`SEALED` where the key is gone)."""

    async def news(self, stream: str, version: int) -> Sequence[Recorded] | None:
        """Return a stream's facts after that version, opened; nothing when its words can no longer be opened at all.

        Nothing tells whoever remembers the facts before to let go of them: their key was destroyed.
        """

    async def since(self, sequence: int, limit: int = 1000) -> Sequence[Recorded]:
        """Return the facts after `sequence` in commit order, private fields left sealed."""

    async def head(self) -> int:
        """Return the sequence of the newest fact, 0 when there is none."""

    async def marks(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the values of those marks that exist."""

    async def marks_below(self, prefix: str) -> Mapping[str, str]:
        """Return every mark whose key begins with `prefix`."""

    async def claim_effects(
        self, now: datetime, owner: str, lease_seconds: float, limit: int, priorities: tuple[int, int] = EVERY_PRIORITY
    ) -> Sequence[Claimed]:
        """Take up to `limit` effects that are planned and due, or whose lease is over, most urgent first.

        `priorities` names the first and the last that are taken.
        """

    async def take_effect(self, key: str, now: datetime, owner: str, lease_seconds: float) -> bool:
        """Take one effect that is planned, due or not, or ours already; say whether it is ours now."""

    async def settle(self, settled: Settled) -> None:
        """Say what became of an effect when no fact came of it."""

    async def retry(self, key: str, owner: str, at: datetime, *, unsent: bool = False) -> None:
        """Give a claimed effect back, to be tried again at `at`; `unsent` when surely nothing went out this time."""

    async def claim_deadlines(self, now: datetime, owner: str, lease_seconds: float, limit: int) -> Sequence[Deadline]:
        """Take up to `limit` deadlines that are due, earliest first; they stay until an entry says they are reached."""

    async def drop_deadline(self, key: str) -> None:
        """Take a deadline away about which there is nothing to say."""

    async def cases(self, query: CaseQuery) -> Sequence[CaseRow]:
        """List cases from the read model."""

    async def open_streams(self) -> Sequence[str]:
        """Return the streams of all cases that are not closed."""

    async def next_number(self) -> str:
        """Return a case number that was never used: short, speakable, rising."""

    async def forget(self, stream: str) -> None:
        """Destroy the key of a stream: its private fields can never be opened again."""

    async def check(self) -> None:
        """Return when a write could be made durable just now; raise `StoreUnavailable` with a sentence when not."""

    async def close(self) -> None:
        """Let go of every connection."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody is signed in until `expires_at`; only the hash of the token is kept."""

    token_hash: str
    person: PersonId
    csrf: str
    made_at: datetime
    expires_at: datetime


class Sessions(Protocol):
    """Who is signed in, seen alike by every process."""

    async def put(self, session: Session) -> None:
        """Keep a session."""

    async def get(self, token_hash: str) -> Session | None:
        """Return the session of that token, whether or not it is over."""

    async def end(self, token_hash: str) -> None:
        """End one session."""

    async def end_all(self, person: PersonId) -> None:
        """End every session of a person."""

    async def purge(self, now: datetime) -> None:
        """Forget sessions that are over."""


class Secrets(Protocol):
    """What is computed with the hub's own key."""

    def contact_ref(self, number: str) -> ContactRef:
        """Return the keyed hash of a telephone number."""

    def page_token(self, page: PageId) -> str:
        """Return the secret word of a page's link: 22 characters, 132 bits, the same each time."""

    def token_hash(self, token: str) -> str:
        """Return the hash under which a token may be stored."""

    def word(self, purpose: str) -> str:
        """Return a secret word for this purpose alone: 22 characters, 132 bits, the same each time."""

    def code(self, purpose: str) -> str:
        """Return six digits for this purpose alone, the same each time."""

    def new_token(self) -> str:
        """Return a secret that nobody can guess, of at least 128 bits."""


class Passwords(Protocol):
    """Slow, salted hashes of passwords."""

    def hash(self, password: str) -> str:
        """Return what to keep in place of a password."""

    async def matches(self, stored: str, password: str) -> bool:
        """Say whether this is the password; takes as long when `stored` is empty."""


class Bus(Protocol):
    """The bell: rings after a commit, may be lost, and says nothing that the ledger does not say."""

    async def ring(self, recorded: Sequence[Recorded]) -> None:
        """Tell every process, this one first, that these facts were recorded; never raises."""

    def listen(self, heard: Callable[[Sequence[Recorded]], None]) -> Callable[[], None]:
        """Call `heard` at each ring, with the facts if this process wrote them, else with none; returns how to stop."""

    async def start(self) -> None:
        """Begin to listen to the other processes; with them out of reach, keep trying quietly."""

    async def close(self) -> None:
        """Stop listening."""

    def trouble(self) -> str:
        """Return a sentence when other processes cannot be reached, else an empty string."""
