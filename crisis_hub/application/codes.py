"""The codes by which somebody shows that a way reaches them: few in an hour, to them and to any one address."""

from __future__ import annotations

from datetime import timedelta

from crisis_hub.application.ports import CarrierRefused, Clock, Ids, MarkTaken, Secrets, TelephonyError
from crisis_hub.application.reaching import Reaching
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.errors import TooLate, Wrong
from crisis_hub.domain.events import WayCodeSent
from crisis_hub.domain.vocabulary import Method, PersonId
from crisis_hub.domain.ways import Way

MOST_WRONG = 5
"""How often somebody may give a wrong code until it counts no longer."""

_CODES_AN_HOUR = 5
_MANY_CODES = "Several codes were sent already. Try again in an hour."
_HOUR = timedelta(hours=1)
_SAME_CODE = timedelta(seconds=30)


class Codes:
    """Sends codes, and knows them."""

    def __init__(self, clock: Clock, ids: Ids, secrets: Secrets, directory: Directory, reaching: Reaching) -> None:
        self._clock = clock
        self._ids = ids
        self._secrets = secrets
        self._directory = directory
        self._reaching = reaching

    async def send(self, person: PersonId, wanted: Way) -> None:
        """Send a code there, unless one is on its way."""
        if not await self._planned(person, wanted):
            return
        known = self._directory.person(person)
        way = known.ways.way(wanted.method, wanted.address) if known else None
        if known is None or way is None:
            return
        try:
            await self._carry(known, way)
        except CarrierRefused as refused:
            raise Wrong("address", f"Nothing can be sent there: {refused.reason}.") from refused
        except TelephonyError as trouble:
            raise TooLate("The code could not be sent just now. Ask for another one in a minute.") from trouble

    async def _planned(self, person: PersonId, wanted: Way) -> bool:
        """Write down that a code goes out, unless one is on its way; of many asked for at once each counts."""
        for _ in range(_CODES_AN_HOUR + 1):
            known, now = self._directory.person(person), self._clock.now()
            way = known.ways.way(wanted.method, wanted.address) if known else None
            if known is None or way is None:
                return False
            if way.codes and way.nonce and now - way.codes[-1] < _SAME_CODE and way.wrong < MOST_WRONG:
                return False
            self.must_be_left(known, way.address)
            before = known.ways.codes[-1].nonce if known.ways.codes else f"{now:%Y-%m-%dT%H}"
            sent = WayCodeSent(person, way.method, self._ids.new(), way.address)
            try:
                await self._directory.record((sent,), f"person:{person}", ((f"code after {person} {before}", ""),))
            except MarkTaken:
                await self._directory.load()
                continue
            return True
        raise TooLate(_MANY_CODES)

    def must_be_left(self, person: Person, address: str) -> None:
        """Refuse to send many codes in an hour: to somebody, or by anybody to the same address."""
        since = self._clock.now() - _HOUR
        everybody = ((one.id, code) for one in self._directory.everybody() for code in one.ways.codes)
        lately = [(who, code.address) for who, code in everybody if code.at > since]
        if max(sum(who == person.id for who, _ in lately), sum(to == address for _, to in lately)) >= _CODES_AN_HOUR:
            raise TooLate(_MANY_CODES)

    async def _carry(self, person: Person, way: Way) -> None:
        code = self.of(person, way)
        words = self._reaching.say(person, "code_text", code=code)
        if way.method is Method.SMS:
            await self._reaching.text(way.address, words, "/twilio/page/notice")
        elif way.method is Method.VOICE:
            name = self._reaching.name_of(person.id, way.method, way.address)
            path = f"/twilio/reach/code?person={person.id}&way={name}"
            await self._reaching.call(way.address, path, "/twilio/page/notice")
        elif way.method is Method.PUSH:
            await self._reaching.push(way.address, {"kind": "code", "title": code, "body": words, "tag": "code"})
        else:
            await self._reaching.mail(way.address, self._reaching.say(person, "code_mail_subject"), words)

    def of(self, person: Person, way: Way) -> str:
        """Return the code that was last sent there."""
        return self._secrets.code(f"{person.id} {way.method.value} {way.address} {way.nonce}")
