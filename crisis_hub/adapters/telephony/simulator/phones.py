"""Phones: what arrived on them, what can be done with them, and what a test may expect of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from crisis_hub.adapters.telephony.simulator.acting import Actor, Browse
from crisis_hub.adapters.telephony.simulator.people import ASLEEP, Person
from crisis_hub.adapters.telephony.simulator.state import Call, Exchange, Heard, Message
from crisis_hub.adapters.telephony.simulator.work import Work

_KEYS = frozenset("0123456789*#")


class Network(Protocol):
    """What a phone asks of the carrier."""

    def text(self, from_: str, to: str, body: str) -> Message:
        """Send a text from a phone."""

    def call(self, from_: str, to: str) -> Call:
        """Call from a phone."""

    def hang_up(self, call: Call) -> None:
        """End a call from the phone's end."""

    def say(self, call: Call, words: str) -> None:
        """Speak to whoever is in the same room."""


class Phone:
    """One number out in the world, with somebody, or nobody, behind it."""

    def __init__(
        self, number: str, person: Person, *, work: Work, network: Network, browse: Browse, line: Callable[[], str]
    ) -> None:
        self.number = number
        self.person = person
        self.texts: list[Message] = []
        self.sent: list[Message] = []
        self.calls: list[Call] = []
        self.actor = Actor(self, work, browse)
        self._network = network
        self._line = line
        self._expected: set[str] = set()

    # ------------------------------------------------------------------ what a person does

    def text(self, body: str, to: str = "") -> Message:
        """Write to the crisis line, or to another number."""
        message = self._network.text(self.number, to or self._line(), body)
        self.sent.append(message)
        return message

    def call(self, to: str = "") -> Call:
        """Call the crisis line, or another number."""
        return self._network.call(self.number, to or self._line())

    def begin(self) -> None:
        """Let the person write what they begin with."""
        self.actor.begin()

    def answer(self) -> Call:
        """Pick up the call that is ringing."""
        call = self._last(lambda one: one.status == "ringing", "is ringing")
        call.decide("human")
        return call

    def decline(self) -> None:
        """Push the ringing call away."""
        self._last(lambda one: one.status == "ringing", "is ringing").decide("busy")

    def press(self, digits: str) -> None:
        """Press keys in the running call."""
        if strange := set(digits) - _KEYS:
            raise ValueError(f"no telephone has the keys {''.join(sorted(strange))!r}")
        for digit in digits:
            self.current_call().keys.put_nowait(digit)

    def say(self, words: str) -> None:
        """Speak in the running call."""
        self.say_in(self.current_call(), words)

    def say_in(self, call: Call, words: str) -> None:
        """Speak in that call."""
        self._network.say(call, words)

    def hang_up(self) -> None:
        """End the running or ringing call."""
        self.end(self._last(lambda one: not one.is_over, "is going on"))

    def end(self, call: Call) -> None:
        """End that call."""
        self._network.hang_up(call)

    def current_call(self) -> Call:
        """Return the call that this phone is in."""
        return self._last(lambda one: one.status == "in-progress", "is going on")

    def heard(self) -> list[Heard]:
        """Return what was heard in the last call."""
        return list(self.calls[-1].heard) if self.calls else []

    def words_heard(self) -> str:
        """Return the spoken words of the last call, in order."""
        return " / ".join(one.words for one in self.heard() if one.what in {"say", "voice"})

    # ------------------------------------------------------------------ what a test expects

    def expect_text(self, contains: str = "") -> Message:
        """Return the first text not yet expected that contains these words, or fail."""
        for text in self.texts:
            if text.sid not in self._expected and contains in text.body:
                self._expected.add(text.sid)
                return text
        raise AssertionError(f"{self.number} got no text with {contains!r}; {self.story()}")

    def expect_call(self, status: str = "") -> Call:
        """Return the first call to this phone not yet expected, of that status if given, or fail."""
        for call in self._rung():
            if call.sid not in self._expected and status in {"", call.status}:
                self._expected.add(call.sid)
                return call
        raise AssertionError(f"{self.number} got no {status} call; {self.story()}")

    def expect_nothing_else(self) -> None:
        """Fail if a text or call arrived that nobody expected."""
        arrived = [text.sid for text in self.texts] + [call.sid for call in self._rung()]
        rest = [sid for sid in arrived if sid not in self._expected]
        if rest:
            raise AssertionError(f"{self.number} got {len(rest)} more than expected; {self.story()}")

    def story(self) -> str:
        """Tell in one line what happened on this phone."""
        texts = ", ".join(repr(text.body) for text in self.texts) or "none"
        calls = ", ".join(f"{call.status} ({call.direction})" for call in self.calls) or "none"
        return f"texts: {texts}; calls: {calls}"

    # ------------------------------------------------------------------ what the carrier does with it

    def receive(self, message: Message) -> None:
        """Show a text, and let the person see to it."""
        self.texts.append(message)
        self.actor.got_text(message)

    def ring(self, call: Call) -> None:
        """Ring, and let the person decide."""
        self.calls.append(call)
        self.actor.rings(call)

    def _rung(self) -> list[Call]:
        return [call for call in self.calls if call.direction != "inbound"]

    def _last(self, fits: Callable[[Call], bool], what: str) -> Call:
        for call in reversed(self.calls):
            if fits(call):
                return call
        raise AssertionError(f"no call on {self.number} {what}; {self.story()}")


class Phones:
    """Every phone in the world; one that nobody described belongs to somebody asleep."""

    def __init__(self, exchange: Exchange, work: Work, browse: Browse) -> None:
        self._exchange, self._work, self._browse = exchange, work, browse
        self._phones: dict[str, Phone] = {}
        self._network: Network | None = None

    def connect(self, network: Network) -> None:
        """Give the phones their carrier, once it exists."""
        self._network = network

    def add(self, number: str, person: Person) -> Phone:
        """Put somebody behind a number; a phone that exists keeps what arrived on it."""
        phone = self.at(number)
        phone.person = person
        return phone

    def at(self, number: str) -> Phone:
        """Return the phone of that number."""
        if number not in self._phones:
            if self._network is None:
                raise RuntimeError("phones are used before they were connected")
            self._phones[number] = Phone(
                number, ASLEEP, work=self._work, network=self._network, browse=self._browse, line=self._first_line
            )
        return self._phones[number]

    def _first_line(self) -> str:
        return next(iter(self._exchange.numbers), "")

    def __iter__(self) -> Iterator[Phone]:
        """Go through all phones, in the order in which they appeared."""
        return iter(list(self._phones.values()))
