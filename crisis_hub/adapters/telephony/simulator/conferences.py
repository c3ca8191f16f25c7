"""Rooms: who is in them, who hears whom, what is heard by who waits alone, and what the hub is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin

from crisis_hub.adapters.telephony.simulator import fields
from crisis_hub.adapters.telephony.simulator.sounds import SOUNDS, Sounds
from crisis_hub.adapters.telephony.simulator.state import Call, Callback, Conference, Exchange, Participant
from crisis_hub.adapters.telephony.simulator.twiml_reader import BadTwiml, read
from crisis_hub.adapters.telephony.simulator.webhooks import Document, WebhookFailed, Webhooks
from crisis_hub.adapters.telephony.simulator.work import Work
from crisis_hub.application.ports import Ids

HOLD_MUSIC = "the carrier's own hold music"

_SHORTEST_WAIT = 1.0  # seconds; a hold sound of no length must not become a storm of requests
_FOR_EVER = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to be in a room."""

    label: str = ""
    muted: bool = False
    coached_sid: str = ""
    start_on_enter: bool = True
    end_on_exit: bool = False
    wait_url: str | None = None
    wait_method: str = "POST"
    callback: Callback = field(default_factory=Callback)


class Conferences:
    """All rooms of the account."""

    def __init__(self, exchange: Exchange, work: Work, webhooks: Webhooks, sounds: Sounds, ids: Ids) -> None:
        self._exchange, self._work, self._webhooks = exchange, work, webhooks
        self._sounds, self._ids = sounds, ids

    def join(self, call: Call, name: str, wish: Wish) -> Participant:
        """Put a leg into the room of that name, which is made if there is none."""
        room = self._exchange.room(name) or self._open(name)
        if not room.participants and wish.callback.url:
            # The first who comes decides where the room's events go; later wishes are ignored, as at Twilio.
            room.callback = wish.callback
        participant = Participant(
            call,
            self._work.clock.now(),
            label=wish.label,
            muted=wish.muted,
            coaching=bool(wish.coached_sid),
            coached_sid=wish.coached_sid,
            start_on_enter=wish.start_on_enter,
            end_on_exit=wish.end_on_exit,
            wait_url=HOLD_MUSIC if wish.wait_url is None else wish.wait_url,
            wait_method=wish.wait_method,
        )
        room.participants[call.sid] = participant
        self._tell(room, "join", "participant-join", participant)
        if room.status == "init" and any(one.start_on_enter for one in room.participants.values()):
            self._becomes(room, "in-progress")
            self._tell(room, "start", "conference-start")
        self._sort_out(room)
        return participant

    def room_named(self, name: str) -> Conference:
        """Return the room of that name, made if there is none."""
        return self._exchange.room(name) or self._open(name)

    def leave(self, call: Call) -> None:
        """Take a leg out of its room, if it is in one."""
        room = self._exchange.room_of(call)
        if room is None:
            return
        participant = room.participants.pop(call.sid)
        self._out(room, participant)
        if participant.end_on_exit:
            room.ended_by = call.sid
            self.end(room, "participant-with-end-conference-on-exit-left")
        elif not room.participants:
            room.ended_by = call.sid
            self.end(room, "last-participant-left")
        else:
            self._sort_out(room)

    def end(self, room: Conference, because: str = "conference-ended-via-api") -> None:
        """End a room; whoever is in it goes on with what their own instructions say next."""
        if room.status == "completed":
            return
        while room.participants:
            _, participant = room.participants.popitem()
            self._out(room, participant)
        room.ended_because = because
        self._exchange.living.pop(room.name, None)
        self._becomes(room, "completed")
        self._tell(room, "end", "conference-end")

    def change(
        self,
        room: Conference,
        participant: Participant,
        *,
        muted: bool | None = None,
        hold: bool | None = None,
        hold_url: str | None = None,
        coached_sid: str | None = None,
    ) -> None:
        """Mute, hold or let coach somebody who is in the room."""
        if muted is not None and muted != participant.muted:
            participant.muted = muted
            self._tell(room, "mute", "participant-mute" if muted else "participant-unmute", participant)
        if hold is not None and hold != participant.hold:
            participant.hold = hold
            participant.wait_url = hold_url or participant.wait_url
            self._tell(room, "hold", "participant-hold" if hold else "participant-unhold", participant)
        if coached_sid is not None:
            participant.coaching, participant.coached_sid = bool(coached_sid), coached_sid
            self._tell(room, "modify", "participant-modify", participant)
        room.updated = self._work.clock.now()
        self._sort_out(room)

    def drop_unused(self, room: Conference) -> None:
        """Forget a room that was made for somebody who then did not answer."""
        if room.status == "init" and not room.participants:
            self._exchange.conferences.pop(room.sid, None)
            self._exchange.living.pop(room.name, None)

    def voice(self, call: Call, words: str) -> None:
        """Let everybody who can hear this leg hear the words."""
        room = self._exchange.room_of(call)
        speaker = room.participants.get(call.sid) if room else None
        if room is None or speaker is None or speaker.muted or not _together(room, speaker):
            return
        for other in room.participants.values():
            hears = not speaker.coaching or other.call.sid == speaker.coached_sid
            if other is not speaker and hears and _together(room, other):
                other.call.hear(self._work.clock.now(), "voice", words)

    def _open(self, name: str) -> Conference:
        now = self._work.clock.now()
        room = Conference(f"CF{self._ids.new()}", name, now, now)
        self._exchange.conferences[room.sid] = self._exchange.living[name] = room
        return room

    def _out(self, room: Conference, participant: Participant) -> None:
        _stop_waiting(participant)
        participant.left.set()
        self._tell(room, "leave", "participant-leave", participant)

    def _sort_out(self, room: Conference) -> None:
        """Let those who are together hear each other, and everybody else hear what one hears who waits."""
        for participant in room.participants.values():
            together = _together(room, participant)
            if together and not participant.together:
                _stop_waiting(participant)
                participant.call.hear(self._work.clock.now(), "together")
            elif not together and participant.waiting is None:
                participant.waiting = self._work.start(self._wait(participant))
            participant.together = together

    async def _wait(self, participant: Participant) -> None:
        call = participant.call
        call.hear(self._work.clock.now(), "hold")
        if participant.wait_url in {"", HOLD_MUSIC}:
            call.hear(self._work.clock.now(), "play", participant.wait_url)
            await self._work.sleep(_FOR_EVER)
            return
        url = participant.wait_url
        while not call.is_over:
            began = self._work.clock.now()
            url = await self._hold_sound(participant, url) or participant.wait_url
            if (self._work.clock.now() - began).total_seconds() < _SHORTEST_WAIT:
                await self._work.sleep(_SHORTEST_WAIT)

    async def _hold_sound(self, participant: Participant, url: str) -> str:
        """Play one document of hold sound; return where it redirects to, if it does."""
        call = participant.call
        try:
            document = await self._ask(participant, url)
            for verb in read(document):
                if verb.tag == "Redirect":
                    return urljoin(document.url, (verb.text or "").strip())
                if verb.tag in SOUNDS:
                    await self._sounds.make(call, verb)
        except (WebhookFailed, BadTwiml):
            # The caller stays in the room in silence: a broken hold sound never ends a call.
            call.hear(self._work.clock.now(), "play", "")
            await self._work.sleep(_FOR_EVER)
        return ""

    async def _ask(self, participant: Participant, url: str) -> Document:
        form = fields.call_fields(self._exchange.account, participant.call)
        return await self._webhooks.ask(url, form, method=participant.wait_method, subject=participant.call.sid)

    def _becomes(self, room: Conference, status: str) -> None:
        room.status, room.updated = status, self._work.clock.now()

    def _tell(self, room: Conference, kind: str, event: str, participant: Participant | None = None) -> None:
        if kind not in room.callback.events or not room.callback.url:
            return
        room.sequence += 1
        form = fields.conference_fields(self._exchange.account, room, event, self._work.clock.now(), participant)
        self._webhooks.tell(room.callback.url, form, room.sid)


def _stop_waiting(participant: Participant) -> None:
    if participant.waiting:
        participant.waiting.cancel()
        participant.waiting = None


def _together(room: Conference, participant: Participant) -> bool:
    return room.status == "in-progress" and len(room.participants) > 1 and not participant.hold
