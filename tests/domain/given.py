"""Given facts, when asked, then facts: the words in which the tests of the heart are written.

The rulebook here is made of plain Python, so that nothing but the standard library is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.decision import decide_on
from crisis_hub.domain.escalation import Escalation, Ladder, Page
from crisis_hub.domain.instrument import Instrument, Item, Level, Option, Outside
from crisis_hub.domain.paperwork import Blank, Deadline, Form, Jurisdiction
from crisis_hub.domain.reading import Owe, PageLadder, RaiseRisk, Reading
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import EMPTY, Rulebook
from crisis_hub.domain.truth import Clause, Condition, Judged, Truth, Value
from crisis_hub.domain.vocabulary import (
    AttemptId,
    AttemptState,
    CarrierId,
    CaseId,
    ContactId,
    ContactRef,
    EscalationId,
    MessageId,
    MessageState,
    Method,
    PageId,
    PersonId,
    TakenBy,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CASE = CaseId("c1")
RUI, RIA, ANA, BEN, SAM = (PersonId(name) for name in ("rui", "ria", "ana", "ben", "sam"))

Fact = TypeVar("Fact", bound=e.CaseFact)


@dataclass
class Given:
    """A case so far. `when` asks for something, keeps what became true, and returns it."""

    rulebook: Rulebook = EMPTY
    now: datetime = NOON
    history: list[tuple[e.CaseFact, datetime]] = field(default_factory=list)
    so_far: Case | None = None
    asked: list[c.Command] = field(default_factory=list)
    asked_at: list[datetime] = field(default_factory=list)

    def when(self, *commands: c.Command) -> tuple[e.CaseFact, ...]:
        """Ask for these, one after the other; return what the last one made true."""
        facts: tuple[e.CaseFact, ...] = ()
        for command in commands:
            facts = decide_on(self.so_far, command, self.rulebook, self.now)
            self.asked.append(command)
            self.asked_at.append(self.now)
            self.history.extend((fact, self.now) for fact in facts)
            self.so_far = fold(((fact, self.now) for fact in facts), self.so_far)
        return facts

    def later(self, seconds: float) -> Given:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        return self

    @property
    def case(self) -> Case:
        """Return what the facts add up to."""
        assert self.so_far is not None
        return self.so_far

    @property
    def ladder(self) -> Escalation:
        """Return the ladder that began last."""
        return self.case.escalations[-1]

    def page_of(self, person: PersonId) -> Page:
        """Return the newest page of a person."""
        return [page for x in self.case.escalations for page in x.pages if page.person == person][-1]

    def all(self, kind: type[Fact]) -> list[Fact]:
        """Return every fact of a kind, oldest first."""
        return [fact for fact, _ in self.history if isinstance(fact, kind)]


def only(facts: tuple[e.CaseFact, ...], kind: type[Fact]) -> list[Fact]:
    """Return the facts of that kind."""
    return [fact for fact in facts if isinstance(fact, kind)]


def kinds(facts: tuple[e.CaseFact, ...]) -> list[str]:
    """Return what kinds of facts these are."""
    return [type(fact).__name__ for fact in facts]


# ------------------------------------------------------------------------------------------ what is asked


def text_comes(words: str = "hello", sid: str = "SM1", reply: str = "") -> c.ReceiveText:
    """Somebody writes."""
    message = MessageId(f"m-{sid}")
    return c.ReceiveText(
        case=CASE,
        number="1001",
        message=message,
        contact=ContactId(f"t-{sid}"),
        carrier_id=CarrierId(sid),
        contact_ref=ContactRef("ref"),
        address="+15550100900",
        line="+15550100100",
        text=words,
        media=0,
        language="en",
        drill=False,
        reply=reply,
    )


def call_comes(sid: str = "CA1") -> c.ReceiveCall:
    """Somebody calls."""
    return c.ReceiveCall(
        case=CASE,
        number="1001",
        contact=ContactId(f"v-{sid}"),
        carrier_id=CarrierId(sid),
        contact_ref=ContactRef("ref"),
        address="+15550100900",
        line="+15550100100",
        language="en",
        drill=False,
    )


def call_ends(sid: str = "CA1", how: str = "completed") -> c.EndContact:
    """The call is over."""
    return c.EndContact(ContactId(f"v-{sid}"), how)


def claim(by: PersonId = RUI) -> c.ClaimCase:
    """A responder takes the case."""
    return c.ClaimCase(by, str(by).title())


def said(what: str, words: str = "", by: PersonId = RUI) -> c.RecordAnswer:
    """An item was answered, written as `instrument.item=answer`."""
    place, _, answer = what.partition("=")
    instrument, _, item = place.partition(".")
    return c.RecordAnswer(by, instrument, item, answer, words)


def judged(risk: Risk, by: PersonId = RUI, reason: str = "my own judgement") -> c.SetRisk:
    """A person says how great the risk is."""
    return c.SetRisk(by, risk, reason)


def paged(given: Given, *people: PersonId, ways: tuple[Method, ...] = (Method.SMS, Method.VOICE)) -> c.PageThese:
    """The step on which the newest ladder stands reaches these people."""
    reach = tuple(e.Reach(way, "+15550100001", 0) for way in ways)
    reached = tuple(c.PersonToPage(person, str(person).title(), reach) for person in people)
    return c.PageThese(given.ladder.id, given.ladder.step, reached, "" if people else "Nobody is on call.")


def time_is_over(given: Given) -> c.Climb:
    """The step on which the newest ladder stands has waited long enough."""
    return c.Climb(given.ladder.id, given.ladder.step)


def tried(page: Page, way: int, state: AttemptState, detail: str = "") -> c.ProgressAttempt:
    """The carrier says how far a person's `way`-th attempt got."""
    return c.ProgressAttempt(page.attempts[way].id, state, CarrierId(f"CA-{page.attempts[way].id}"), detail)


