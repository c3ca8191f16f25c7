"""Test pages: somebody tries whether they can be woken. Taking one proves the way by which it came."""

from __future__ import annotations

import hmac
from datetime import timedelta

from crisis_hub.application.plans import answer_marks, page_mark
from crisis_hub.application.ports import CarrierRefused, Clock, Ids, OutcomeUnknown, Secrets, Store, TelephonyError
from crisis_hub.application.reach import Reachability
from crisis_hub.application.reaching import Reaching, language_of
from crisis_hub.application.reply_grammar import understood
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.errors import NotFound, TooLate
from crisis_hub.domain.events import StaffFact, TestPageProgressed, TestPageSent, TestPageTaken
from crisis_hub.domain.vocabulary import AttemptState, Method, TakenBy
from crisis_hub.domain.ways import TestPage, Way, answered_by

ANSWERED_WITHIN = timedelta(minutes=30)
"""How long a test page can be taken: who answers an hour later was not woken by it."""

_STILL_THE_SAME = timedelta(seconds=20)
_AN_HOUR, _MOST = timedelta(hours=1), 12
_ID = 32


class TrialPages:
    """Sends test pages and hears who takes them."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        secrets: Secrets,
        directory: Directory,
        reaching: Reaching,
        reachability: Reachability,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._secrets = secrets
        self._directory = directory
        self._reaching = reaching
        self._reachability = reachability

    async def send(self, person: Person, way: str | None = None) -> None:
        """Send a test page by one way, or by every way that counts; again at once changes nothing."""
        ways = [self._reachability.way(person.id, way)] if way else [one for one in person.ways.all if one.counts]
        ways = [one for one in ways if one.counts]
        if not ways:
            raise TooLate("There is no way by which a page would reach you. Add one, or give its code first.")
        now = self._clock.now()
        lately = [test for test in person.ways.tests if now - test.sent_at < _AN_HOUR]
        for one in ways:
            same = [t for t in lately if (t.method, t.address) == (one.method, one.address)]
            if any(now - test.sent_at < _STILL_THE_SAME and not test.taken_at for test in same):
                continue
            if len(lately) >= _MOST:
                raise TooLate("Many test pages were sent to you already. Try again in an hour.")
            await self._send(person, one)

    async def _send(self, person: Person, way: Way) -> None:
        """Write down that it goes out, then send it, then what came of it."""
        test = self._ids.new()
        await self._directory.record((TestPageSent(person.id, test, way.method, way.address),), f"person:{person.id}")
        state, detail = AttemptState.SENT, ""
        try:
            await self._carry(person, way, test)
        except CarrierRefused as refused:
            state, detail = AttemptState.FAILED, str(refused)
        except OutcomeUnknown as unknown:
            state, detail = AttemptState.UNKNOWN, str(unknown)
        except TelephonyError as trouble:
            state, detail = AttemptState.FAILED, str(trouble)
        await self.progressed(person.id, test, state, detail)

    async def _carry(self, person: Person, way: Way, test: str) -> None:
        query = f"person={person.id}&test={test}"
        status = f"/twilio/reach/status?{query}"
        link = f"{self._reaching.public_url}/t/{self.token(person, test)}"
        say = self._reaching.say
        if way.method is Method.VOICE:
            await self._reaching.call(way.address, f"/twilio/reach/test?{query}", status)
        elif way.method is Method.SMS:
            await self._reaching.text(way.address, say(person, "test_sms", link=link), status)
        elif way.method is Method.PUSH:
            title, body = say(person, "test_title"), say(person, "test_mail_subject")
            message = {"kind": "test", "title": title, "body": body, "url": link, "take": link, "tag": "test"}
            await self._reaching.push(way.address, message | {"number": "", "drill": False})
        else:
            await self._reaching.mail(
                way.address, say(person, "test_mail_subject"), say(person, "test_mail", link=link)
            )

    async def progressed(self, person: str, test: str, state: AttemptState, detail: str) -> None:
        """Record what is heard of a test page; late or doubled words change nothing."""
        known = self._directory.person(person)
        found = _of(known, test) if known else None
        if known is None or found is None or found.taken_at or found.state in (state, AttemptState.FAILED):
            return
        if state is AttemptState.SENT and found.state is AttemptState.DELIVERED:
            return
        await self._directory.record((TestPageProgressed(known.id, test, state, detail),), "carrier")

    # ------------------------------------------------------------------------------------ taken

    def token(self, person: Person, test: str) -> str:
        """Return the secret word of a test page's link."""
        return test + self._secrets.word(f"test page {person.id} {test}")

    def by_token(self, token: str) -> tuple[Person, TestPage]:
        """Return whose test page a link is; looking at it changes nothing."""
        for person in self._directory.everybody():
            test = _of(person, token[:_ID])
            if test and hmac.compare_digest(self.token(person, test.id).encode(), token.encode()):
                return person, test
        raise NotFound("This link is not one of ours, or it is old. Send yourself another test page.")

    def by_id(self, person: str, test: str) -> tuple[Person, TestPage]:
        """Return a test page by the names that stand in our own addresses."""
        known = self._directory.person(person)
        found = _of(known, test) if known else None
        if known is None or found is None:
            raise NotFound("There is no such test page.")
        return known, found

    async def take(
        self, person: Person, test: TestPage, means: TakenBy, marks: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Take a test page; it proves the way by which it came, unless it was answered by another or too late.

        Both are written together, and with them `marks`, which must be new.
        """
        if test.taken_at is not None:
            return
        proof: tuple[StaffFact, ...] = ()
        if self._is_new(test) and answered_by(means, [test.method]) is test.method:
            proof = self._reachability.proof(person, person.ways.way(test.method, test.address), means)
        facts = (TestPageTaken(person.id, test.id, means), *proof)
        await self._directory.record(facts, f"person:{person.id}", marks)

    async def replied(self, person: Person, sender: str, text: str, carrier_id: str = "") -> str | None:
        """Take the test page that a text answers; nothing when a real page waits, or none was sent there.

        What was answered is kept with the fact under `carrier_id`; raises `MarkTaken` when that text did it already.
        """
        meant = understood(text)
        if meant is None or not meant.take or meant.number:
            return None
        there = [test for test in person.ways.tests if _sent_to(test, sender) and self._is_new(test)]
        if not there or await self._store.marks_below(page_mark(person.id)):
            return None
        answer = self._reaching.say(person, "test_taken")
        await self.take(person, there[-1], TakenBy.REPLY, answer_marks(carrier_id, answer))
        return answer

    def _is_new(self, test: TestPage) -> bool:
        return self._clock.now() - test.sent_at <= ANSWERED_WITHIN

    def spoken(self, person: Person, key: str) -> tuple[str, str]:
        """Return what a call about a test page says, and in which language."""
        return self._reaching.say(person, key), language_of(person)


def _sent_to(test: TestPage, sender: str) -> bool:
    return test.method is Method.SMS and test.address == sender


def _of(person: Person, test: str) -> TestPage | None:
    return next((one for one in person.ways.tests if one.id == test), None)
