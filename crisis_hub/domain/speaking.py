"""Who speaks: the person themself, or somebody who is worried about them.

Somebody else can tell of danger, never rule it out. What they say is read at second hand: it alarms as much as any
answer, and finishes or calms nothing. When the person themself comes to the telephone, what was answered before that
stays at second hand until it is asked again.
"""

from __future__ import annotations

from collections.abc import Callable

from crisis_hub.domain.case_state import Answer, Case
from crisis_hub.domain.instrument import REFUSED, UNKNOWN, Instrument

CALLER = "caller"
"""The fact of the person that says who speaks."""

OTHER = "other"
"""Its answer when somebody else speaks."""

Find = Callable[[str], Instrument | None]


def at_second_hand(case: Case, find: Find) -> frozenset[str]:
    """Return the questionnaires whose answers come, or may have come, from somebody else than the person."""
    speaker = who_speaks(case, find)
    if speaker is None:
        return frozenset()
    if speaker.answer == OTHER or (speaker.changed and speaker.answer in (UNKNOWN, REFUSED)):
        return frozenset(case.answers)
    return frozenset(id for id, given in case.answers.items() if any(is_stale(a, speaker) for a in given.values()))


def who_speaks(case: Case, find: Find) -> Answer | None:
    """Return the latest word on who speaks, or nothing when nobody asked."""
    for id, given in case.answers.items():
        instrument = find(id)
        for item in instrument.of_the_person if instrument else ():
            if item.person == CALLER and item.id in given:
                return given[item.id]
    return None


def is_stale(answer: Answer, speaker: Answer | None) -> bool:
    """Say whether an answer was given before the person themself came to speak, so that it must be asked again."""
    return speaker is not None and speaker.changed > 0 and speaker.answer != OTHER and answer.at < speaker.at
