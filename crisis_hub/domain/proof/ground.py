"""Promises (d) and (e): high risk always has a ladder that ends in somebody, and the floor holds under every file.

For (d) there are as many states as readings: what is called for at a high risk is decided by the ladders that the
readings name and by the two that code adds ("imminent" always, "clinical" when nothing was named), so the real
decision is tried for each reading where the fewest answers make it hold, and every ladder is looked at by itself: a
state in which more readings hold begins more of the same ladders.

For (e) only a file that defines an instrument of the floor, or the imminent ladder, can touch what the floor reads
or whom it calls: other instruments and rules have facts of their own, and a rule can only add. So every subset of
those few files is tried, each with all other files and with none, and for each of their instruments every
combination of the floor's own items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, combinations, product

from crisis_hub.domain import events as e
from crisis_hub.domain.case import fold
from crisis_hub.domain.decision import weigh
from crisis_hub.domain.escalation import EVERYONE, Ladder
from crisis_hub.domain.events import Target
from crisis_hub.domain.floor import BARE_INSTRUMENTS, FLOOR
from crisis_hub.domain.instrument import NO, REFUSED, UNKNOWN, YES
from crisis_hub.domain.proof.judging import CannotWalk
from crisis_hub.domain.proof.oracle import Situation, outcome_of
from crisis_hub.domain.proof.readings import all_readings
from crisis_hub.domain.proof.replies import ABSENT
from crisis_hub.domain.proof.report import Finding
from crisis_hub.domain.proof.space import TooLarge
from crisis_hub.domain.proof.world import RISK, Workshop, World
from crisis_hub.domain.reading import Reading
from crisis_hub.domain.risk import Risk, at_least
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.rules import Rulebook

_REPLIES = (ABSENT, YES, NO, REFUSED, UNKNOWN)
_IMMINENT = "imminent"


def check_ladders(shop: Workshop, say: Callable[[str], None] = lambda line: None) -> Iterator[Finding]:
    """Return every ladder that ends in nobody, and every reading at high risk that begins no other."""
    book = shop.book
    for ladder in book.ladders.values():
        if why := why_empty(ladder, book.rotas):
            yield Finding("d", f"The ladder “{ladder.name}” {why}.", *_paged_by(ladder, shop))
    dangers = [reading for reading in all_readings(book) if at_least(reading.risk, Risk.HIGH)]
    for number, reading in enumerate(dangers, start=1):
        say(f"readings {number}/{len(dangers)}")
        case = smallest_case(reading, shop)
        if case is None or at_least(Risk(str(case.about.get(RISK) or "not_assessed")), Risk.HIGH):
            continue  # it cannot come true, or the risk was as high before, when somebody was called for it
        begun = begun_ladders(case, book)
        if all(why_empty(ladder, book.rotas) for ladder in begun):
            names = ", ".join(ladder.name for ladder in begun)
            said = f"The risk is {reading.risk.value} and no ladder ends in somebody (begun: {names or 'none'})."
            yield Finding("d", said, reading.id, case.words(), after=outcome_of(case, book).words())


def _paged_by(ladder: Ladder, shop: Workshop) -> tuple[str, str]:
    """Return a rule that pages a ladder, and the fewest answers with which it does."""
    for rule in shop.book.rules:
        if ladder.name in rule.ladders and (case := smallest_case(rule, shop)) is not None:
            return rule.id, case.words()
    return ladder.name, ""


def smallest_case(reading: Reading, shop: Workshop) -> Situation | None:
    """Return the case of the fewest answers in which a reading holds, or nothing when there is none."""
    for over in (False, True):
        try:
            world = World((reading,), shop, over)
        except (TooLarge, CannotWalk):
            return None
        for values in world.smallest(world.fires(reading), 1):
            return Situation(world.answers(values), world.about(values), over)
    return None


def why_empty(ladder: Ladder, rotas: Mapping[str, Rota]) -> str:
    """Return why a ladder does not end in somebody and then the alarm, or nothing when it does."""
    if not ladder.steps:
        return "has no step"
    nobody = [target for target in ladder.steps[-1].targets if not _is_somebody(target, rotas)]
    if len(nobody) == len(ladder.steps[-1].targets):
        names = ", ".join(f"{target.kind} {target.name}" for target in nobody)
        return f"ends in nobody: {names or 'its last step has no one to page'}"
    return "" if ladder.then == "alarm" else f"ends with “{ladder.then}” and not with the alarm"


def _is_somebody(target: Target, rotas: Mapping[str, Rota]) -> bool:
    if target.kind != "rota":
        return True
    rota = rotas.get(target.name)
    return rota is not None and bool(rota.last_resort or any(layer.people for layer in rota.layers))


def begun_ladders(situation: Situation, book: Rulebook) -> list[Ladder]:
    """Return the ladders that the real decision begins for a case, as they would be climbed."""
    case = situation.case()
    facts = weigh(case, book, case.opened_at, case.risk)
    after = fold(((fact, case.opened_at) for fact in facts), case)
    begun = {fact.ladder for fact in facts if isinstance(fact, e.EscalationStarted)}
    running = after.escalations if after is not None else ()
    ends = {name: ladder.then for name, ladder in book.ladders.items()}
    return [Ladder(x.ladder, x.steps, ends.get(x.ladder, EVERYONE.then)) for x in running if x.ladder in begun]


def states_of_the_floor(book: Rulebook) -> int:
    """Return how many cases `check_floor` tries."""
    replies: int = sum(len(_REPLIES) ** len(instrument.items) for instrument in BARE_INSTRUMENTS.values())
    return 2 * (replies + (1 << len(_files(book))) * len(FLOOR))


def _files(book: Rulebook) -> list[str]:
    """Return the files that the floor needs, by what they define."""
    own = [id for id in BARE_INSTRUMENTS if id in book.instruments]
    return [*own, *([_IMMINENT] if _IMMINENT in book.ladders else [])]


def check_floor(book: Rulebook) -> Iterator[Finding]:
    """Return every state in which a file, there or gone, takes away what the floor calls for."""
    for id in BARE_INSTRUMENTS:
        yield from _floor_of(id, book)
    for kept in subsets(_files(book)):
        for others in (True, False):
            some = without(book, kept=kept, others=others)
            yield from (_nobody(reading, some, kept) for reading in FLOOR if not _reaches(reading, some))


def subsets(files: list[str]) -> Iterator[tuple[str, ...]]:
    """Return every subset."""
    return chain.from_iterable(combinations(files, count) for count in range(len(files) + 1))


def without(book: Rulebook, *, kept: tuple[str, ...], others: bool) -> Rulebook:
    """Return the rulebook with only these of the files that the floor needs, with all others or none of them."""
    instruments = {id: i for id, i in book.instruments.items() if id in kept or (others and id not in BARE_INSTRUMENTS)}
    ladders = {name: x for name, x in book.ladders.items() if name in kept or (others and name != _IMMINENT)}
    rotas = book.rotas if others or _IMMINENT in kept else {}
    return replace(book, instruments=instruments, ladders=ladders, rotas=rotas, rules=book.rules if others else ())


def _floor_of(id: str, book: Rulebook) -> Iterator[Finding]:
    """Compare every combination of the floor's items of one instrument, as the file has it and as code has it."""
    items = [item.id for item in BARE_INSTRUMENTS[id].items]
    written = replace(book, rules=(), instruments={k: v for k, v in book.instruments.items() if k == id})
    bare = replace(book, rules=(), instruments={})
    told: set[str] = set()
    for replies in sorted(product(_REPLIES, repeat=len(items)), key=lambda said: sum(r != ABSENT for r in said)):
        answers = {item: reply for item, reply in zip(items, replies, strict=True) if reply != ABSENT}
        facts = {f"{id}.{item}": reply for item, reply in answers.items()}
        if all(reading.when.judge(facts).truth != YES for reading in FLOOR):
            continue
        case = Situation({id: answers}, {})
        before, after = outcome_of(case, bare), outcome_of(case, written)
        lost = {r.id for r in before.readings if r.id.startswith("floor#")} - {r.id for r in after.readings} - told
        if lost:
            told |= lost
            said = f"The file of {id} makes the floor ({', '.join(sorted(lost))}) deaf to these answers."
            yield Finding("e", said, id, case.words(), before.words(), after.words())


