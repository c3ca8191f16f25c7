"""The carrier's twin in memory: it remembers what it was asked, and refuses or falls silent when told to."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crisis_hub.application.ports import (
    CarrierBusy,
    CarrierCall,
    CarrierProgress,
    CarrierRefused,
    CarrierText,
    Clock,
    Ids,
    OutcomeUnknown,
    TelephonyError,
)
from crisis_hub.domain.vocabulary import CarrierId

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST_TEXT = 1600


class Asked(StrEnum):
    """What the carrier can be asked to do."""

    TEXT = "text"
    CALL = "call"
    RING_INTO_ROOM = "ring_into_room"
    MOVE = "move"
    END = "end"


_CALLS = (Asked.CALL, Asked.RING_INTO_ROOM)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Something that was accepted; `words` is the text's body, the path that a call follows, or the room."""

    asked: Asked
    to: str
    words: str
    status_path: str
    carrier_id: CarrierId
    at: datetime


@dataclass(slots=True)
class _Trouble:
    error: TelephonyError
    times: int | None
    accepts: bool
    only: str


class MemoryTelephony:
    """The telephony port without any carrier behind it."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._troubles: list[_Trouble] = []
        self._over: dict[CarrierId, bool] = {}
        self._states: dict[CarrierId, CarrierProgress] = {}
        self.accepted: list[Accepted] = []
        """Everything that was accepted, in order; also what was accepted without our hearing of it."""

    # ------------------------------------------------------------------ the port

    async def send_text(self, to: str, body: str, status_path: str) -> CarrierId:
        """Remember a text."""
        self._check_number(to)
        if not body:
            raise CarrierRefused("21602", "Message body is required.")
        if len(body) > _LONGEST_TEXT:
            raise CarrierRefused("21617", "The concatenated message body exceeds the 1600 character limit")
        return self._accept(Asked.TEXT, to, body, status_path, f"SM{self._ids.new()}")

    async def find_texts(self, to: str, since: datetime) -> Sequence[CarrierText]:
        """List the remembered texts to that number, newest first."""
        self._stumble(to, accepted=None)
        # The carrier knows whole seconds only, so what was sent within the second of `since` counts too.
        since = since.replace(microsecond=0)
        texts = [one for one in self.accepted if one.asked is Asked.TEXT and one.to == to and one.at >= since]
        return [
            CarrierText(one.carrier_id, one.to, one.words, self._word(one.carrier_id, "sent"), one.at)
            for one in reversed(texts)
        ]

    async def find_calls(self, to: str, since: datetime) -> Sequence[CarrierCall]:
        """List the remembered calls to that number, newest first."""
        self._stumble(to, accepted=None)
        since = since.replace(microsecond=0)
        calls = [one for one in self.accepted if one.asked in _CALLS and one.to == to and one.at >= since]
        return [
            CarrierCall(one.carrier_id, one.to, self._word(one.carrier_id, "ringing"), one.at)
            for one in reversed(calls)
        ]

    async def text_state(self, message: CarrierId) -> CarrierProgress:
        """Return how far a remembered text got."""
        return self._progress(message, "sent", (Asked.TEXT,))

    async def call_state(self, call: CarrierId) -> CarrierProgress:
        """Return how far a remembered call got."""
        return self._progress(call, "completed" if self._over.get(call) else "ringing", _CALLS)

    async def place_call(self, to: str, answer_path: str, status_path: str) -> CarrierId:
        """Remember a call."""
        self._check_number(to)
        return self._accept(Asked.CALL, to, answer_path, status_path, f"CA{self._ids.new()}")

    async def ring_into_room(self, to: str, room: str, status_path: str) -> CarrierId:
        """Remember a call into a room."""
        self._check_number(to)
        return self._accept(Asked.RING_INTO_ROOM, to, room, status_path, f"CA{self._ids.new()}")

    async def move_call(self, call: CarrierId, path: str) -> None:
        """Remember that a call was moved."""
        if self._is_over(call):
            raise CarrierRefused("21220", "Invalid call state. Call is not in-progress. Cannot redirect.")
        self._accept(Asked.MOVE, "", path, "", call)

    async def end_call(self, call: CarrierId) -> None:
        """Remember that a call was ended; once is enough."""
        if not self._is_over(call):
            self._accept(Asked.END, "", "", "", call)

    # ------------------------------------------------------------------ what a test does with it

    def arrive(self, call: CarrierId) -> None:
        """Let a call exist that somebody made to us."""
        self._over[call] = False

    def hang_up(self, call: CarrierId) -> None:
        """Let the other end hang up."""
        self._over[call] = True

    def becomes(self, id: CarrierId, state: str, code: str = "") -> None:
        """Let a text or call get so far without telling anybody."""
        self._states[id] = CarrierProgress(state, code)

    def refuse(self, code: str, reason: str = "refused", *, times: int | None = 1, only: str = "") -> None:
        """Say no the next times, or until `mend`, to what goes to numbers that contain `only`."""
        self._troubles.append(_Trouble(CarrierRefused(code, reason), times, accepts=False, only=only))

    def be_busy(self, retry_after: float = 1.0, *, times: int | None = 1, only: str = "", down: bool = True) -> None:
        """Take nothing the next times, or until `mend`."""
        trouble = CarrierBusy("the twin is busy", retry_after, down=down)
        self._troubles.append(_Trouble(trouble, times, accepts=False, only=only))

    def fall_silent(self, *, accepted: bool, times: int | None = 1, only: str = "") -> None:
        """Give no answer the next times, or until `mend`, having accepted what was asked or not."""
        trouble = OutcomeUnknown("the twin is silent")
        self._troubles.append(_Trouble(trouble, times, accepts=accepted, only=only))

    def mend(self) -> None:
        """Let everything go right again."""
        self._troubles.clear()

    def sent_to(self, to: str, asked: Asked = Asked.TEXT) -> list[Accepted]:
        """Return what was accepted for that number, in order."""
        return [one for one in self.accepted if one.to == to and one.asked is asked]

    # ------------------------------------------------------------------ inside

    def _progress(self, id: CarrierId, usual: str, kinds: Sequence[Asked]) -> CarrierProgress:
        self._stumble(next((one.to for one in self.accepted if one.carrier_id == id), ""), accepted=None)
        if all(one.carrier_id != id or one.asked not in kinds for one in self.accepted):
            raise CarrierRefused("20404", f"The requested resource {id} was not found")
        return self._states.get(id, CarrierProgress(usual))

    def _word(self, id: CarrierId, usual: str) -> str:
        return self._states[id].state if id in self._states else usual

    def _accept(self, asked: Asked, to: str, words: str, status_path: str, carrier_id: str) -> CarrierId:
        done = Accepted(asked, to, words, status_path, CarrierId(carrier_id), self._clock.now())
        self._stumble(to, accepted=done)
        self._remember(done)
        return done.carrier_id

    def _remember(self, done: Accepted) -> None:
        self.accepted.append(done)
        if done.asked in _CALLS:
            self._over[done.carrier_id] = False
        elif done.asked is Asked.END:
            self._over[done.carrier_id] = True

    def _stumble(self, to: str, accepted: Accepted | None) -> None:
        trouble = next((one for one in self._troubles if one.only in to), None)
        if trouble is None:
            return
        if trouble.times is not None:
            trouble.times -= 1
            if not trouble.times:
                self._troubles.remove(trouble)
        if trouble.accepts and accepted:
            self._remember(accepted)
        raise trouble.error

    def _is_over(self, call: CarrierId) -> bool:
        if call not in self._over:
            raise CarrierRefused("20404", f"The requested call {call} was not found")
        return self._over[call]

    def _check_number(self, to: str) -> None:
        if not _NUMBER.fullmatch(to):
            raise CarrierRefused("21211", f"Invalid 'To' Phone Number: {to}")


class PlainWords:
    """The carrier's words as lines that a test can read."""

    def nothing(self) -> str:
        """Do nothing more."""
        return ""

    def reply(self, text: str, status_path: str) -> str:
        """Send `text` back to who wrote."""
        return f"reply: {text}\nstatus: {status_path}"

    def wait_in_room(self, greeting: str, language: str, room: str, status_path: str) -> str:
        """Say the greeting, then put the caller into `room`."""
        return f"say {language}: {greeting}\nroom: {room}\nstatus: {status_path}"

    def hold_sound(self, words: str, language: str) -> str:
        """Say `words` again and again."""
        return f"say {language}: {words}\nagain"

    def page_menu(self, words: str, language: str, digits_path: str) -> str:
        """Say `words` and wait for one digit."""
        return f"say {language}: {words}\ndigits: {digits_path}"

    def say_and_hang_up(self, words: str, language: str) -> str:
        """Say `words` and end the call."""
        return f"say {language}: {words}\nhang up"

    def join_room(self, words: str, language: str, room: str, status_path: str) -> str:
        """Say `words`, then put a member of staff into `room`."""
        return f"say {language}: {words}\njoin: {room}\nstatus: {status_path}"


class PlainSignature:
    """Takes one password for every form."""

    def __init__(self, password: str) -> None:
        self._password = password

    def holds(self, path_and_query: str, form: Sequence[tuple[str, str]], signature: str) -> bool:
        """Say whether the password is right."""
        return hmac.compare_digest(self._password.encode(), signature.encode("utf-8", "replace"))
