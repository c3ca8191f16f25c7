"""Lets the person behind a phone act: pick up, press, speak, write back, open links, give up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Protocol

from crisis_hub.adapters.telephony.simulator.people import Line, Person, first_link
from crisis_hub.adapters.telephony.simulator.state import Call, Message
from crisis_hub.adapters.telephony.simulator.work import Work

Browse = Callable[[str, bool], Awaitable[None]]
"""Opens a link, and presses its button if the flag says so."""

_MACHINE_SECONDS = 30.0  # how long a voicemail records before it hangs up
_TOGETHER = "together"


class Hands(Protocol):
    """What a person can do with a phone."""

    person: Person

    def text(self, body: str) -> Message:
        """Write to the crisis line."""

    def say_in(self, call: Call, words: str) -> None:
        """Speak in a call."""

    def end(self, call: Call) -> None:
        """End a call."""


class Actor:
    """One person's doing with one phone."""

    def __init__(self, hands: Hands, work: Work, browse: Browse) -> None:
        self._hands, self._work, self._browse = hands, work, browse
        self._used: set[Line] = set()

    def begin(self) -> None:
        """Write what the person begins with, line after line."""
        self._work.start(self._write(self._hands.person.opens))

    def got_text(self, message: Message) -> None:
        """See to a text that arrived."""
        person, link = self._hands.person, first_link(message.body)
        if link and person.previews_links:
            self._work.start(self._open(link, 0.0, press=False))
        if link and person.opens_links_after is not None:
            self._work.start(self._open(link, person.opens_links_after, press=True))
        for line in person.replies:
            found = line.fits(message.body)
            if found and (line.again or line not in self._used):
                self._used.add(line)
                # Only words that point into the match are expanded: others may hold any sign.
                words = found.expand(line.words) if "\\" in line.words else line.words
                self._work.start(self._write((Line(words, line.after),)))
                return

    def rings(self, call: Call) -> None:
        """Let the person decide what becomes of a ringing call."""
        if moment := self._hands.person.pickup():
            self._act(call, self._decide(call, *moment))

    def connected(self, call: Call) -> None:
        """Do in a connected call what the person does."""
        person = self._hands.person
        if call.decision in {"machine_start", "unknown"}:
            after = person.hangs_up_after
            self._act(call, self._end_after(call, _MACHINE_SECONDS if after is None else after))
            return
        self._act(call, self._press(call))
        self._act(call, self._talk(call))
        if person.hangs_up_after is not None:
            self._act(call, self._end_after(call, person.hangs_up_after))
        if person.gives_up_after is not None and call.direction == "inbound":
            self._act(call, self._give_up(call, person.gives_up_after))

    def _act(self, call: Call, doing: Coroutine[None, None, None]) -> None:
        call.acting.append(self._work.start(doing))

    async def _decide(self, call: Call, after: float, how: str) -> None:
        await self._work.sleep(after)
        call.decide(how)

    async def _press(self, call: Call) -> None:
        for press in self._hands.person.presses:
            await self._heard(call, press.fits)
            await self._work.sleep(press.after)
            call.keys.put_nowait(press.digit)

    async def _talk(self, call: Call) -> None:
        person = self._hands.person
        if person.talks_for is None and not person.says:
            return
        await self._joined(call)
        for line in person.says:
            await self._work.sleep(line.after)
            self._hands.say_in(call, line.words)
        if person.talks_for is not None:
            await self._work.sleep(person.talks_for)
            self._hands.end(call)

    async def _give_up(self, call: Call, after: float) -> None:
        await self._work.sleep(after)
        if not _was_joined(call):
            self._hands.end(call)

    async def _end_after(self, call: Call, after: float) -> None:
        await self._work.sleep(after)
        self._hands.end(call)

    async def _joined(self, call: Call) -> None:
        while not _was_joined(call):
            await self._work.rest(call.news.wait())

    async def _heard(self, call: Call, fits: Callable[[str], bool]) -> None:
        while not fits(" ".join(one.words for one in call.heard)):
            await self._work.rest(call.news.wait())

    async def _open(self, link: str, after: float, press: bool) -> None:
        await self._work.sleep(after)
        await self._browse(link, press)

    async def _write(self, lines: tuple[Line, ...]) -> None:
        for line in lines:
            await self._work.sleep(line.after)
            self._hands.text(line.words)


def _was_joined(call: Call) -> bool:
    return any(one.what == _TOGETHER for one in call.heard)