def _reaches(reading: Reading, book: Rulebook) -> bool:
    """Say whether somebody is called where a part of the floor holds, with this rulebook."""
    case = _smallest(reading)
    ladders = begun_ladders(case, book)
    return outcome_of(case, book).risk is Risk.IMMINENT and any(not why_empty(x, book.rotas) for x in ladders)


def _smallest(reading: Reading) -> Situation:
    """Return the fewest answers with which a part of the floor holds."""
    names = sorted(reading.when.names())
    for count in range(1, len(names) + 1):
        for picked in combinations(names, count):
            if reading.when.judge(dict.fromkeys(picked, YES)).truth == YES:
                answers: dict[str, dict[str, str]] = {}
                for name in picked:
                    id, _, item = name.rpartition(".")
                    answers.setdefault(id, {})[item] = YES
                return Situation(answers, {})
    raise AssertionError(f"{reading.id} never holds")


def _nobody(reading: Reading, book: Rulebook, kept: tuple[str, ...]) -> Finding:
    case = _smallest(reading)
    said = (
        f"With only these files of those that the floor needs ({', '.join(kept) or 'none'}), "
        f"{reading.id} reaches nobody."
    )
    return Finding("e", said, reading.id, case.words(), "imminent, page imminent", outcome_of(case, book).words())
