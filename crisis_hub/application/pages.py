"""What paged people say back: by text, by digit, by the button of their link. Nothing else ever takes a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from crisis_hub.application.hub import NOTHING_ENDS, Done, Ends, Hub
from crisis_hub.application.page_choice import answers, brought_the_link, chosen_of, place_of, told_of
from crisis_hub.application.page_words import Aloud, Answered, Asked, PageWords
from crisis_hub.application.plans import all_mark, carrier_mark, page_mark, token_mark
from crisis_hub.application.ports import Clock, Entry, MarkTaken, Secrets, Store
from crisis_hub.application.reaching import language_of, way_name
from crisis_hub.application.reply_grammar import Reply, understood
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.case import Case
from crisis_hub.domain.commands import NoteRoom, PassPage, ProgressAttempt, TakePage
from crisis_hub.domain.errors import NotAllowed, NotFound
from crisis_hub.domain.escalation import is_news
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import (
    AttemptId,
    AttemptState,
    CarrierId,
    ContactId,
    Method,
    PageId,
    PageState,
    TakenBy,
)

__all__ = ["Aloud", "Answered", "Asked", "Pages"]

LINK_LASTS = timedelta(hours=12)
"""How long a link still says what became of its page; while anybody is wanted, it never ends."""

TAKE_DIGITS, PASS_DIGITS, JOIN_DIGIT = frozenset({"4", "1"}), frozenset({"5", "2"}), "1"
"""The keys that are said; 1 takes it and joins the call where there is one, 2 is known from other systems."""


class Pages:
    """Takes and passes pages."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        hub: Hub,
        store: Store,
        clock: Clock,
        secrets: Secrets,
        directory: Directory,
        rulebook: Callable[[], Rulebook],
        public_url: str,
    ) -> None:
        self._hub = hub
        self._store = store
        self._clock = clock
        self._secrets = secrets
        self._directory = directory
        self._words = PageWords(directory, rulebook, public_url)

    async def by_token(self, token: str) -> Asked:
        """Return the page of a link; looking at it changes nothing."""
        mark = token_mark(self._secrets.token_hash(token.partition(".")[0]))
        found = (await self._store.marks([mark])).get(mark)
        if found is None:
            raise NotFound("This link is not one of ours, or it was cut off on the way. Look at the text again.")
        stream, _, page = found.partition("/")
        asked = _asked(await self._hub.case(stream), PageId(page))
        if self._directory.person(asked.page.person) is None:
            raise NotFound("This link is over: whom it was sent to no longer works here.")
        ended = asked.escalation.ended_at
        if ended and not asked.escalation.wants_somebody and ended + LINK_LASTS <= self._clock.now():
            raise NotFound("This link is over: the page was answered long ago. Sign in to see the case.")
        return asked

    async def by_attempt(self, stream: str, attempt: str) -> Asked:
        """Return the page to which an attempt belongs."""
        case = await self._hub.case(stream)
        escalation = case.escalation_of_attempt(AttemptId(attempt))
        page = escalation.page_of(AttemptId(attempt)) if escalation else None
        if escalation is None or page is None:
            raise NotFound("There is no such page.")
        return Asked(case, escalation, page)

    async def by_id(self, page: str) -> Asked:
        """Return the page of that id."""
        return _asked(await self._hub.case(page.partition("-")[0]), PageId(page))

    async def take(
        self, asked: Asked, means: TakenBy, ends: Ends = NOTHING_ENDS, cause: str = "", *, attempt: str = ""
    ) -> Answered:
        """Take a page for the person it was sent to; a second take is harmless and says who has it."""
        already = not asked.escalation.wants_somebody
        answers = AttemptId(attempt) if attempt else None
        command = TakePage(asked.page.id, asked.page.person, means, answers)
        actor = f"person:{asked.page.person}"
        done = await self._hub.do(asked.case.id, command, actor, cause or f"page by {means.value}", ends)
        return self._answered(done, asked, already or not done.facts)

    async def take_by_link(self, asked: Asked, means: TakenBy, token: str) -> Answered:
        """Take a page by the button behind its link; that answers the way that brought this link."""
        return await self.take(asked, means, attempt=brought_the_link(asked.page, token))

    async def pass_on(self, asked: Asked, means: TakenBy, ends: Ends = NOTHING_ENDS, cause: str = "") -> Answered:
        """Pass a page to the next person, now."""
        command = PassPage(asked.page.id, asked.page.person, means)
        actor = f"person:{asked.page.person}"
        done = await self._hub.do(asked.case.id, command, actor, cause or f"page by {means.value}", ends)
        return self._answered(done, asked, not done.facts)

    async def take_as(self, page: str, person: str, take: bool, ends: Ends = NOTHING_ENDS, cause: str = "") -> Answered:
        """Take or pass one's own page from inside; nobody can take somebody else's."""
        asked = await self.by_id(page)
        if asked.page.person != person:
            raise NotAllowed(f"This page was sent to {asked.page.name}, so only they can take or pass it.")
        act = self.take if take else self.pass_on
        return await act(asked, TakenBy.BUTTON, ends, cause)

    async def progressed(
        self, stream: str, attempt: str, state: AttemptState, carrier_id: str | None, detail: str
    ) -> None:
        """Record what the carrier says of an attempt; it never takes anything."""
        if self._known_long_ago(stream, AttemptId(attempt), state, detail):
            return
        command = ProgressAttempt(AttemptId(attempt), state, CarrierId(carrier_id) if carrier_id else None, detail)
        await self._hub.do(stream, command, "carrier", carrier_id or "")

    def _known_long_ago(self, stream: str, attempt: AttemptId, state: AttemptState, detail: str) -> bool:
        """Say whether an attempt was seen to be farther already: it never goes back, so nobody need look again.

        The carrier tells of most attempts five times and more, and just when many are on their way.
        """
        case = self._hub.remembered(stream)
        escalation = case.escalation_of_attempt(attempt) if case else None
        seen = escalation.attempt(attempt) if escalation else None
        return seen is not None and not is_news(seen, state, detail)

    # --------------------------------------------------------------------------------- by text

    async def text_reply(self, person: Person, text: str, carrier_id: str, sender: str = "") -> str:
        """Understand a text of somebody on our staff, do what it says, and return what to answer.

        The same text again (the carrier repeats itself, or somebody replays it) does nothing and is answered alike:
        the mark that says so is written together with what the text did. `sender` says which way it answers.
        """
        mark = carrier_mark(carrier_id)
        seen = (await self._store.marks([mark])).get(mark)
        language = person.languages[0] if person.languages else "en"
        if seen is not None:
            return await self._said_before(mark, seen, language)
        open_pages = await self._open_pages(person)
        reply = understood(text)
        try:
            if reply and reply.every:
                open_pages = await self._meant_by_all(carrier_id, open_pages)
            chosen = chosen_of(open_pages, reply) if reply else []
            if reply is None or not chosen:
                done = await self._done_below(mark)  # before it broke off; others did the rest meanwhile
                words = [self._what_became(one, language) for one in done]
                return await self._say_only(mark, " ".join(words) or self._why_nothing(open_pages, reply, language))
            return await self._do_all(chosen, reply, mark, self._way_of(person, sender), language)
        except MarkTaken as taken:
            return await self._said_before(mark, taken.value, language)

    async def _meant_by_all(self, carrier_id: str, open_pages: list[Asked]) -> list[Asked]:
        """Return the pages that a word about all of them means: for good those of which its writer had been told.

        They are fixed before the first of them is taken, so that a text which breaks off there and is brought again
        takes none that was opened in between.
        """
        key = all_mark(carrier_id)
        places = (await self._store.marks([key])).get(key)
        if places is None and open_pages:
            places = "\n".join(place_of(asked) for asked in told_of(open_pages))
            entry = Entry("page-replies", 0, (), self._clock.now(), "staff", marks=((key, places),))
            try:
                await self._store.append(entry)
            except MarkTaken as taken:  # brought twice at once, and the other was quicker
                places = taken.value
        return [asked for asked in open_pages if place_of(asked) in (places or "").splitlines()]

    def _way_of(self, person: Person, sender: str) -> str:
        return way_name(self._secrets, person.id, Method.SMS, sender) if sender else ""

    async def _do_all(self, chosen: list[Asked], reply: Reply, mark: str, way: str, language: str) -> str:
        """Do it to each page; the mark is left with the last, so that a text broken off is done again whole.

        The others each leave a mark below it: whoever is answered in the end hears of all.
        """
        done = await self._done_below(mark) if reply.every else []
        for asked in chosen:
            key = mark if asked is chosen[-1] else f"{mark}/{asked.page.id}"
            ends = Ends(marks=((key, place_of(asked)),))
            if reply.take:
                answered = await self.take(asked, TakenBy.REPLY, ends, attempt=answers(asked.page, way))
            else:
                answered = await self.pass_on(asked, TakenBy.REPLY, ends)
            done.append(answered.asked)
        said = self._words.taken if reply.take else self._words.passed
        return " ".join(said(one, language) for one in done)

    async def _done_below(self, mark: str) -> list[Asked]:
        """Return what a text about several pages did to each of them but the last."""
        found = await self._store.marks_below(f"{mark}/")
        return [await self._asked_at(place) for _, place in sorted(found.items())]

    async def answered_before(self, person: Person, carrier_id: str) -> str | None:
        """Return what was answered to a text that the carrier brings once more; nothing when it is new."""
        mark = carrier_mark(carrier_id)
        seen = (await self._store.marks([mark])).get(mark)
        return None if seen is None else await self._said_before(mark, seen, language_of(person))

    async def remember(self, person: Person, carrier_id: str, answer: str) -> str:
        """Keep what was answered to a text about something else than a page, so that it never means a page later."""
        mark = carrier_mark(carrier_id)
        try:
            return await self._say_only(mark, answer)
        except MarkTaken as taken:
            return await self._said_before(mark, taken.value, language_of(person))

    async def _say_only(self, mark: str, answer: str) -> str:
        entry = Entry("page-replies", 0, (), self._clock.now(), "staff", marks=((mark, f"={answer}"),))
        await self._store.append(entry)
        return answer

    async def _said_before(self, mark: str, seen: str, language: str) -> str:
        if seen.startswith("="):
            return seen[1:]
        done = {asked.page.id: asked for asked in (*await self._done_below(mark), await self._asked_at(seen))}
        return " ".join(self._what_became(asked, language) for asked in done.values())

    def _what_became(self, asked: Asked, language: str) -> str:
        if asked.page.state is PageState.PASSED:
            return self._words.passed(asked, language)
        return self._words.taken(asked, language)

    async def _asked_at(self, place: str) -> Asked:
        stream, _, page = place.partition("/")
        return _asked(await self._hub.case(stream), PageId(page))

    def _why_nothing(self, open_pages: list[Asked], reply: Reply | None, language: str) -> str:
        if not open_pages:
            return self._words.none(language)
        if reply is None or reply.number:
            return self._words.not_understood(language)
        return self._words.which((asked.case.number for asked in open_pages), language)

    async def _open_pages(self, person: Person) -> list[Asked]:
        marks = await self._store.marks_below(page_mark(person.id))
        found = []
        for value in marks.values():
            stream, _, page = value.partition("/")
            asked = _asked(await self._hub.case(stream), PageId(page))
            if asked.escalation.wants_somebody:
                found.append(asked)
        return found

    # -------------------------------------------------------------------------------- by voice

    def call_words(self, asked: Asked, *, joins: bool = True) -> tuple[str, str]:
        """Return what a paged person hears, and in which language; `joins` when they can be put through."""
        return self._words.menu(asked, joins=joins), self._words.language(asked)

    async def digit(self, asked: Asked, digit: str, attempt: str = "", *, joins: bool = True) -> Aloud | None:
        """Do what a pressed digit says and return what to say; nothing when the digit means nothing."""
        if digit not in TAKE_DIGITS | PASS_DIGITS:
            return None
        language = self._words.language(asked)
        if digit in PASS_DIGITS:
            answered = await self.pass_on(asked, TakenBy.DIGIT)
            return Aloud(self._words.passed_aloud(answered.asked), language)
        answered = await self.take(asked, TakenBy.DIGIT, attempt=attempt)
        after = answered.asked
        call = after.case.conversation.running_call() if joins and digit == JOIN_DIGIT else None
        room = call.id if call and after.escalation.has_taken(asked.page.person) else None
        return Aloud(self._words.taken_aloud(after, joins=room is not None), language, room)

    async def in_room(self, stream: str, contact: str, carrier_id: str, *, here: bool) -> None:
        """Note that the telephone of a paged person came into the room of a call, or left it."""
        case = await self._hub.case(stream)
        pages = (page for x in case.escalations for page in x.pages)
        person = next((p.person for p in pages for a in p.attempts if a.carrier_id == carrier_id), None)
        if person is not None:
            why = "page call" if here else "left"
            await self._hub.do(stream, NoteRoom(ContactId(contact), person, here=here, why=why), "carrier", carrier_id)

    def _answered(self, done: Done, asked: Asked, already: bool) -> Answered:
        return Answered(_asked(done.case, asked.page.id), done.sequence, already, done.facts)


def _asked(case: Case, page_id: PageId) -> Asked:
    escalation = case.escalation_of_page(page_id)
    page = escalation.page(page_id) if escalation else None
    if escalation is None or page is None:
        raise NotFound("There is no such page.")
    return Asked(case, escalation, page)
