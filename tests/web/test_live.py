"""The live board: first the picture, then every change, in order, for the right eyes, and honest about its own end."""

from __future__ import annotations

import asyncio

import pytest

from crisis_hub.application.staff_list import import_staff
from crisis_hub.domain.vocabulary import Role
from crisis_hub.web import schemas as s
from crisis_hub.web.live import HEARTBEAT_SECONDS
from crisis_hub.web.screen import LONGEST_QUEUE
from tests.night import PUBLIC, STAFF, Night, person
from tests.web.kit import WRITER, BreakableStore, Closed, Socket, claimed, house, paged, screen
from tests.web.reducer import Again, reduce


async def code_of(socket: Socket) -> int:
    """Read until the server closes, and return why it did."""
    with pytest.raises(Closed) as closed:
        while True:
            await socket.raw()
    return closed.value.code


async def test_the_snapshot_comes_first_and_is_the_board() -> None:
    async with house() as tonight:
        await paged(tonight)
        async with screen(tonight, "sam") as socket:
            first = await socket.heard()
            board = (await tonight.get("sam", "/api/board")).json()
            assert isinstance(first, s.Snapshot)
            assert first.sequence == board["sequence"] == tonight.house.board.sequence
            assert first.model_dump(mode="json")["cases"] == board["cases"]
            assert first.model_dump(mode="json")["on_call"] == board["on_call"]


async def test_changes_come_without_gaps_and_add_up_to_the_board() -> None:
    async with house() as tonight:
        await claimed(tonight, number="+15550100901")
        async with screen(tonight, "sam") as socket:
            first = await socket.heard()
            assert isinstance(first, s.Snapshot)
            case = await paged(tonight)
            tonight.phone_of(case.escalations[0].pages[0].person).text("1")
            await tonight.seconds(9)
            await tonight.done("rui", f"/api/cases/{case.id}/close", {"outcome": "safe for now"})
            await tonight.seconds(1)
            messages = await socket.all_so_far()
            changes = [m for m in messages if isinstance(m, s.Change)]
            assert [c.sequence for c in changes] == list(range(first.sequence + 1, tonight.house.board.sequence + 1))
            assert "PageTaken" in {c.type for c in changes}

            picture = s.BoardOut.model_validate(first.model_dump())
            for message in messages:
                after = reduce(picture, message)
                assert not isinstance(after, Again)
                picture = after
            board = s.BoardOut.model_validate((await tonight.get("sam", "/api/board")).json())
            assert picture.cases == sorted(board.cases, key=lambda one: one.id)
            assert picture.service == board.service


async def test_who_comes_back_hears_only_what_they_missed() -> None:
    async with house() as tonight:
        await claimed(tonight)
        left_at = tonight.house.board.sequence
        await tonight.text(WRITER, "are you there")
        async with screen(tonight, "sam", after=left_at) as socket:
            messages = await socket.all_so_far()
            assert not any(isinstance(m, s.Snapshot) for m in messages)
            missed = [m.sequence for m in messages if isinstance(m, s.Change)]
            assert missed == list(range(left_at + 1, tonight.house.board.sequence + 1))
            assert any(isinstance(m, s.Heartbeat) for m in messages)
            # Figures may have changed meanwhile, and no change tells of them.
            assert any(isinstance(m, s.ServiceNews) for m in messages)


@pytest.mark.parametrize("after", [10**6, 10**17])
async def test_who_claims_to_know_the_future_gets_a_snapshot(after: int) -> None:
    async with house() as tonight, screen(tonight, "sam", after=after) as socket:
        assert isinstance(await socket.heard(), s.Snapshot)


@pytest.mark.parametrize("after", ["", "x", "-1", "²", "9" * 5000, "1.5", "%00"])
async def test_a_strange_after_is_no_after(after: str) -> None:
    async with house() as tonight:
        headers = {"host": "hub.example.org", **await tonight.sign_in("sam")}
        socket = Socket(tonight.house.app, f"/api/live?after={after}", headers)
        socket.open()
        assert isinstance(await socket.heard(), s.Snapshot)
        await socket.leave()


async def test_who_was_away_too_long_gets_a_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crisis_hub.web.live._LONGEST_RESUME", 3)
    async with house() as tonight:
        await claimed(tonight)
        left_at = tonight.house.board.sequence
        await paged(tonight)
        async with screen(tonight, "sam", after=left_at) as socket:
            assert isinstance(await socket.heard(), s.Snapshot)
        async with screen(tonight, "sam", after=tonight.house.board.sequence - 3) as socket:
            assert isinstance(await socket.heard(), s.Change)


async def test_what_the_board_no_longer_keeps_is_answered_with_a_snapshot() -> None:
    async with house() as tonight:
        await claimed(tonight)
        tonight.house.board._recent.clear()  # noqa: SLF001 - as after a restart
        async with screen(tonight, "sam", after=tonight.house.board.sequence - 1) as socket:
            assert isinstance(await socket.heard(), s.Snapshot)


