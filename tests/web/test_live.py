"""The live board: first the picture, then every change, in order, for the right eyes, and honest about its own end."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crisis_hub.web import schemas as s
from crisis_hub.web.screen import LONGEST_QUEUE
from tests.night import Night
from tests.web.kit import WRITER, BreakableStore, claimed, house, paged
from tests.web.reducer import Again, reduce
from tests.web.sockets import Socket, code_of, screen


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
            await tonight.settle_duties("rui", case.id)
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
        tonight.house.board._recent.clear()
        async with screen(tonight, "sam", after=tonight.house.board.sequence - 1) as socket:
            assert isinstance(await socket.heard(), s.Snapshot)


async def test_the_line_says_that_it_is_alive_at_least_every_ten_seconds() -> None:
    async with house() as tonight, screen(tonight, "sam") as socket:
        await socket.all_so_far()
        await tonight.seconds(30)
        beats = [m for m in await socket.all_so_far() if isinstance(m, s.Heartbeat)]
        assert len(beats) >= 3
        assert beats[-1].sequence == tonight.house.board.sequence
        gaps = [(b.at - a.at).total_seconds() for a, b in pairwise(beats)]
        assert max(gaps) <= 10


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
        await slow.server_is_done()
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
