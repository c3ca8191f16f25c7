"""The judge of a chaos run: reads what was asked and answered, and what the ledger holds, and says what may not be.

A history is lines of `invoke`, `ok`, `fail` and `info` (nobody knows), as in Jepsen. The ledger is read row by row,
without a word of the hub's own code, so that one mistake cannot hide in both. The invariants are those of the
reference (reliability-and-ux.md, A2), as far as they apply here:

    I1 no loss          I2 once             I3 no phantom       I5 every ladder ends    I6 no false take
    I7 quiet after take I8 answer and page in one transaction   I9 nothing goes back    I10 gapless numbers
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crisis_hub.application.ports import Clock

INVOKE, OK, FAIL, INFO = "invoke", "ok", "fail", "info"

_HUMAN_MEANS = frozenset({"digit", "reply", "button"})
_ATTEMPT_RANK = {"planned": 0, "unknown": 1, "sent": 2, "delivered": 3, "failed": 4, "taken": 5}
_MESSAGE_RANK = {"planned": 0, "unknown": 1, "sent": 2, "delivered": 3, "failed": 3}
_A_MACHINE = re.compile(r"\bmachine_|\bfax\b|\bunknown\b")
_ENDS = ("PageTaken", "EscalationExhausted", "EscalationStoodDown")


# -------------------------------------------------------------------------------------------- what happened


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history: `who` asked or saw `what`, and how that stands."""

    number: int
    at: datetime
    who: str
    what: str
    type: str
    value: Mapping[str, Any]


class History:
    """Everything that was asked, answered and seen outside the hub, in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lines: list[Line] = []

    def note(self, who: str, what: str, type: str, **value: object) -> Line:
        """Add a line."""
        line = Line(len(self.lines) + 1, self._clock.now(), who, what, type, value)
        self.lines.append(line)
        return line

    def of(self, what: str, *types: str) -> Iterator[Line]:
        """Return the lines about something."""
        return (line for line in self.lines if line.what == what and (not types or line.type in types))

    def write(self, path: Path) -> Path:
        """Write the history down, one JSON object a line."""
        with path.open("w") as file:
            for line in self.lines:
                row = {"n": line.number, "at": line.at, "who": line.who, "what": line.what, "type": line.type}
                file.write(json.dumps(row | dict(line.value), default=str) + "\n")
        return path


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the ledger, its private words unread."""

    sequence: int
    stream: str
    version: int
    type: str
    at: datetime
    actor: str
    cause: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Duty:
    """An effect or a deadline as its row stands; `open` says that somebody must still see to it."""

    key: str
    stream: str
    kind: str
    subject: str
    state: str
    open: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """The tables as they stand."""

    facts: Sequence[Fact]
    effects: Sequence[Duty] = ()
    deadlines: Sequence[Duty] = ()

    def at_rest(self) -> bool:
        """Say whether nothing is left to do."""
        return not any(duty.open for duty in (*self.effects, *self.deadlines))


# -------------------------------------------------------------------------------------------- what is found


@dataclass(slots=True)
class Found:
    """What the checker found; `recovered` is allowed and counted, everything else is not."""

    lost: set[str] = field(default_factory=set)
    unexpected: set[str] = field(default_factory=set)
    duplicated: set[str] = field(default_factory=set)
    recovered: set[str] = field(default_factory=set)
    doubled_cases: set[str] = field(default_factory=set)
    false_takes: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def good(self) -> bool:
        """Say whether everything that was promised held."""
        return not (
            self.lost or self.unexpected or self.duplicated or self.doubled_cases or self.false_takes or self.broken
        )

    def story(self) -> str:
        """Tell what was found."""
        sets = ("lost", "unexpected", "duplicated", "doubled_cases", "false_takes")
        bad = [f"{name}: {sorted(getattr(self, name))}" for name in sets if getattr(self, name)]
        figures = ", ".join(f"{count} {word}" for word, count in sorted(self.counts.items()))
        return "\n".join([*bad, *self.broken, figures])