async def test_the_line_says_that_it_is_alive_at_least_every_ten_seconds() -> None:
    async with house() as tonight, screen(tonight, "sam") as socket:
        await socket.all_so_far()
        await tonight.seconds(30)
        beats = [m for m in await socket.all_so_far() if isinstance(m, s.Heartbeat)]
        assert len(beats) >= 3
        assert beats[-1].sequence == tonight.house.board.sequence
        gaps = [(b.at - a.at).total_seconds() for a, b in zip(beats, beats[1:], strict=False)]
        assert max(gaps) <= 10


# ----------------------------------------------------------------------------------------- who may see


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
        said = [await socket.raw() for _ in range(socket._from_app.qsize())]  # noqa: SLF001 - everything, as it came
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


# ------------------------------------------------------------------------------------------ slow readers


async def test_who_stops_reading_is_cut_off_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crisis_hub.web.screen.LONGEST_QUEUE", 10)
    async with house() as tonight, screen(tonight, "sam") as slow, screen(tonight, "lee") as quick:
        await slow.all_so_far()
        await quick.all_so_far()
        slow.stop_reading()
        before = tonight.house.board.sequence
        await paged(tonight)
        # The slow one has not read a letter yet, and the quick one has everything.
        heard = [c.sequence for c in await quick.changes()]
        assert heard == list(range(before + 1, tonight.house.board.sequence + 1))
        slow.read_on()
        assert await code_of(slow) == 4408


async def test_a_reader_that_never_reads_again_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crisis_hub.web.screen.LONGEST_QUEUE", 10)
    monkeypatch.setattr("crisis_hub.web.screen._GOODBYE_SECONDS", 0.01)
    async with house() as tonight, screen(tonight, "sam") as slow:
        await slow.all_so_far()
        slow.stop_reading()
        await paged(tonight)
        async with asyncio.timeout(5):
            while not slow.over:
                await asyncio.sleep(0)  # noqa: TID251
        assert tonight.house.app.state.live.count == 0


def test_the_queue_is_long_enough_for_a_busy_minute() -> None:
    assert LONGEST_QUEUE >= 1000


async def test_what_a_screen_says_is_not_kept() -> None:
    async with house() as tonight, screen(tonight, "sam") as socket:
        await socket.all_so_far()
        socket.say("hello")
        socket.say(b"\x00\xff")
        await tonight.text(WRITER, "hello")
        assert await socket.changes()


# ------------------------------------------------------------------------------------- figures and troubles


async def test_figures_are_told_when_they_change_and_only_then() -> None:
    async with house() as tonight, screen(tonight, "sam") as socket:
        await socket.all_so_far()
        await tonight.seconds(3)
        assert not [m for m in await socket.all_so_far() if isinstance(m, s.ServiceNews)]
        await tonight.text(WRITER, "hello")
        news = [m for m in await socket.all_so_far() if isinstance(m, s.ServiceNews)]
        assert news
        assert news[-1].service.waiting == 1


async def test_others_hear_who_came_to_work() -> None:
    async with house() as tonight, screen(tonight, "sam") as socket:
        await socket.all_so_far()
        async with screen(tonight, "rui"):
            news = [m for m in await socket.all_so_far() if isinstance(m, s.ServiceNews)]
            assert {one.id for one in news[-1].service.at_work} == {"sam", "rui"}
        await tonight.seconds(1)
        news = [m for m in await socket.all_so_far() if isinstance(m, s.ServiceNews)]
        assert {one.id for one in news[-1].service.at_work} == {"sam"}


async def test_while_nobody_can_say_whether_it_is_current_the_line_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(store := BreakableStore()) as tonight, screen(tonight, "sam") as socket:
        await socket.all_so_far()
        store.down = True
        monkeypatch.setattr(tonight.house.tools.sessions, "get", store.read)
        await _wait(tonight, 12)
        assert not [m for m in await socket.all_so_far() if isinstance(m, s.Heartbeat)]
        store.down = False
        monkeypatch.undo()
        await _wait(tonight, 5)
        assert [m for m in await socket.all_so_far() if isinstance(m, s.Heartbeat)]


async def test_a_screen_that_comes_while_nothing_can_be_read_is_asked_to_try_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with house(store := BreakableStore()) as tonight:
        await tonight.sign_in("sam")
        store.down = True
        monkeypatch.setattr(tonight.house.tools.sessions, "get", store.read)
        async with screen(tonight, "sam") as socket:
            assert await code_of(socket) == 1013
        store.down = False


async def _wait(tonight: Night, seconds: int) -> None:
    for _ in range(seconds):
        await tonight.clock.advance(1)
