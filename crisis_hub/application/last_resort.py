"""Who is called when nobody is on call, and when nobody on a whole ladder took the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.escalation import EVERYONE, Escalation
from crisis_hub.domain.events import Target
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import PersonId, Role


def people_left(
    escalation: Escalation,
    rulebook: Rulebook,
    directory: Directory,
    at_hand: Callable[[Iterable[Person]], Sequence[Person]],
) -> list[Person]:
    """Return whom to page when a ladder has come to its end: the last resort of its rotas, or of all when it has none.

    Whoever was paged on it already is not paged again, and who is on leave only if nobody else is left. When the lists
    hold nobody who can be reached and the ladder paged nobody at all, everybody is left.
    """
    reachable = [p for id in _listed(escalation, rulebook) if (p := directory.person(id)) and p.reach]
    if not reachable and not escalation.pages:
        reachable = [p for p in _everybody(directory) if p.reach]
    asked = {page.person for page in escalation.pages}
    return [*at_hand(person for person in reachable if person.id not in asked)]


def unmanned(targets: Iterable[Target], rulebook: Rulebook, holds: Callable[[Rota], bool]) -> list[str]:
    """Return the names of the rotas on a step, when it names nothing else and nobody has a shift on any of them."""
    asked = list(targets)
    rotas = [rulebook.rotas.get(target.name) if target.kind == "rota" else None for target in asked]
    if not rotas or any(rota is None or holds(rota) for rota in rotas):
        return []
    return [target.name for target in asked]


def _listed(escalation: Escalation, rulebook: Rulebook) -> Iterable[PersonId]:
    names = {t.name for step in escalation.steps for t in step.targets if t.kind == "rota"}
    own = [rota for rota in rulebook.rotas.values() if rota.name in names]
    return dict.fromkeys(person for rota in own or rulebook.rotas.values() for person in rota.last_resort)


def _everybody(directory: Directory) -> Iterable[Person]:
    roles = [Role(target.name) for step in EVERYONE.steps for target in step.targets]
    return {p.id: p for role in roles for p in directory.with_role(role)}.values()
