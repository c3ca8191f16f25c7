"""How we are doing: who is on call, who is at work, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from crisis_hub.application.service import Service
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import EMPTY, Rulebook
from crisis_hub.domain.vocabulary import PersonId
from tests.application.hands import BOOK, Hands, hands
from tests.application.test_paging import rota


def service(here: Hands) -> Service:
    return Service(here.board, here.directory, here.clock, lambda: here.book, here.rotas)


def with_rota(people: Sequence[str], last_resort: Sequence[str] = ()) -> Rulebook:
    return replace(BOOK, rotas={"clinicians": rota(*people, last_resort=last_resort)})


@pytest.mark.parametrize(
    ("book", "people", "trouble"),
    [
        (with_rota(["ana"]), ["ana"], None),
        (with_rota([], ["sam"]), ["sam"], "Nobody has a shift on clinicians; the last resort would be paged."),
        (with_rota([]), [], "Nobody is on call on clinicians."),
        (with_rota(["gone"]), [], "Nobody is on call on clinicians."),
        (EMPTY, ["ana", "ben"], "No rota is in force, so every clinician is on call."),
    ],
    ids=["somebody", "last resort", "nobody", "somebody unknown", "no rota"],
)
async def test_who_is_on_call_and_what_is_wrong_with_it(book: Rulebook, people: list[str], trouble: str | None) -> None:
    async with hands(book) as here:
        [now] = service(here).on_call()

        assert ([one.id for one in now.people], now.trouble) == (people, trouble)


async def test_a_rota_can_be_asked_for_by_name() -> None:
    async with hands(with_rota(["ana"])) as here:
        assert [one.rota for one in service(here).on_call(rota="clinicians")] == ["clinicians"]
        assert service(here).on_call(rota="no-such") == []


async def test_the_figures_count_what_is_open() -> None:
    async with hands() as here:
        waiting = (await here.text("a", "SM1", "+15550100901")).case
        at_risk = await here.a_case("+15550100902", "SM2")
        await here.judge(at_risk, Risk.IMMINENT)
        now = service(here).standing()

        assert (now.waiting, now.open, now.high, now.imminent, now.pages_open) == (1, 2, 0, 1, 1)
        assert now.longest_wait_since == (await here.case(waiting)).waiting_since
        assert now.oldest_page_since == here.clock.now()


async def test_who_is_at_work_has_a_screen_or_a_case() -> None:
    async with hands() as here:
        await here.a_case()
        at = service(here)
        at.came(PersonId("ana"))
        at.came(PersonId("ana"))
        at.left(PersonId("ana"))
        at.came(PersonId("ben"))
        at.left(PersonId("ben"))

        assert [(one.person.id, one.busy_with) for one in at.standing().at_work] == [("ana", ()), ("rui", ("1001",))]


async def test_every_doubt_is_asked_each_time() -> None:
    async with hands() as here:
        at, doubts = service(here), ["The bell is broken.", ""]
        at.doubt(lambda: doubts[0])
        at.doubt(lambda: doubts[1])
        assert at.standing().troubles == ("The bell is broken.",)
        doubts[0] = ""

        assert at.standing().troubles == ()
