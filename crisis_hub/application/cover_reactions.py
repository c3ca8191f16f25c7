"""What follows when cover is asked for, taken, declined, taken back, or lapses: those whom it concerns are told."""

from __future__ import annotations

from crisis_hub.application.plans import TELL_OF_COVER, Place, Plan
from crisis_hub.domain.events import RotaFact

_LAST = 9
"""A notice goes after everything else."""


def tell_those_concerned(fact: RotaFact, place: Place) -> Plan:
    """Tell them, with nothing in what is planned but where the fact stands."""
    return Plan(effects=(place.effect(TELL_OF_COVER, str(place.version), _LAST),))
