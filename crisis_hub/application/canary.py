"""A canary: a test page that takes every step of a real one, and whose return proves that pages go out and come back.

It is written down and planned, sent by the errands, carried by the carrier, answered by a number that does so by
itself, and heard through the signed webhook. Whatever of that is broken, the canary is late before a page is. A text is
sent back as it came; a call is picked up, hears a menu like a page's, and presses 4. Each flies on its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis_hub.application.ports import (
    Bus,
    CarrierBusy,
    CarrierRefused,
    Claimed,
    Clock,
    Conflict,
    Effect,
    Entry,
    Ids,
    OutcomeUnknown,
    Settled,
    Settlement,
    Store,
    Telephony,
)
from crisis_hub.domain.events import CanaryAnswered, CanaryFailed, CanaryReleased, Recorded
from crisis_hub.domain.vocabulary import Method

SEND_CANARY, CALL_CANARY = "send_canary", "call_canary"
"""The kinds of effect by which a canary goes out: as a text, and as a call."""

LATE = timedelta(seconds=60)
"""How long a canary may take to come back."""

_PRIORITY = 2
"""In the lane of pages, as they are sent, and behind the more urgent of them."""

_CODE = re.compile(r"\bcanary ([0-9a-f]{8})\b", re.IGNORECASE)
_Canary = CanaryReleased | CanaryFailed | CanaryAnswered


@dataclass(frozen=True, slots=True)
class _Kind:
    """What tells the canaries of one way from those of another."""

    effect: str
    stream: str
    late: str


_KINDS: Mapping[Method, _Kind] = {
    Method.SMS: _Kind(
        SEND_CANARY, "canary-", "The canary page is late ({last}): pages may not go out, or answers may not come in."
    ),
    Method.VOICE: _Kind(
        CALL_CANARY, "canarycall-", "The canary call is late ({last}): calls may not go out, or keys may not come in."
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """When the newest canary left, when one last came back, how long ago that is, and whether one is overdue."""

    sent_at: datetime | None
    answered_at: datetime | None
    age_seconds: float | None
    late: bool


class Canary:
    """Releases canaries and waits for them; without a number there are none."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        store: Store,
        bus: Bus,
        clock: Clock,
        ids: Ids,
        telephony: Telephony,
        owner: str,
        number: str = "",
        every: timedelta = timedelta(minutes=5),
        method: Method = Method.SMS,
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._telephony = telephony
        self._owner = owner
        self._number = number
        self._every = every
        self._method = method
        self._kind = _KINDS[method]
        self._versions: dict[str, int] = {}
        self._released: dict[str, datetime] = {}
        self._answered: dict[str, datetime] = {}
        self._why = ""
        self._began = clock.now()

    async def load(self) -> None:
        """Read how the canaries of this night fared, whichever process released them."""
        if self._number:
            now = self._clock.now()
            for day in (now - timedelta(days=1), now):
                await self._read(self._stream(day))

    def hear(self, recorded: Recorded) -> None:
        """Take in a fact about a canary."""
        fact = recorded.fact
        if not isinstance(fact, _Canary) or not recorded.stream.startswith(self._kind.stream):
            return
        if recorded.version <= self._versions.get(recorded.stream, 0):
            return
        self._versions[recorded.stream] = recorded.version
        match fact:
            case CanaryReleased():
                self._released[fact.canary] = recorded.at
                self._forget_old()
            case CanaryFailed():
                self._why = fact.why
            case CanaryAnswered():
                self._answered[fact.canary] = recorded.at
                self._why = ""

    # ---------------------------------------------------------------------------------- out

    async def round(self) -> None:
        """Release the next canary when it is time; of several processes one does."""
        newest = max(self._released.values(), default=None)
        now = self._clock.now()
        if not self._number or (newest is not None and now - newest < self._every):
            return
        code = self._ids.new()[-8:]
        effect = Effect(f"canary:{code}", self._stream(now), self._kind.effect, code, now, _PRIORITY)
        await self._write(CanaryReleased(code), effects=(effect,))

    async def send(self, claimed: Claimed) -> None:
        """Send one, as pages are sent; one that is late already stays home."""
        code, key = claimed.effect.subject, claimed.effect.key
        outcome, why = Settlement.HANDED_OVER, ""
        try:
            if self._clock.now() - claimed.effect.not_before > LATE:
                outcome, why = Settlement.FAILED, "It did not leave within a minute."
            else:
                await self._carry(code)
        except CarrierBusy as busy:
            await self._store.retry(key, self._owner, self._clock.now() + timedelta(seconds=busy.retry_after))
            return
        except CarrierRefused as refusal:
            outcome, why = Settlement.FAILED, str(refusal)
        except OutcomeUnknown:
            outcome = Settlement.DROPPED  # its return will tell
        settled = Settled(key, self._owner, outcome, why)
        if why:
            await self._write(CanaryFailed(code, why), settled=(settled,))
        else:
            await self._store.settle(settled)

    async def _carry(self, code: str) -> None:
        if self._method is Method.VOICE:
            await self._telephony.place_call(self._number, f"/twilio/canary/voice?canary={code}", "/twilio/page/notice")
            return
        words = f"Canary {code}. This is a test of our pages; nobody need do anything."
        await self._telephony.send_text(self._number, words, "/twilio/page/notice")

    # ---------------------------------------------------------------------------------- and back

    async def heard(self, sender: str, text: str) -> bool:
        """Say whether a text came from the canary's number; if it brings a canary back, that is written down."""
        if not self._number or sender != self._number:
            return False
        found = _CODE.search(text)
        await self.came_back(found[1].lower() if found else "")
        return True

    async def came_back(self, code: str) -> None:
        """Write down that the canary of this code came back; of a code that was never released nothing is written."""
        if code and code not in self._released:  # released by another process a moment ago
            await self._read(self._stream(self._clock.now()))
        if code in self._released and code not in self._answered:
            await self._write(CanaryAnswered(code))

    def standing(self) -> Standing | None:
        """Return how the canary is; nothing when there is none."""
        if not self._number:
            return None
        now = self._clock.now()
        answered = max(self._answered.values(), default=None)
        age = (now - answered).total_seconds() if answered else None
        return Standing(max(self._released.values(), default=None), answered, age, self._late(now))

    def trouble(self) -> str:
        """Say that a canary did not come back; nothing while they do."""
        standing = self.standing()
        if standing is None or not standing.late:
            return ""
        came = standing.answered_at
        last = f"the last came back at {came:%H:%M} UTC" if came else "none came back yet"
        why = f" The carrier says: {self._why}" if self._why else ""
        return self._kind.late.format(last=last) + why

    def _late(self, now: datetime) -> bool:
        due = max((at for at in self._released.values() if now - at >= LATE), default=None)
        back = max((at for code, at in self._released.items() if code in self._answered), default=None)
        if due is not None and (back is None or back < due):
            return True
        newest = max(self._released.values(), default=self._began)
        return now - max(newest, self._began) >= 2 * self._every + LATE

    # ---------------------------------------------------------------------------------- inside

    async def _write(self, fact: _Canary, effects: tuple[Effect, ...] = (), settled: tuple[Settled, ...] = ()) -> None:
        """Write one fact; when another process wrote first, read what it wrote and leave the rest to the next round."""
        now = self._clock.now()
        stream = self._stream(now)
        for _ in range(3):
            version = self._versions.get(stream, 0)
            entry = Entry(stream, version, (fact,), now, "canary", effects=effects, settled=settled)
            try:
                recorded = await self._store.append(entry)
            except Conflict:
                await self._read(stream)
                if isinstance(fact, CanaryReleased) or fact.canary in self._answered:
                    return
                continue
            for one in recorded:
                self.hear(one)
            await self._bus.ring(recorded)
            return

    async def _read(self, stream: str) -> None:
        for recorded in await self._store.read(stream):
            self.hear(recorded)

    def _forget_old(self) -> None:
        while len(self._released) > 1000:
            gone = min(self._released, key=lambda code: self._released[code])
            self._released.pop(gone)
            self._answered.pop(gone, None)

    def _stream(self, at: datetime) -> str:
        """Name the stream of a day: one for ever would grow until reading it takes longer than the flight."""
        return f"{self._kind.stream}{at:%Y-%m-%d}"
