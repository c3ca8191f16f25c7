"""How a page goes out: by text, by call, by push to a browser, by e-mail. It never holds a name, a number or a place.

What a way carries is agreed here once: how urgent, which case by its number, how to take or pass it, and the link.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crisis_hub.application.page_choice import link_end
from crisis_hub.application.ports import CarrierRefused, Mail, Push, Secrets, Telephony
from crisis_hub.application.staff import Directory, Person
from crisis_hub.application.words import say, urgency
from crisis_hub.domain.case import Case
from crisis_hub.domain.escalation import Attempt, Escalation, Page
from crisis_hub.domain.events import Reach
from crisis_hub.domain.risk import need
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import AttemptId, CarrierId, Method, PersonId
from crisis_hub.domain.ways import Way


@dataclass(frozen=True, slots=True)
class Senders:
    """Everything that carries words to a telephone, a browser or a mailbox; what is not set up is None."""

    telephony: Telephony
    push: Push | None = None
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt with the page, ladder and case it belongs to."""

    case: Case
    escalation: Escalation
    page: Page
    attempt: Attempt


def try_of(case: Case, attempt_id: AttemptId) -> Try | None:
    """Return an attempt with all that it belongs to; nothing when the case knows of none."""
    escalation = case.escalation_of_attempt(attempt_id)
    page = escalation.page_of(attempt_id) if escalation else None
    attempt = escalation.attempt(attempt_id) if escalation else None
    return Try(case, escalation, page, attempt) if escalation and page and attempt else None


