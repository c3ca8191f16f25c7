"""Coverage, load, proposals and reports over HTTP: who may ask, what is answered, and tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from crisis_hub.web.csv_out import csv_text
from tests.night import LINE, Night
from tests.web.kit import guarded, house, paged, problem

EVERYBODY = ("rui", "ana", "sam", "lee", "ada", "aud")


async def a_night_of_pages(tonight: Night) -> None:
    """Ben takes his page after a while, by text."""
    await paged(tonight)
    await tonight.seconds(28)
    tonight.phone_of("ben").text("1", LINE)
    await tonight.seconds(2)


# ------------------------------------------------------------------------------------------ coverage


async def test_coverage_says_when_it_was_looked_at_and_how_far() -> None:
    async with house() as tonight:
        found = (await tonight.get("sam", "/api/coverage")).json()

        assert found["checked_at"] == "2026-03-01T03:00:00Z"
        assert found["until"] == "2026-03-15T03:00:00Z"
        assert not found["whole"]
        assert {one["person"]["id"] for one in found["findings"]} == {"ana", "ben", "sam"}
        assert {(one["lack"], one["red"]) for one in found["findings"]} == {("not_verified", False)}


async def test_how_a_colleague_can_be_reached_is_told_to_supervisors_and_to_themselves() -> None:
    async with house() as tonight:
        seen = {}
        for who in EVERYBODY:
            found = (await tonight.get(who, "/api/coverage")).json()["findings"]
            seen[who] = [one["person"]["id"] for one in found]

        everybody = ["ana", "ben", "sam"]
        assert seen == {"rui": [], "ana": ["ana"], "sam": everybody, "lee": everybody, "ada": everybody, "aud": []}
        problem(await tonight.browser.get("/api/coverage"), 401)


# ------------------------------------------------------------------------------------------ load and proposals


async def test_the_load_of_a_rota_is_for_everybody_on_the_staff() -> None:
    async with house() as tonight:
        path = "/api/rotas/clinicians/load?from=2026-02-02T14:00:00Z&to=2026-02-16T14:00:00Z"
        for who in EVERYBODY:
            found = (await tonight.get(who, path)).json()["people"]
            assert {one["person"]["id"]: (one["hours"], one["nights"]) for one in found} == {
                "ana": (168, 7),
                "ben": (168, 7),
            }


async def test_a_page_at_night_counts_as_a_wake() -> None:
    async with house() as tonight:
        await tonight.clock.advance(6 * 3600)  # three in the morning in Chicago
        await a_night_of_pages(tonight)
        found = (await tonight.get("sam", "/api/rotas/clinicians/load")).json()["people"]

        assert {one["person"]["id"]: one["wakes"] for one in found} == {"ana": 0, "ben": 1}


async def test_a_proposal_shares_the_time_among_those_who_are_named_and_changes_nothing() -> None:
    async with house() as tonight:
        before = tonight.house.board.sequence
        path = "/api/rotas/clinicians/proposal?from=2026-03-02T14:00:00Z&to=2026-04-13T13:00:00Z&people=ana,ben,lee"
        found = (await tonight.get("sam", path)).json()

        assert [one["nights"] for one in found["load"]] == [14, 14, 14]
        assert {one["person"]["name"] for one in found["load"]} == {"Ana Ortiz", "Ben Hollis", "Lee Chen"}
        assert len(found["shifts"]) == 6
        assert tonight.house.board.sequence == before


async def test_a_proposal_says_which_of_its_shifts_stand_already() -> None:
    async with house() as tonight:
        path = "/api/rotas/clinicians/proposal?from=2026-03-02T14:00:00Z&to=2026-04-13T13:00:00Z&people=lee"
        shifts = (await tonight.get("sam", path)).json()["shifts"]
        assert [one["stands"] for one in shifts] == [False] * 6

        add = {"change": "add", "person": "lee", "start": shifts[1]["start"], "end": shifts[1]["end"], "why": "a plan"}
        assert (await tonight.post("sam", "/api/rotas/clinicians/overrides", add)).status_code == 200
        # Not the whole of the next one: what lacks an hour does not stand.
        part = {**add, "start": "2026-03-16T14:00:00Z", "end": shifts[2]["end"]}
        assert (await tonight.post("sam", "/api/rotas/clinicians/overrides", part)).status_code == 200

        again = (await tonight.get("sam", path)).json()["shifts"]
        assert [one["stands"] for one in again] == [False, True, False, False, False, False]


@pytest.mark.parametrize("who", ["rui", "ana", "ada", "aud"])
async def test_only_who_plans_asks_for_a_proposal(who: str) -> None:
    async with house() as tonight:
        problem(await tonight.get(who, "/api/rotas/clinicians/proposal"), 403)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("people=ana,nobody", "people"),
        ("people=" + ",".join(["ana"] * 101), "people"),
        ("from=2026-03-02T14:00:00Z&to=2026-03-02T14:00:00Z", "to"),
        ("from=2026-03-02T14:00:00Z&to=2028-03-02T14:00:00Z", "to"),
        ("from=0001-01-01T00:00:00Z", "from"),
        ("to=9999-12-31T23:59:59-12:00", "to"),
    ],
)
async def test_what_cannot_be_planned_is_refused_with_its_field(query: str, field: str) -> None:
    async with house() as tonight:
        body = problem(await tonight.get("sam", f"/api/rotas/clinicians/proposal?{query}"), 422)
        assert body["field"] == field


@pytest.mark.parametrize("path", ["load", "proposal"])
async def test_a_rota_that_is_not_there_is_not_found(path: str) -> None:
    async with house() as tonight:
        problem(await tonight.get("sam", f"/api/rotas/nowhere/{path}"), 404)


# ------------------------------------------------------------------------------------------ reports


async def test_a_report_on_pages_tells_how_long_it_took_and_in_which_hour() -> None:
    async with house() as tonight:
        await a_night_of_pages(tonight)
        found = (await tonight.get("sam", "/api/reports/pages")).json()

        assert (found["pages"], found["taken"], found["never_taken"]) == (1, 1, 0)
        assert 25 <= found["median_seconds"] == found["p90_seconds"] <= 35
        assert found["ladders"]["started"] == found["ladders"]["taken"] == 1
        [ben] = found["by_person"]
        assert (ben["person"], ben["taken"]) == ({"id": "ben", "name": "Ben Hollis"}, 1)
        assert [one["hour"] for one in found["by_hour"] if one["pages"]] == [21]
        assert found["timezone"] == "America/Chicago"
        utc = (await tonight.get("sam", "/api/reports/pages?timezone=UTC")).json()
        assert [one["hour"] for one in utc["by_hour"] if one["pages"]] == [3]


async def test_a_page_that_nobody_ever_took_is_counted_for_everybody_who_was_asked() -> None:
    async with house() as tonight:
        await paged(tonight)
        await tonight.minutes(6)
        found = (await tonight.get("sam", "/api/reports/pages")).json()

        assert (found["pages"], found["taken"], found["never_taken"]) == (2, 0, 2)
        assert found["ladders"]["never_taken"] == 1
        assert found["median_seconds"] is None


async def test_a_report_holds_only_its_span() -> None:
    async with house() as tonight:
        await a_night_of_pages(tonight)
        before = tonight.clock.now() - timedelta(hours=1)
        path = f"/api/reports/pages?to={before.isoformat().replace('+00:00', 'Z')}"

        assert (await tonight.get("sam", path)).json()["pages"] == 0


@pytest.mark.parametrize("path", ["/api/reports/pages", "/api/reports/on-call"])
async def test_reports_are_for_who_watches_over_all_or_looks_after_the_house(path: str) -> None:
    async with house() as tonight:
        for who in EVERYBODY:
            answer = await tonight.get(who, path)
            assert answer.status_code == (403 if who in ("rui", "ana") else 200), who


async def test_both_reports_come_as_tables_with_the_same_figures() -> None:
    async with house() as tonight:
        await a_night_of_pages(tonight)
        pages = await tonight.get("aud", "/api/reports/pages?as=csv")
        hours = await tonight.get("ada", "/api/reports/on-call?as=csv")
        guarded(pages)

        assert pages.headers["content-type"] == "text/csv; charset=utf-8"
        assert pages.headers["content-disposition"] == 'attachment; filename="pages.csv"'
        rows = list(csv.DictReader(io.StringIO(pages.text)))
        assert (rows[0]["of"], rows[0]["which"], rows[0]["pages"], rows[0]["taken"]) == ("all", "pages", "1", "1")
        assert len(rows) == 2 + 1 + 24
        whole = (await tonight.get("ada", "/api/reports/on-call")).json()
        told, table = whole["people"], list(csv.DictReader(io.StringIO(hours.text)))
        # What the files said before they were edited is kept nowhere, and nobody must take these hours for that.
        assert {whole["worked_out_with"], *(one["worked_out_with"] for one in table)} == {"rotas_as_written_today"}
        assert [(one["person"], float(one["hours"])) for one in table] == [
            (one["person"]["id"], one["hours"]) for one in told
        ]


@pytest.mark.parametrize(
    ("query", "field"), [("as=pdf", "as"), ("timezone=Mars/Base", "timezone"), ("from=yesterday", "from")]
)
async def test_a_report_that_cannot_be_made_is_refused_with_its_field(query: str, field: str) -> None:
    async with house() as tonight:
        assert problem(await tonight.get("sam", f"/api/reports/pages?{query}"), 422)["field"].endswith(field)


def test_a_name_that_a_spreadsheet_would_run_is_made_text() -> None:
    text = csv_text(("name", "hours"), [("=HYPERLINK()", 1.5), ("@sum", None), ("Ana, the first", -3)])

    assert text.splitlines() == ["name,hours", "'=HYPERLINK(),1.5", "'@sum,", '"Ana, the first",-3']
