"""Who may see what on the live board, looked up when it is sent; and who may not connect at all."""

from __future__ import annotations

import pytest

from crisis_hub.application.staff_list import import_staff
from crisis_hub.domain.vocabulary import Role
from crisis_hub.web import schemas as s
from crisis_hub.web.live import HEARTBEAT_SECONDS
from tests.night import PUBLIC, STAFF, person
from tests.web.kit import WRITER, claimed, house
from tests.web.sockets import Socket, code_of, screen


async def test_an_administrator_counts_along_and_sees_no_case() -> None:
    async with house() as tonight:
        await claimed(tonight)
        async with screen(tonight, "ada") as socket:
            first = await socket.heard()
            assert isinstance(first, s.Snapshot)
            assert first.cases == []
            before = tonight.house.board.sequence
            await tonight.text(WRITER, "are you there")
            changes = await socket.changes()
            assert [c.sequence for c in changes] == list(range(before + 1, tonight.house.board.sequence + 1))
            assert all(c.case is None for c in changes)


async def test_resuming_shows_an_administrator_no_more() -> None:
    async with house() as tonight:
        await claimed(tonight)
        async with screen(tonight, "ada", after=tonight.house.board.sequence - 2) as socket:
            changes = await socket.changes()
            assert len(changes) == 2
            assert all(c.case is None for c in changes)


async def test_no_private_word_goes_over_the_socket() -> None:
    async with house() as tonight, screen(tonight, "sam") as socket:
        await socket.heard()
        case = await claimed(tonight, "my name is Jonathan and i have pills")
        await tonight.done("rui", f"/api/cases/{case.id}/notes", {"text": "Jonathan lives in Elm Street"})
        await tonight.done("rui", f"/api/cases/{case.id}/messages", {"text": "I am here, Jonathan"})
        said = [await socket.raw() for _ in range(socket._from_app.qsize())]
        assert len(said) > 5
        for text in said:
            assert "Jonathan" not in text
            assert WRITER not in text


async def test_rights_are_looked_up_when_a_change_is_sent() -> None:
    async with house() as tonight, screen(tonight, "rui") as socket:
        await socket.all_so_far()
        staff = [one for one in STAFF if one.id != "rui"] + [person("rui", "Rui Alves", Role.ADMIN, "+15550100005")]
        await import_staff(tonight.house.directory, tonight.house.tools.passwords, staff, "test")
        await tonight.text(WRITER, "hello")
        changes = await socket.changes()
        assert changes
        assert all(c.case is None for c in changes)
        # What still stands on the screen must go, too: it is told to come again for a picture of its own.
        await tonight.seconds(HEARTBEAT_SECONDS + 1)
        assert await code_of(socket) == 4408


async def test_somebody_removed_from_the_staff_hears_nothing_more() -> None:
    async with house() as tonight, screen(tonight, "rui") as socket:
        await socket.all_so_far()
        staff = [one for one in STAFF if one.id != "rui"]
        await import_staff(tonight.house.directory, tonight.house.tools.passwords, staff, "test", remove_others=True)
        await tonight.text(WRITER, "hello")
        assert all(c.case is None for c in await socket.changes())
        await tonight.seconds(HEARTBEAT_SECONDS + 1)
        assert await code_of(socket) == 4401


async def test_signing_out_closes_the_socket_by_the_next_heartbeat() -> None:
    async with house() as tonight, screen(tonight, "sam") as socket:
        await socket.all_so_far()
        await tonight.post("sam", "/api/logout")
        await tonight.seconds(HEARTBEAT_SECONDS + 1)
        assert await code_of(socket) == 4401


async def test_a_session_that_runs_out_closes_the_socket() -> None:
    async with house() as tonight:
        await tonight.sign_in("sam")
        await tonight.clock.advance(12 * 3600 - 1)
        async with screen(tonight, "sam") as socket:
            assert isinstance(await socket.heard(), s.Snapshot)
            await tonight.clock.advance(HEARTBEAT_SECONDS)
            assert await code_of(socket) == 4401


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer nonsense"}, {"cookie": "__Host-session=nonsense"}])
async def test_a_stranger_is_told_so_in_a_way_that_a_script_can_read(headers: dict[str, str]) -> None:
    async with house() as tonight:
        socket = Socket(tonight.house.app, "/api/live", {"host": "hub.example.org", **headers})
        socket.open()
        assert await code_of(socket) == 4401
        assert socket.accepted


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        (PUBLIC, True),
        ("https://HUB.example.org:443", True),
        ("https://evil.example.org", False),
        ("http://hub.example.org", False),
        ("https://hub.example.org.evil.example.org", False),
        ("https://hub.example.org:8443", False),
        ("null", False),
        ("https://[", False),
        ("", False),
    ],
)
async def test_only_our_own_pages_may_open_the_socket(origin: str, welcome: bool) -> None:
    async with house() as tonight, screen(tonight, "sam", origin=origin) as socket:
        if welcome:
            assert isinstance(await socket.heard(), s.Snapshot)
        else:
            assert await code_of(socket) == 4403
            assert not socket.accepted