def check(
    history: History,
    ledger: Ledger,
    *,
    listed: Collection[str] = (),
    late_seconds: float = 0.0,
    quiet_seconds: float = 2.0,
    pages_once: bool = False,
) -> Found:
    """Judge a run that has come to rest.

    `listed` is what the carrier's own list shows beside what it was answered for. A ladder may end `late_seconds`
    later than its steps and ten seconds allow (the hub was down meanwhile), and a try may begin `quiet_seconds`
    after the take. With `pages_once` the carrier may have accepted each try only once, and once more for each time
    that the hub wrote down that it did not know.
    """
    found = Found()
    run = _Run(history, ledger)
    _numbers(ledger.facts, found)
    _texts(run, listed, found)
    _answers(run, found)
    _claims(run, found)
    _messages(run, found)
    _ladders(run, late_seconds, found)
    _takes(run, found)
    _pages(run, quiet_seconds, pages_once, found)
    _together(run, found)
    _forward(run, found)
    _rest(ledger, found)
    found.counts["facts"] = len(ledger.facts)
    found.counts["kills"] = sum(1 for _ in history.of("kill"))
    return found


class _Run:
    """The run, indexed."""

    def __init__(self, history: History, ledger: Ledger) -> None:
        self.history = history
        self.ledger = ledger
        self.by_type: defaultdict[str, list[Fact]] = defaultdict(list)
        self.by_stream: defaultdict[str, list[Fact]] = defaultdict(list)
        self.by_escalation: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in ledger.facts:
            self.by_type[fact.type].append(fact)
            self.by_stream[fact.stream].append(fact)
            if "escalation" in fact.data:
                self.by_escalation[fact.data["escalation"]].append(fact)
        self.page_of = {
            attempt["attempt"]: fact.data["page"]
            for fact in self.by_type["PersonPaged"]
            for attempt in fact.data["attempts"]
        }
        for fact in self.by_type["AttemptRepeated"]:
            self.page_of[fact.data["attempt"]] = self.page_of[fact.data["after"]]

    def entry(self, fact: Fact) -> list[Fact]:
        """Return the facts that were written by the same command as this one."""
        stream = self.by_stream[fact.stream]
        place = stream.index(fact)
        begin = end = place
        while begin > 0 and _same_command(stream[begin - 1], fact):
            begin -= 1
        while end + 1 < len(stream) and _same_command(stream[end + 1], fact):
            end += 1
        return stream[begin : end + 1]


def _same_command(one: Fact, other: Fact) -> bool:
    return (one.at, one.actor, one.cause) == (other.at, other.actor, other.cause)


# -------------------------------------------------------------------------------------------- numbers, I10


def _numbers(facts: Sequence[Fact], found: Found) -> None:
    """Sequences and versions have no gap, so that a reader at n can never have missed an earlier row."""
    for place, fact in enumerate(facts, 1):
        if fact.sequence != place:
            found.broken.append(f"I10: fact {place} of the ledger has the number {fact.sequence}")
            break
    versions: Counter[str] = Counter()
    for fact in facts:
        versions[fact.stream] += 1
        if fact.version != versions[fact.stream]:
            found.broken.append(f"I10: {fact.stream} goes from {versions[fact.stream] - 1} to {fact.version}")
            break


# -------------------------------------------------------------------------------------------- texts, I1 I2 I3


def _texts(run: _Run, listed: Collection[str], found: Found) -> None:
    """Every text that was accepted, or that the carrier lists, is in the ledger once, in its sender's one case."""
    senders = {line.value["sid"]: line.value["sender"] for line in run.history.of("text", INVOKE)}
    accepted = {line.value["sid"] for line in run.history.of("text", OK)}
    unsure = {line.value["sid"] for line in run.history.of("text", INFO)}
    received = run.by_type["MessageReceived"]
    seen = Counter(fact.data["carrier_id"] for fact in received)
    found.lost |= (accepted | set(listed)) - set(seen)
    found.unexpected |= set(seen) - set(senders) - set(listed)
    found.duplicated |= {sid for sid, times in seen.items() if times > 1}
    found.recovered |= (set(seen) & unsure) - accepted
    cases: defaultdict[str, set[str]] = defaultdict(set)
    people: defaultdict[str, set[str]] = defaultdict(set)
    for fact in received:
        sender = senders.get(fact.data["carrier_id"])
        if sender is not None:
            cases[sender].add(fact.stream)
            people[fact.stream].add(sender)
    closed = {fact.stream for fact in run.by_type["CaseClosed"]}
    found.doubled_cases |= {sender for sender, streams in cases.items() if len(streams - closed) > 1}
    for stream, who in people.items():
        if len(who) > 1:
            found.broken.append(f"I3: case {stream} holds the words of {len(who)} people")
    for fact in run.by_type["CaseOpened"]:
        if fact.data.get("channel") == "text" and fact.stream not in people:
            found.broken.append(f"I3: case {fact.stream} was opened by nobody")
    _same_answers(run, found)
    found.counts.update(texts=len(senders), people=len(cases), resent=len(unsure), webhooks=_webhooks(run))


