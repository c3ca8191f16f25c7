"""What a page teaches about the way by which it came: that it reaches somebody, or that nothing arrives there."""

from __future__ import annotations

import re

from crisis_hub.application.plans import NOTE_OPT_OUT, PROVE_WAY, Moment, Plan
from crisis_hub.domain import events as e
from crisis_hub.domain.vocabulary import AttemptState

_CLOSED = re.compile(r"\b21610\b|^410: ")
"""The carrier's code for a number whose owner texted STOP, and the push service's for a browser that is gone."""
_LAST = 9


def prove_the_way(fact: e.PageTaken, moment: Moment) -> Plan:
    """Who took a page was reached; nothing hurries."""
    return Plan(effects=(moment.effect(PROVE_WAY, fact.page, _LAST),))


def note_the_opt_out(fact: e.AttemptProgressed, moment: Moment) -> Plan:
    """Where nothing arrives any more, the rota must say so before the next night."""
    if fact.state is not AttemptState.FAILED or not _CLOSED.search(fact.detail):
        return Plan()
    return Plan(effects=(moment.effect(NOTE_OPT_OUT, fact.attempt, _LAST),))
