"""Marks, cases, numbers and sessions."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from crisis_hub.application.ports import CaseQuery, Session, Sessions, Store
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CaseId, CaseState, ContactRef, PersonId
from tests.contracts.store.conftest import Place
from tests.contracts.store.samples import NOW, entry, later, row, whole


async def test_marks_are_found_by_how_they_begin(store: Store) -> None:
    keys = ("open:a", "open:ab", "open;", "open", "Open:c", "open:é", "open:%", "opex")
    await store.append(replace(entry("case-a"), marks=tuple((key, key.upper()) for key in keys)))
    assert set(await store.marks_below("open:")) == {"open:a", "open:ab", "open:é", "open:%"}
    assert set(await store.marks_below("")) == set(keys)
    assert await store.marks_below("open:%") == {"open:%": "OPEN:%"}
    assert await store.marks(["open:a", "none"]) == {"open:a": "OPEN:A"}
    assert await store.marks([]) == {}


async def _list_some(store: Store) -> None:
    states = [CaseState.CLOSED, CaseState.WAITING, CaseState.ACTIVE, CaseState.WAITING]
    for number, state in enumerate(states, 1):
        await store.append(
            replace(entry(f"case-{number}"), row=row(str(number), state=state, number=str(1000 + number)))
        )


async def _listed(store: Store, query: CaseQuery) -> list[str]:
    return [one.case for one in await store.cases(query)]


async def test_cases_are_listed_newest_first_and_narrowed_by_what_is_asked(store: Store) -> None:
    await _list_some(store)
    assert await _listed(store, CaseQuery()) == ["4", "3", "2", "1"]
    assert await _listed(store, CaseQuery(state=CaseState.WAITING)) == ["4", "2"]
    assert await _listed(store, CaseQuery(number="1003")) == ["3"]
    assert await _listed(store, CaseQuery(contact_ref=ContactRef("ref-2"))) == ["2"]
    assert await _listed(store, CaseQuery(risk=Risk.HIGH)) == []
    assert await _listed(store, CaseQuery(state=CaseState.WAITING, number="1002")) == ["2"]


async def test_cases_are_listed_page_by_page(store: Store) -> None:
    await _list_some(store)
    assert await _listed(store, CaseQuery(limit=2)) == ["4", "3"]
    assert await _listed(store, CaseQuery(limit=2, before=CaseId("3"))) == ["2", "1"]
    assert await _listed(store, CaseQuery(state=CaseState.WAITING, before=CaseId("4"))) == ["2"]


async def test_a_case_row_comes_back_as_it_was_written_last(store: Store) -> None:
    await store.append(whole("a"))
    changed = replace(row("a", CaseState.ACTIVE), risk=Risk.HIGH, responder="ana", language="es", changed_at=later(5))
    await store.append(replace(entry("case-a", 3), row=changed))
    assert list(await store.cases(CaseQuery())) == [changed]


async def test_the_streams_of_cases_that_are_not_closed_are_known(store: Store) -> None:
    await _list_some(store)
    await store.append(replace(entry("case-4", 1), row=row("4", CaseState.CLOSED)))
    assert sorted(await store.open_streams()) == ["case-2", "case-3"]


async def test_case_numbers_of_one_process_rise_by_one_from_1001(store: Store) -> None:
    numbers = [await store.next_number() for _ in range(45)]
    assert numbers == [str(number) for number in range(1001, 1046)]


async def test_no_case_number_is_given_twice_by_two_processes_or_after_a_restart(place: Place) -> None:
    stores = [await place.open(), await place.open()]
    numbers = list(await asyncio.gather(*[stores[turn % 2].next_number() for turn in range(90)]))
    numbers.append(await (await place.open()).next_number())
    assert len(set(numbers)) == 91


async def test_a_check_returns_when_writing_is_possible(store: Store) -> None:
    await store.check()
    await store.check()
    assert await store.head() == 0


def _session(token: str, person: str = "ana", seconds: float = 60) -> Session:
    return Session(token, PersonId(person), "csrf", NOW, later(seconds))


async def _sessions(place: Place) -> Sessions:
    return await place.sessions()


async def test_a_session_is_kept_until_it_is_ended(place: Place) -> None:
    sessions = await _sessions(place)
    await sessions.put(_session("t1"))
    await sessions.put(_session("t2"))
    assert await sessions.get("t1") == _session("t1")
    await sessions.end("t1")
    assert await sessions.get("t1") is None
    assert await sessions.get("t2") == _session("t2")


async def test_a_session_put_again_is_replaced(place: Place) -> None:
    sessions = await _sessions(place)
    await sessions.put(_session("t1"))
    await sessions.put(_session("t1", seconds=90))
    assert await sessions.get("t1") == _session("t1", seconds=90)


async def test_all_sessions_of_a_person_end_at_once_and_nobody_elses(place: Place) -> None:
    sessions = await _sessions(place)
    for token, person in (("t1", "ana"), ("t2", "ana"), ("t3", "ben")):
        await sessions.put(_session(token, person))
    await sessions.end_all(PersonId("ana"))
    assert [await sessions.get(token) is None for token in ("t1", "t2", "t3")] == [True, True, False]


async def test_only_sessions_that_are_over_are_purged(place: Place) -> None:
    sessions = await _sessions(place)
    await sessions.put(_session("t1", seconds=10))
    await sessions.put(_session("t2", seconds=11))
    await sessions.purge(later(10))
    assert await sessions.get("t1") is None
    assert await sessions.get("t2") is not None
