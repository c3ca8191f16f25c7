"""Who may see and do what, role by role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from crisis_hub.application import rights
from crisis_hub.application.staff import Person
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotAllowed
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CaseState, PersonId, Role
from tests.domain.given import ANA, RUI, Given, at_risk, paged, text_comes

ALL = tuple(Role)
CLINICAL = (Role.RESPONDER, Role.CLINICIAN, Role.SUPERVISOR, Role.CLINICAL_LEAD)
OVERSEES = (Role.SUPERVISOR, Role.CLINICAL_LEAD)


def somebody(role: Role, id: str = "zoe") -> Person:
    return Person(PersonId(id), id.title(), (role,), ("en",), id, (), "")


def waiting() -> Case:
    given = Given()
    given.when(text_comes())
    return given.case


def with_rui() -> Case:
    given = at_risk(Risk.HIGH)
    given.when(paged(given, ANA))
    return given.case


def may(check: Callable[..., object], *args: object) -> bool:
    try:
        check(*args)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("role", ALL)
def test_who_sees_the_board(role: Role) -> None:
    assert may(rights.must_see_board, somebody(role)) == (role in (*CLINICAL, Role.AUDITOR))


@pytest.mark.parametrize("role", ALL)
def test_who_takes_a_case_from_the_queue(role: Role) -> None:
    assert may(rights.must_claim, somebody(role)) == (role in (Role.RESPONDER, *OVERSEES))


@pytest.mark.parametrize("role", ALL)
def test_who_reads_what_was_said_while_a_case_waits(role: Role) -> None:
    assert may(rights.must_read, somebody(role), waiting()) == (role in (Role.RESPONDER, *OVERSEES))


@pytest.mark.parametrize("role", ALL)
def test_who_reads_and_works_on_a_case_that_somebody_else_has(role: Role) -> None:
    case = with_rui()

    assert may(rights.must_read, somebody(role), case) == (role in OVERSEES)
    assert may(rights.must_work_on, somebody(role), case) == (role in OVERSEES)
    assert may(rights.must_release, somebody(role), case) == (role in OVERSEES)


@pytest.mark.parametrize("id", [RUI, ANA])
def test_whose_case_it_is_and_who_was_paged_for_it_read_and_work(id: PersonId) -> None:
    case, me = with_rui(), somebody(Role.RESPONDER if id == RUI else Role.CLINICIAN, id)

    assert may(rights.must_read, me, case)
    assert may(rights.must_work_on, me, case)
    assert may(rights.must_release, me, case) == (id == RUI)


def test_a_case_that_waits_must_be_taken_before_it_is_worked_on() -> None:
    with pytest.raises(NotAllowed, match="Take case 1001 first"):
        rights.must_work_on(somebody(Role.RESPONDER), waiting())


@pytest.mark.parametrize("role", ALL)
def test_who_reads_the_history_and_who_reads_its_words(role: Role) -> None:
    """An auditor sees that something was done, and not what was said."""
    case = with_rui()
    allowed = may(rights.must_read_history, somebody(role), case)

    assert allowed == (role in (*OVERSEES, Role.AUDITOR))
    if allowed:
        assert rights.must_read_history(somebody(role), case) == (role in OVERSEES)


@pytest.mark.parametrize("role", ALL)
def test_who_supervises(role: Role) -> None:
    assert may(rights.must_supervise, somebody(role)) == (role in OVERSEES)


def test_a_responder_whose_case_was_given_away_reads_it_no_more() -> None:
    case = replace(with_rui(), responder=PersonId("ria"), state=CaseState.ACTIVE)

    assert not may(rights.must_read, somebody(Role.RESPONDER, "rui"), case)