def _same_answers(run: _Run, found: Found) -> None:
    """The same text again gets the same answer."""
    answers: defaultdict[str, set[str]] = defaultdict(set)
    for line in [*run.history.of("text", OK), *run.history.of("reply", OK)]:
        answers[line.value["sid"]].add(str(line.value.get("answer", "")))
    for sid, said in answers.items():
        if len(said) > 1:
            found.broken.append(f"I2: the same text {sid} got {len(said)} different answers")


def _webhooks(run: _Run) -> int:
    return sum(1 for line in run.history.lines if line.what in ("text", "reply") and line.type in (OK, FAIL, INFO))


# -------------------------------------------------------------------------------------------- care


def _answers(run: _Run, found: Found) -> None:
    """An answer that was acknowledged is written down, and once however often it was sent."""
    asked = Counter(_answer_key(line.value) for line in run.history.of("answer", INVOKE))
    done = {_answer_key(line.value) for line in run.history.of("answer", OK)}
    recorded = Counter(
        (fact.stream, fact.data["instrument"], fact.data["item"], fact.data["answer"])
        for fact in run.by_type["AnswerRecorded"]
    )
    found.broken += [f"I1: the answer {key} was acknowledged and is not there" for key in done if not recorded[key]]
    found.broken += [
        f"I2: the answer {key} was given {asked[key]} times and recorded {times} times"
        for key, times in recorded.items()
        if times > asked[key]
    ]
    standing = {
        (fact.stream, fact.data["instrument"], fact.data["item"]): fact for fact in run.by_type["AnswerRecorded"]
    }
    last = {_answer_key(line.value)[:3]: line.value["answer"] for line in run.history.of("answer", OK)}
    for place, answer in last.items():
        if place in standing and standing[place].data["answer"] != answer:
            found.broken.append(
                f"I1: {answer} was said last to {place}, and {standing[place].data['answer']} stands there"
            )
    found.counts["answers"] = len(done)