def takes(page: Page, means: TakenBy = TakenBy.REPLY) -> c.TakePage:
    """The paged person says "I have it"."""
    return c.TakePage(page.id, page.person, means)


def passes(page: Page, means: TakenBy = TakenBy.REPLY) -> c.PassPage:
    """The paged person passes it on."""
    return c.PassPage(page.id, page.person, means)


def told(message: str, state: MessageState, detail: str = "") -> c.ProgressMessage:
    """The carrier says how far a message of ours got."""
    return c.ProgressMessage(MessageId(message), state, CarrierId(f"SM-{message}"), detail)


def stand_down(by: PersonId = SAM) -> c.StandDown:
    """A person ends every ladder."""
    return c.StandDown(by, "It is in hand.")


STEP = c.PageThese(EscalationId("none"), 1, (), "")
NO_PAGE = PageId("none")
NO_ATTEMPT = AttemptId("none")


# ------------------------------------------------------------------------------------------- a rulebook


@dataclass(frozen=True, slots=True)
class Is:
    """Holds when a fact has this value; unknown when it is not there."""

    name: str
    value: Value

    @property
    def text(self) -> str:
        return f"{self.name} == {self.value!r}"

    @property
    def names(self) -> frozenset[str]:
        return frozenset({self.name})

    def judge(self, facts: Mapping[str, Value]) -> Judged:
        if self.name not in facts:
            return Judged(Truth.UNKNOWN)
        seen = facts[self.name]
        return Judged(Truth.YES if seen == self.value else Truth.NO, ((self.name, seen),))


@dataclass(frozen=True, slots=True)
class Throws:
    """Breaks whenever it is looked at."""

    text: str = "1 / 0 == 1"
    names: frozenset[str] = frozenset()

    def judge(self, facts: Mapping[str, Value]) -> Judged:
        raise ZeroDivisionError("division by zero")


@dataclass(frozen=True, slots=True)
class Says:
    """Says what it was told to say."""

    truth: Truth
    text: str = "as told"
    names: frozenset[str] = frozenset()

    def judge(self, facts: Mapping[str, Value]) -> Judged:
        return Judged(self.truth)


def both(*parts: Condition | Clause) -> Clause:
    """All of these."""
    return Clause("all", parts)


