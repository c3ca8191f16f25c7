"""The life of a call: placed or arriving, ringing, answered, following instructions, over; each step told."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from crisis_hub.adapters.telephony.simulator import errors, fields
from crisis_hub.adapters.telephony.simulator.conferences import Conferences, Wish
from crisis_hub.adapters.telephony.simulator.faults import FaultKind, Faults
from crisis_hub.adapters.telephony.simulator.pace import Pace
from crisis_hub.adapters.telephony.simulator.phones import Phones
from crisis_hub.adapters.telephony.simulator.player import Ended, Next, Player
from crisis_hub.adapters.telephony.simulator.sounds import Sounds
from crisis_hub.adapters.telephony.simulator.state import Call, Callback, Conference, Exchange
from crisis_hub.adapters.telephony.simulator.texts import is_number
from crisis_hub.adapters.telephony.simulator.twiml_reader import whole
from crisis_hub.adapters.telephony.simulator.webhooks import Webhooks
from crisis_hub.adapters.telephony.simulator.work import Work
from crisis_hub.application.ports import Ids

ANSWERS = frozenset({"human", "machine_start", "unknown"})
"""How a phone can be picked up; every other decision ends the call."""

_NO_SUCH_NUMBER = 21217
_DIAL_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Order:
    """What the hub wants of a call that it places."""

    to: str
    from_: str
    url: str = ""
    twiml: str = ""
    method: str = "POST"
    fallback_url: str = ""
    callback: Callback = field(default_factory=Callback)
    ring_seconds: float = 60.0
    machine_detection: str = ""
    machine_url: str = ""


class Calls:
    """Everything that the carrier does with calls."""

    def __init__(
        self,
        *,
        exchange: Exchange,
        work: Work,
        faults: Faults,
        webhooks: Webhooks,
        rooms: Conferences,
        phones: Phones,
        ids: Ids,
        pace: Pace,
    ) -> None:
        self._exchange, self._work, self._faults, self._webhooks = exchange, work, faults, webhooks
        self._rooms, self._phones, self._ids, self._pace = rooms, phones, ids, pace
        self._player = Player(
            exchange=exchange,
            work=work,
            webhooks=webhooks,
            sounds=Sounds(work, pace),
            rooms=rooms,
            dialer=self,
        )

    # ------------------------------------------------------------------ how calls begin

    def place(self, order: Order) -> Call:
        """Ring somebody for the hub, and then follow its instructions."""
        call = self._accept(order)
        start: Next | str = order.twiml or Next(order.url, order.method)
        call.playing = self._work.start(self._live(call, lambda: self._player.play(call, start)))
        return call

    def place_into(self, order: Order, room: Conference, wish: Wish) -> Call:
        """Ring somebody for the hub, and then put them into a room."""
        call = self._accept(order)

        async def stay() -> None:
            participant = self._rooms.join(call, room.name, wish)
            await self._work.rest(participant.left.wait())

        call.playing = self._work.start(self._live(call, stay))
        call.playing.add_done_callback(lambda _: self._rooms.drop_unused(room))
        return call

    def arrive(self, from_: str, to: str) -> Call:
        """Take a call from a phone and ask the hub what to do with it."""
        call = self._new(from_, to, "inbound")
        call.status = "ringing"
        self._phones.at(from_).calls.append(call)
        number = self._exchange.numbers.get(to)
        if number is None or not number.voice_url:
            self.finish(call, "failed")
            return call
        call.callback = Callback(number.status_url)
        call.fallback_url = number.voice_fallback_url
        call.playing = self._work.start(self._follow(call, lambda: self._player.play(call, Next(number.voice_url))))
        return call

    # ------------------------------------------------------------------ what can be done with a running call

    def move(self, call: Call, start: Next | str) -> None:
        """Let a running call follow other instructions from now on."""
        if call.status != "in-progress":
            raise errors.wrong_call_state("redirect")
        _drop(call.playing)
        self._rooms.leave(call)
        call.playing = self._work.start(self._follow(call, lambda: self._player.play(call, start)))

    def hang_up(self, call: Call) -> None:
        """End a call from either end."""
        self.finish(call, "completed" if call.status == "in-progress" else "canceled")

    def finish(self, call: Call, status: str) -> None:
        """Let a call be over, once, and tell the hub."""
        if call.is_over:
            return
        call.status, call.ended = status, self._work.clock.now()
        call.decide(status)
        self._rooms.leave(call)
        call.over.set()
        _drop(call.playing)
        for doing in call.acting:
            _drop(doing)
        self._tell(call, "completed")

    def voice(self, call: Call, words: str) -> None:
        """Let the other end, or everybody in the same room who can hear this leg, hear the words."""
        if call.partner:
            call.partner.hear(self._work.clock.now(), "voice", words)
        else:
            self._rooms.voice(call, words)

    def pick_up(self, call: Call) -> None:
        """Answer a call that came in, if it is still ringing."""
        if call.direction == "inbound" and call.status == "ringing":
            call.decide("human")
            self._connected(call)

    async def bridge(self, call: Call, dial: ET.Element) -> dict[str, str]:
        """Ring the numbers of a Dial at once, connect the first who answers, and say how it went."""
        legs = [self._ring_leg(call, dial, number) for number in (dial.findall("Number") or [dial])]
        try:
            winner = await _first_answered(self._work, legs)
            for leg in legs:
                if leg is not winner:
                    self.hang_up(leg)
            if winner:
                await self._work.rest(winner.over.wait())
        finally:
            for leg in legs:
                self.hang_up(leg)
            call.partner = None
        leg = winner or legs[0]
        return {"DialCallStatus": leg.status, "DialCallSid": leg.sid, "DialCallDuration": str(leg.seconds())}

    # ------------------------------------------------------------------ inside

    def _accept(self, order: Order) -> Call:
        if not order.to:
            raise errors.missing("To", 21201)
        if not is_number(order.to):
            raise errors.invalid_to(order.to)
        if order.from_ not in self._exchange.numbers:
            raise errors.not_ours(order.from_, 21210)
        call = self._new(order.from_, order.to, "outbound-api")
        call.callback, call.url, call.twiml, call.method = (
            order.callback,
            order.url,
            order.twiml,
            order.method,
        )
        call.fallback_url, call.ring_seconds = order.fallback_url, order.ring_seconds
        call.machine_detection, call.machine_url = order.machine_detection, order.machine_url
        return call

    def _new(self, from_: str, to: str, direction: str) -> Call:
        now = self._work.clock.now()
        call = Call(f"CA{self._ids.new()}", to, from_, direction, now, now)
        self._exchange.calls[call.sid] = call
        return call

    def _ring_leg(self, parent: Call, dial: ET.Element, number: ET.Element) -> Call:
        """Ring one number of a Dial; its own document, if any, is played before the two are connected."""
        ours = next(iter(self._exchange.numbers), parent.to)
        leg = self._new(dial.get("callerId") or ours, (number.text or "").strip(), "outbound-dial")
        leg.parent, leg.ring_seconds = parent, float(whole(dial, "timeout", _DIAL_SECONDS))
        events = frozenset((number.get("statusCallbackEvent") or "completed").split())
        leg.callback = Callback(number.get("statusCallback") or "", events)
        screen = number.get("url")

        async def connect() -> None:
            if screen:
                await self._player.play(leg, Next(screen, (number.get("method") or "POST").upper()))
            parent.partner, leg.partner = leg, parent
            for one in (parent, leg):
                one.hear(self._work.clock.now(), "together")
            await self._work.rest(leg.over.wait())

        leg.playing = self._work.start(self._live(leg, connect))
        return leg

    async def _live(self, call: Call, then: Callable[[], Awaitable[None]]) -> None:
        """Bring an outgoing call from its order to its end."""
        self._tell(call, "initiated")
        await self._work.sleep(self._pace.call_starts)
        how = await self._ring(call)
        if how not in ANSWERS:
            self.finish(call, how)
            return
        self._connected(call)
        if call.machine_detection == "sync":
            await self._detect(call)
        await self._follow(call, then)

    async def _ring(self, call: Call) -> str:
        phone = self._phones.at(call.to)
        fault = self._faults.strikes(FaultKind.CALL_FAILS, call.to)
        if fault or phone.person.calls_fail:
            call.error_code = (fault.code if fault else 0) or _NO_SUCH_NUMBER
            return "failed"
        call.status = "ringing"
        self._tell(call, "ringing")
        phone.ring(call)
        if not await self._work.rest_at_most(call.ring_seconds, call.decided):
            call.decide("no-answer")
        return call.decision

    def _connected(self, call: Call) -> None:
        call.status, call.started = "in-progress", self._work.clock.now()
        self._tell(call, "answered")
        self._phones.at(call.phone).actor.connected(call)
        if call.machine_detection == "async":
            call.acting.append(self._work.start(self._detect(call)))

    async def _detect(self, call: Call) -> None:
        """Guess whether a machine answered, as late as the carrier knows it."""
        await self._work.sleep(self._pace.machine_known)
        call.answered_by = call.decision
        form = fields.machine_fields(self._exchange.account, call, round(self._pace.machine_known * 1000))
        self._webhooks.tell(call.machine_url, form, call.sid)

    async def _follow(self, call: Call, then: Callable[[], Awaitable[None]]) -> None:
        try:
            await then()
        except Ended as ended:
            self.finish(call, ended.status)
        else:
            self.finish(call, "completed" if call.started else "no-answer")

    def _tell(self, call: Call, event: str) -> None:
        now = self._work.clock.now()
        call.updated = now
        if event in call.callback.events and call.callback.url:
            form = fields.call_progress_fields(self._exchange.account, call, event, now)
            self._webhooks.tell(call.callback.url, form, call.sid)
            call.sequence += 1


async def _first_answered(work: Work, legs: list[Call]) -> Call | None:
    waiting = {asyncio.ensure_future(leg.decided.wait()): leg for leg in legs}
    try:
        while waiting:
            done, _ = await work.rest(asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED))
            for one in done:
                leg = waiting.pop(one)
                if leg.decision in ANSWERS:
                    return leg
        return None
    finally:
        for task in waiting:
            task.cancel()


def _drop(doing: asyncio.Task[None] | None) -> None:
    """Stop something, unless it is what is running at this moment."""
    if doing is not None and doing is not asyncio.current_task():
        doing.cancel()