class Reaching:
    """Sends one page by one way."""

    def __init__(
        self,
        senders: Senders,
        secrets: Secrets,
        directory: Directory,
        rulebook: Callable[[], Rulebook],
        public_url: str,
    ) -> None:
        self._senders = senders
        self._secrets = secrets
        self._directory = directory
        self._rulebook = rulebook
        self._public_url = public_url

    async def page(self, case: Case, escalation: Escalation, page: Page, attempt: Attempt) -> CarrierId:
        """Make one attempt; raises a `TelephonyError` of one of the three kinds when it did not go out for sure."""
        person = self._directory.person(page.person)
        reach = self._way(person, page, attempt) if person else None
        if person is None or reach is None:
            raise CarrierRefused("gone", "This way to reach this person is closed, or no longer on file")
        query = f"case={case.id}&attempt={attempt.id}"
        status = f"/twilio/page/status?{query}"
        if attempt.method is Method.VOICE:
            call = self._senders.telephony.place_call
            return await call(reach.address, f"/twilio/page/voice?{query}", status)
        link = f"{self._public_url}/p/{self._secrets.page_token(page.id)}{link_end(attempt)}"
        word = urgency(self._rulebook(), language_of(person), escalation.urgency)
        if attempt.method is Method.PUSH:
            return await self._push_page(reach.address, case, escalation, word, link)
        if attempt.method is Method.EMAIL:
            subject = self.words(person, "page_mail_subject", case, urgency=word)
            body = self.words(person, "page_mail", case, urgency=word, link=link)
            return await self.mail(reach.address, subject, body)
        body = self.words(person, "page_sms", case, urgency=word, link=link)
        return await self._senders.telephony.send_text(reach.address, body, status)

    async def pages(self, tries: Sequence[Try]) -> CarrierId:
        """Tell one person of several cases in one text; the first of them is whose text it is."""
        first = tries[0]
        person = self._directory.person(first.page.person)
        reach = self._way(person, first.page, first.attempt) if person else None
        if person is None or reach is None:
            raise CarrierRefused("gone", "This way to reach this person is closed, or no longer on file")
        urgent_first = sorted(tries, key=lambda one: (-need(one.escalation.urgency), one.page.at))
        lines = "".join(f"{self._line(person, one)}\n" for one in urgent_first)
        along = ",".join(one.attempt.id for one in tries[1:])
        status = f"/twilio/page/status?case={first.case.id}&attempt={first.attempt.id}&with={along}"
        body = self.words(person, "page_sms_many", first.case, pages=lines)
        return await self._senders.telephony.send_text(reach.address, body, status)

    def _line(self, person: Person, one: Try) -> str:
        word = urgency(self._rulebook(), language_of(person), one.escalation.urgency)
        link = f"{self._public_url}/p/{self._secrets.page_token(one.page.id)}"
        return self.words(person, "page_sms_one_of_many", one.case, urgency=word, link=link)

    async def _push_page(
        self, subscription: str, case: Case, escalation: Escalation, word: str, link: str
    ) -> CarrierId:
        """Push what the browser's service worker shows: the page's own link is the only word that opens anything."""
        message = {
            "kind": "page",
            "urgency": escalation.urgency.value,
            "title": word,
            "number": case.number,
            "drill": case.drill,
            "url": link,
            "take": link,
            "pass": f"{link}/pass",
            "tag": f"case-{case.number}",
        }
        return await self.push(subscription, message)

    async def text(self, to: str, body: str, status_path: str) -> CarrierId:
        """Send one text."""
        return await self._senders.telephony.send_text(to, body, status_path)

    async def call(self, to: str, answer_path: str, status_path: str) -> CarrierId:
        """Place one call."""
        return await self._senders.telephony.place_call(to, answer_path, status_path)

    def say(self, person: Person, key: str, **values: str) -> str:
        """Return a sentence that is about no case, in a colleague's language."""
        return say(self._rulebook(), language_of(person), key, **values)

    @property
    def public_url(self) -> str:
        """Return our address as it stands in links."""
        return self._public_url

    async def tell(self, person: Person, words: str, case: Case) -> None:
        """Say what became of a page; a push takes the place of the page that it is about."""
        way = quiet_way(person)
        if way is None:
            return
        if way.method is Method.SMS:
            await self.text(way.address, words, "/twilio/page/notice")
        elif way.method is Method.PUSH:
            message = {"kind": "notice", "title": words, "body": "", "url": self._public_url}
            await self.push(way.address, message | {"tag": f"case-{case.number}"})
        else:
            await self.mail(way.address, words, words)

    async def push(self, subscription: str, message: Mapping[str, object]) -> CarrierId:
        """Push a message to one browser."""
        if self._senders.push is None:
            raise CarrierRefused("unset", "Web push is not set up here")
        return await self._senders.push.push(subscription, json.dumps(message, ensure_ascii=False))

    async def mail(self, to: str, subject: str, body: str) -> CarrierId:
        """Send one e-mail."""
        if self._senders.mail is None:
            raise CarrierRefused("unset", "E-mail is not set up here")
        return await self._senders.mail.send_mail(to, subject, body)

    def address(self, page: Page, attempt: Attempt) -> str | None:
        """Return where an attempt goes; nothing when its way is no longer on file."""
        person = self._directory.person(page.person)
        reach = self._way(person, page, attempt) if person else None
        return reach.address if reach else None

    # ------------------------------------------------------------------------------- which way is meant

    def name_of(self, person: PersonId, method: Method, address: str) -> str:
        """Name a way without telling its address."""
        return way_name(self._secrets, person, method, address)

    def names(self, person: Person) -> tuple[str, ...]:
        """Name the ways by which pages go out to somebody, in their order."""
        return tuple(self.name_of(person.id, reach.method, reach.address) for reach in person.reach)

    def meant(self, person: Person, attempt: Attempt) -> Way | None:
        """Return the very way that an attempt went by, whether or not it still counts; nothing when nobody can say.

        An attempt of the time before ways had names can only be told apart where there is one way of its kind.
        """
        alike = [way for way in person.ways.all if way.method is attempt.method]
        if not attempt.way:
            return alike[0] if len(alike) == 1 else None
        return next((way for way in alike if self._is(attempt.way, person, way.reach)), None)

    def _way(self, person: Person, page: Page, attempt: Attempt) -> Reach | None:
        """Return how an attempt goes out now; nothing when its way is closed.

        Where its way was taken off the list, it goes by another of the same kind: somebody may have a new number.
        """
        by_place = person.reach[attempt.reach] if attempt.reach < len(person.reach) else None
        if by_place and by_place.method is attempt.method and self._is(attempt.way, person, by_place):
            return by_place
        found = self.meant(person, attempt) if attempt.way else None
        if found is not None:
            return found.reach if found.counts else None
        others = {other.way for other in page.attempts if other.way}
        alike = (reach for reach in person.reach if reach.method is attempt.method)
        return next((reach for reach in alike if not any(self._is(x, person, reach) for x in others)), None)

    def _is(self, name: str, person: Person, reach: Reach) -> bool:
        return not name or self.name_of(person.id, reach.method, reach.address) == name

    def link_to(self, case: Case) -> str:
        """Return where whoever signs in finds the case."""
        return f"{self._public_url}/case/{case.id}"

    def words(self, person: Person, key: str, case: Case, **values: str) -> str:
        """Return a sentence about a case in a colleague's language."""
        language = language_of(person)
        drill = say(self._rulebook(), language, "drill") if case.drill else ""
        return say(self._rulebook(), language, key, number=case.number, drill=drill, **values)


def quiet_way(person: Person) -> Reach | None:
    """Return the quietest way there is to say something that can wait; a call is none."""
    ways = (way for method in (Method.SMS, Method.PUSH, Method.EMAIL) for way in person.reach if way.method is method)
    return next(ways, None)


def language_of(person: Person) -> str:
    """Return the language in which somebody on the staff is spoken to."""
    return person.languages[0] if person.languages else "en"


def way_name(secrets: Secrets, person: PersonId, method: Method, address: str) -> str:
    """Name a way of somebody: always the same word for the same address, and nobody can tell the address by it."""
    return secrets.word(f"way {person} {method.value} {address}")
