"""Who and what every measurement is about: one line, a few people, a public address."""

from __future__ import annotations

from pathlib import Path

from crisis_hub.application.staff_list import Listed
from crisis_hub.domain.events import Reach
from crisis_hub.domain.vocabulary import Method, PersonId, Role

PUBLIC = "https://hub.example.org"
LINE = "+15550100100"
PASSWORD = "a long enough password"  # noqa: S105 - opens nothing but the bench
SUPERVISOR = "sam"
FOLDER = Path("var/bench")
"""On the disk of the tree, never in memory: a commit must reach a disk."""


def _person(id: str, role: Role, number: str) -> Listed:
    reach = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, 0))
    return Listed(PersonId(id), id.capitalize(), (role,), ("en",), id, PASSWORD, reach)


STAFF = (
    _person("ana", Role.CLINICIAN, "+15550100001"),
    _person("ben", Role.CLINICIAN, "+15550100002"),
    _person(SUPERVISOR, Role.SUPERVISOR, "+15550100003"),
    _person("rui", Role.RESPONDER, "+15550100005"),
)
