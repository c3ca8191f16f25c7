"""Who has the case, what was answered, what it means, and how the case ends."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_hub.domain.events.sealing import private
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import PersonId


@dataclass(frozen=True, slots=True)
class CaseClaimed:
    """A responder has this case."""

    person: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class CaseReleased:
    """The responder gave the case back to the queue."""

    person: PersonId
    reason: str = private()


@dataclass(frozen=True, slots=True)
class AnswerRecorded:
    """An item was answered: `yes`, `no`, `unknown`, `refused`, a number or an option's code.

    An older answer is kept in history.
    """

    instrument: str
    version: str
    item: str
    answer: str
    by: PersonId
    words: str = private()


@dataclass(frozen=True, slots=True)
class Because:
    """One reason behind a level of risk: which rule or level, and its sentence."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class RiskRaised:
    """The risk is now this, computed or said by a person, and these are the reasons."""

    risk: Risk
    because: tuple[Because, ...]
    by: PersonId | None


@dataclass(frozen=True, slots=True)
class RiskLoweringProposed:
    """A person wants to lower the risk from imminent; a second person must agree."""

    risk: Risk
    by: PersonId
    reason: str = private()


@dataclass(frozen=True, slots=True)
class RiskLowered:
    """A person lowered the risk, with a reason and, from imminent, with a second person."""

    risk: Risk
    by: PersonId
    second: PersonId | None
    reason: str = private()


@dataclass(frozen=True, slots=True)
class RiskUnsettled:
    """What had calmed no longer holds, and nobody judged it so: the risk is not assessed again."""


@dataclass(frozen=True, slots=True)
class Saw:
    """What one condition of a rule saw and how it judged: `yes`, `no`, `unknown` or `broken`."""

    path: str
    condition: str
    verdict: str
    values: str


@dataclass(frozen=True, slots=True)
class RuleFired:
    """A rule holds for this case; `saw` keeps what each of its conditions saw."""

    rule: str
    version: str
    because: str
    source: str
    saw: tuple[Saw, ...]


@dataclass(frozen=True, slots=True)
class RuleEased:
    """A rule that had fired no longer holds, so it may fire anew."""

    rule: str


@dataclass(frozen=True, slots=True)
class RuleBroke:
    """A rule could not be judged; `path` names the condition. A supervisor is called instead."""

    rule: str
    version: str
    path: str
    error: str


@dataclass(frozen=True, slots=True)
class RulebookUsed:
    """From here on the case is judged with this version of the rulebook; `sign_off` is who answers for it."""

    version: str
    sign_off: str


@dataclass(frozen=True, slots=True)
class OutsideResultRecorded:
    """Somebody outside rated the person with an instrument that is not asked here; kept as they gave it."""

    result: str
    instrument: str
    by: PersonId
    value: str = private()
    rated_on: str = private()
    rated_by: str = private()
    document: str = private()
    words: str = private()


@dataclass(frozen=True, slots=True)
class SectionSkipped:
    """Somebody laid a part of the script aside: it is not put forward, and stays on the list of what is missing."""

    section: str
    by: PersonId


@dataclass(frozen=True, slots=True)
class SectionTakenUp:
    """A part of the script that was laid aside is put forward again."""

    section: str
    by: PersonId


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """Somebody wrote a note for colleagues."""

    note: str
    by: PersonId
    text: str = private()


@dataclass(frozen=True, slots=True)
class AssistAsked:
    """A member of staff wants a supervisor with them, now."""

    by: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The case is over, with this outcome."""

    outcome: str
    by: PersonId
    reason: str = private()