def _answer_key(value: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return value["case"], value["instrument"], value["item"], value["answer"]


def _claims(run: _Run, found: Found) -> None:
    """A case has one responder at a time, and it is the one who was told so."""
    for stream, facts in run.by_stream.items():
        holder = ""
        holders = set()
        for fact in facts:
            if fact.type == "CaseClaimed":
                if holder:
                    found.broken.append(f"claim: {fact.data['person']} took {stream} from {holder}")
                holder = fact.data["person"]
                holders.add(holder)
            elif fact.type == "CaseReleased":
                holder = ""
        told = {line.value["person"] for line in run.history.of("claim", OK) if line.value["case"] == stream}
        for person in told - holders:
            found.broken.append(f"claim: {person} was told to have {stream} and never had it")


def _messages(run: _Run, found: Found) -> None:
    """What a responder wrote is written once, and reaches the carrier once."""
    asked = Counter(line.value["case"] for line in run.history.of("message", INVOKE))
    sent = Counter(line.value["body"] for line in run.history.of("sent", OK))
    given_up = Counter(fact.stream for fact in run.by_type["MessageProgressed"] if fact.data["state"] == "failed")
    for line in run.history.of("message", OK):
        case, body = line.value["case"], line.value["body"]
        if not sent[body] and given_up[case]:
            given_up[case] -= 1  # not sent, and the responder is told so
        elif sent[body] != 1:
            found.broken.append(f"I2: the words {body!r} to {case} were sent {sent[body]} times")
    written = Counter(fact.stream for fact in run.by_type["MessageWritten"] if fact.data["author"] != "line")
    for stream, times in written.items():
        if times > asked[stream]:
            found.broken.append(f"I2: {asked[stream]} messages were written to {stream} and {times} recorded")
    found.counts["messages"] = sum(1 for _ in run.history.of("message", OK))


# -------------------------------------------------------------------------------------------- ladders, I5 I6


def _ladders(run: _Run, late_seconds: float, found: Found) -> None:
    """Every ladder comes to an end in its time."""
    for begun in run.by_type["EscalationStarted"]:
        id = begun.data["escalation"]
        ends = [fact for fact in run.by_escalation[id] if fact.type in _ENDS]
        if not ends:
            found.broken.append(f"I5: ladder {id} has no end")
            continue
        waits = sum(step["wait_seconds"] for step in begun.data["steps"])
        latest = begun.at + timedelta(seconds=waits + 10 + late_seconds)
        if ends[0].at > latest:
            found.broken.append(f"I5: ladder {id} ended {(ends[0].at - latest).total_seconds():.0f} s too late")
        found.counts[ends[0].type] += 1
    found.counts["ladders"] = len(run.by_type["EscalationStarted"])


def _takes(run: _Run, found: Found) -> None:
    """Whoever took or passed a page was paged, and really pressed, wrote or touched; each act counts once."""
    for fact_type, act in (("PageTaken", "take"), ("PagePassed", "pass")):
        unused = list(run.history.of(act, INVOKE))
        for fact in run.by_type[fact_type]:
            proof = _proof(run, fact, unused)
            if proof is None:
                found.false_takes.add(f"{fact.data['page']} {act} by {fact.data['means']} of {fact.data['person']}")
            else:
                unused.remove(proof)
    for id, facts in run.by_escalation.items():
        took = [fact.data["person"] for fact in facts if fact.type == "PageTaken"]
        if len(took) > 1:
            found.broken.append(f"I6: ladder {id} was taken {len(took)} times, by {took}")
    taken = {(fact.stream, fact.data["person"]) for fact in run.by_type["PageTaken"]}
    for line in run.history.of("take", OK):
        if line.value.get("yours") and (line.value["case"], line.value["person"]) not in taken:
            found.broken.append(f"I1: {line.value['person']} was told to have {line.value['case']} and has it not")


def _proof(run: _Run, fact: Fact, acts: Iterable[Line]) -> Line | None:
    """Return what the paged person did that makes this take or pass true; the most exact one first."""
    paged = any(
        one.type == "PersonPaged" and one.data["page"] == fact.data["page"] and one.sequence < fact.sequence
        for one in run.by_stream[fact.stream]
        if one.type == "PersonPaged" and one.data["person"] == fact.data["person"]
    )
    if not paged or fact.data["means"] not in _HUMAN_MEANS:
        return None
    fits = [line for line in acts if _fits(run, fact, line)]
    return max(fits, key=lambda line: len(line.value), default=None)


def _fits(run: _Run, fact: Fact, line: Line) -> bool:
    value = line.value
    page = value.get("page") or run.page_of.get(value.get("attempt", ""))
    return (
        value["person"] == fact.data["person"]
        and value["means"] == fact.data["means"]
        and line.at <= fact.at + timedelta(seconds=1)
        and value.get("case") in (None, fact.stream)
        and page in (None, fact.data["page"])
    )


# -------------------------------------------------------------------------------------------- pages, I7 I8


def _pages(run: _Run, quiet_seconds: float, once: bool, found: Found) -> None:
    """Every try reaches the carrier or is said to have failed, and none begins once somebody has the case."""
    arrived: defaultdict[str, list[Line]] = defaultdict(list)
    for line in run.history.of("page", OK):
        arrived[line.value["attempt"]].append(line)
    unknown = Counter(
        fact.data["attempt"] for fact in run.by_type["AttemptProgressed"] if fact.data["state"] == "unknown"
    )
    for attempt in set(arrived) - set(run.page_of):
        found.unexpected.add(f"page {attempt}")
    for attempt, lines in arrived.items():
        if once and len(lines) > 1 + unknown[attempt]:
            found.broken.append(f"I2: the try {attempt} was sent {len(lines)} times")
    _as_recorded(run, arrived, found)
    for id, facts in run.by_escalation.items():
        _pages_of(id, facts, run, arrived, quiet_seconds, found)
    found.counts["pages"] = sum(len(lines) for lines in arrived.values())
    found.counts["pages_sent_again"] = sum(len(lines) - 1 for lines in arrived.values())


def _pages_of(
    id: str,
    facts: Sequence[Fact],
    run: _Run,
    arrived: Mapping[str, Sequence[Line]],
    quiet_seconds: float,
    found: Found,
) -> None:
    attempts = [a["attempt"] for fact in facts if fact.type == "PersonPaged" for a in fact.data["attempts"]]
    failed = {fact.data["attempt"] for fact in run.by_type["AttemptProgressed"] if fact.data["state"] == "failed"}
    over = next((fact for fact in facts if fact.type in ("PageTaken", "EscalationStoodDown")), None)
    if over is None:
        passed = {fact.data["page"] for fact in facts if fact.type == "PagePassed"}
        silent = [a for a in attempts if not arrived.get(a) and a not in failed and run.page_of[a] not in passed]
        found.broken += [f"I1: the page {attempt} never reached the carrier" for attempt in silent]
    if not any(arrived.get(attempt) for attempt in attempts) and not any(f.type == "NobodyToPage" for f in facts):
        found.broken.append(f"I1: ladder {id} called for somebody and nobody was paged")
    for fact in facts:
        if over and fact.sequence > over.sequence and fact.type in ("StepTaken", "PersonPaged"):
            found.broken.append(f"I7: ladder {id} went on with {fact.type} after somebody had the case")
    latest = over.at + timedelta(seconds=quiet_seconds) if over else None
    for attempt in attempts:
        late = [line for line in arrived.get(attempt, ()) if latest and line.at > latest]
        if late:
            found.broken.append(f"I7: {attempt} was sent {len(late)} times after somebody had the case")


def _as_recorded(run: _Run, arrived: Mapping[str, Sequence[Line]], found: Found) -> None:
    """A try is said to have gone out only as the text or call that really told of it, by itself or among others."""
    for fact in (*run.by_type["AttemptMerged"], *run.by_type["AttemptProgressed"]):
        attempt, carrier_id = fact.data["attempt"], fact.data.get("carrier_id")
        if carrier_id and carrier_id not in {line.value["sid"] for line in arrived.get(attempt, ())}:
            found.broken.append(f"I3: {attempt} is said to have gone out as {carrier_id}, which told of something else")


def _together(run: _Run, found: Found) -> None:
    """The answer, the ladder and its first step are one transaction, and every step plans its paging with it."""
    calls_for = {_answer_key(line.value) for line in run.history.of("answer", INVOKE) if line.value.get("calls_for")}
    for fact in run.by_type["AnswerRecorded"]:
        key = (fact.stream, fact.data["instrument"], fact.data["item"], fact.data["answer"])
        if key in calls_for and not any(one.type == "EscalationStarted" for one in run.entry(fact)):
            found.broken.append(f"I8: the answer {key} was recorded without the ladder that it calls for")
    for fact in run.by_type["EscalationStarted"]:
        if not any(
            one.type == "StepTaken" and one.data["escalation"] == fact.data["escalation"] for one in run.entry(fact)
        ):
            found.broken.append(f"I8: ladder {fact.data['escalation']} began without its first step")
    if run.ledger.effects:
        planned = {(duty.kind, duty.subject) for duty in run.ledger.effects}
        for fact in run.by_type["StepTaken"]:
            subject = f"{fact.data['escalation']}/{fact.data['step']}"
            if ("page_step", subject) not in planned:
                found.broken.append(f"I8: the step {subject} was taken and its paging never planned")
        for attempt in run.page_of:
            if ("send_page", attempt) not in planned:
                found.broken.append(f"I8: the page {attempt} was recorded and its sending never planned")


# -------------------------------------------------------------------------------------------- the rest


def _forward(run: _Run, found: Found) -> None:
    """Late, doubled or reordered news never move a try or a message back (I9)."""
    for type, subject, ranks in (
        ("AttemptProgressed", "attempt", _ATTEMPT_RANK),
        ("MessageProgressed", "message", _MESSAGE_RANK),
    ):
        now: dict[str, int] = {}
        machines: set[str] = set()
        for fact in run.by_type[type]:
            id, rank = fact.data[subject], ranks[fact.data["state"]]
            if rank == now.get(id) and id not in machines and _A_MACHINE.search(fact.data.get("detail", "")):
                machines.add(id)  # that a machine picked up is news of a call that was answered
            elif rank <= now.get(id, 0):
                found.broken.append(f"I9: {subject} {id} went back to {fact.data['state']}")
            now[id] = rank


def _rest(ledger: Ledger, found: Found) -> None:
    """Nothing that was planned is left undone."""
    found.broken += [f"I1: the effect {duty.key} is still {duty.state}" for duty in ledger.effects if duty.open]
    found.broken += [f"I5: the deadline {duty.key} is still there" for duty in ledger.deadlines if duty.open]


# -------------------------------------------------------------------------------------------- doubled pages


@dataclass(frozen=True, slots=True)
class Doubled:
    """Tries that the carrier accepted more than once: those that are on record as unknown, and those that are not."""

    known: list[str]
    unexplained: list[str]


def doubled(history: History, ledger: Ledger) -> Doubled:
    """Sort what reached the carrier twice by whether the hub had written down that it did not know."""
    accepted = Counter(line.value["attempt"] for line in history.of("page", OK))
    unknown = {
        fact.data["attempt"]
        for fact in ledger.facts
        if fact.type == "AttemptProgressed" and fact.data["state"] == "unknown"
    }
    twice = sorted(attempt for attempt, times in accepted.items() if times > 1)
    return Doubled([x for x in twice if x in unknown], [x for x in twice if x not in unknown])