def either(*parts: Condition | Clause) -> Clause:
    """Any of these."""
    return Clause("any", parts)


def rule(id: str, when: Clause | Condition, *then: Risk | str | Owe) -> Reading:
    """Raise to this risk, page these ladders, ask for this care."""
    actions = tuple(RaiseRisk(x) if isinstance(x, Risk) else PageLadder(x) if isinstance(x, str) else x for x in then)
    clause = when if isinstance(when, Clause) else both(when)
    return Reading(id, "1", clause, actions, f"because of {id}", "a test")


def ladder(name: str, *steps: str, wait: int = 120) -> Ladder:
    """A ladder whose steps each page one role."""
    return Ladder(name, tuple(e.Step((e.Target("role", step),), wait) for step in steps), version="1")


def yes_no(id: str, asked_when: Clause | None = None, *, optional: bool = False) -> Item:
    """A question that is answered with yes or no."""
    return Item(id, {"en": id}, "yes_no", {"en": f"{id}?"}, asked_when=asked_when, optional=optional)


MOOD = Instrument(
    "mood",
    "1",
    "Mood",
    (
        yes_no("sad"),
        yes_no("tired"),
        yes_no("now", asked_when=either(Is("sad", "yes"), Is("tired", "yes"))),
        Item("age", {"en": "Age"}, "number", optional=True, least=0, most=130),
    ),
    (
        Level("acute", Risk.HIGH, either(Is("now", "yes")), {"en": "Right now."}, settles=True),
        Level("some", Risk.MODERATE, either(Is("sad", "yes"), Is("tired", "yes")), {"en": "Some.", "es": "Algo."}),
        Level("negative", Risk.NONE, both(Is("sad", "no"), Is("tired", "no")), {"en": "Nothing found."}),
    ),
    clears=True,
)
"""A small screen in the shape of the published ones: two doors, one question behind them, three levels."""

DANGER = Instrument(
    "danger",
    "1",
    "Danger",
    (
        yes_no("weapon"),
        yes_no("plan"),
        Item("how_far", {"en": "How far"}, "choice", options=(Option("near", {"en": "Near"}), Option("far", {}))),
    ),
    (),
)
"""Questions without levels, for rules to look at."""


SCALE = Instrument(
    "scale",
    "1",
    "A scale of others",
    (),
    (),
    licence="C",
    outside=Outside(results={"1": {"en": "One"}, "2": {"en": "Two"}}),
)
"""An instrument that is not asked here: only its result is kept."""

REPORT = Form(
    "report",
    "1",
    {"en": "Report"},
    (Blank("who", {"en": "Who"}, needed=True), Blank("kind", {"en": "Kind"}, choices=("child", "elder"))),
)
"""A form with a field for words and one to choose from."""

PLACE = Jurisdiction(
    "here", "Here", {"child": (Deadline("oral", 0, {"en": "Telephone"}), Deadline("written", 36, {"en": "Write"}))}
)
"""A place whose law asks for a report in two parts."""


def rulebook(*rules: Reading, ladders: tuple[Ladder, ...] = (), instruments: tuple[Instrument, ...] = ()) -> Rulebook:
    """Return a rulebook with these rules, the small instruments and these ladders."""
    return Rulebook(
        version="test",
        rules=rules,
        instruments={one.id: one for one in (MOOD, DANGER, SCALE, *instruments)},
        ladders={one.name: one for one in ladders},
        forms={REPORT.id: REPORT},
        jurisdiction=PLACE,
    )


LADDERS = (
    ladder("clinical", "clinician", "supervisor"),
    ladder("imminent", "clinician", "supervisor", wait=60),
    ladder("supervisors", "supervisor", "clinical_lead"),
    ladder("friends", "responder"),
)


def at_risk(risk: Risk = Risk.HIGH, book: Rulebook | None = None) -> Given:
    """Return a case that somebody claimed and judged to be at this risk, so that a ladder runs."""
    given = Given(rulebook(ladders=LADDERS) if book is None else book)
    given.when(text_comes(), claim(), judged(risk))
    return given
