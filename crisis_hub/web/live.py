"""The live board over a WebSocket: a snapshot, then every change with the ledger's number, without gaps.

A change is written out once, however many watch. What somebody may not see is sent as the bare number, so that the
count stays whole; whether they may is looked up for every message, at the moment it is sent.
"""

from __future__ import annotations

from starlette.websockets import WebSocket

from crisis_hub.application import rights
from crisis_hub.application.board import Change
from crisis_hub.application.door import NotSignedIn
from crisis_hub.application.ports import StoreUnavailable
from crisis_hub.web import schemas as s
from crisis_hub.web import views
from crisis_hub.web.auth import same_origin, token_of
from crisis_hub.web.parts import Parts
from crisis_hub.web.screen import COME_AGAIN, FOREIGN, SIGNED_OUT, TRY_LATER, Screen, close

HEARTBEAT_SECONDS = 4.0

_LONGEST_RESUME = 500
"""Who missed more changes than this gets a new snapshot, which is shorter."""


class Live:
    """Everybody who watches, in this process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._screens: set[Screen] = set()
        self._told: s.ServiceNews | None = None
        self._cases: tuple[int, int, list[s.Case]] = (-1, 0, [])
        self._waits = parts.rulebook().waits
        self._stop = parts.board.watch(self._changed)

    def close(self) -> None:
        """Stop watching the board."""
        self._stop()

    @property
    def count(self) -> int:
        """Return how many screens are connected."""
        return len(self._screens)

    async def refresh(self) -> None:
        """Tell every screen when the figures, the people on call or the troubles have changed."""
        if self._screens:
            self._tell_news()
        waits = self._parts.rulebook().waits
        if waits != self._waits:  # the place of everybody who waits may be another, and no fact says so
            self._waits, self._cases = waits, (-1, 0, [])
            for screen in self._screens:
                screen.put(self._snapshot(screen))

    async def serve(self, socket: WebSocket) -> None:
        """Serve one screen until it goes, is cut off, or its person may no longer see."""
        if not same_origin(socket):
            await socket.close(FOREIGN)
            return
        try:
            token, _ = token_of(socket)
            who = await self._parts.door.who(token)
        except (NotSignedIn, StoreUnavailable) as refusal:
            # Accepted first: only then can a browser's script read why it was closed.
            await socket.accept()
            await close(socket, SIGNED_OUT if isinstance(refusal, NotSignedIn) else TRY_LATER)
            return
        await socket.accept()
        screen = Screen(socket, who, token)
        self._begin(screen, _after(socket))
        self._screens.add(screen)
        self._parts.service.came(who.person.id)
        try:
            self._tell_news()
            await screen.attend(self._beat(screen))
        finally:
            self._screens.discard(screen)
            self._parts.service.left(who.person.id)

    def _begin(self, screen: Screen, after: int | None) -> None:
        """Queue what the screen missed, or a snapshot; in the same breath as it begins to hear changes."""
        missed = self._parts.board.changes_after(after) if after is not None else None
        if missed is None or len(missed) > _LONGEST_RESUME:
            screen.put(self._snapshot(screen))
            return
        for change in missed:
            screen.put(self._written(change)[self._sees(screen)])
        screen.put(self._news().model_dump_json())
        screen.put(self._heartbeat())

    async def _beat(self, screen: Screen) -> None:
        """Say now and then that the line is alive, and look whether the session and its rights still are."""
        saw = self._sees(screen)
        while True:
            await self._parts.clock.sleep(HEARTBEAT_SECONDS)
            try:
                screen.who = await self._parts.door.who(screen.token)
            except NotSignedIn:
                screen.cut(SIGNED_OUT)
                return
            except StoreUnavailable:
                continue  # nobody can say now whether the picture is current: silence lets the screen say so
            if self._sees(screen) is not saw:
                screen.cut(COME_AGAIN)
                return
            screen.put(self._heartbeat())

    # --------------------------------------------------------------------------------- what is said

    def _sees(self, screen: Screen) -> bool:
        person = self._parts.directory.person(screen.who.person.id)
        return person is not None and rights.sees_board(person)

    def _changed(self, change: Change) -> None:
        if not self._screens:
            return
        written = self._written(change)
        for screen in self._screens:
            screen.put(written[self._sees(screen)])

    def _written(self, change: Change) -> tuple[str, str]:
        """Return the change for those who may not see cases, and for those who may."""
        kind = type(change.recorded.fact).__name__
        bare = s.Change(sequence=change.sequence, type=kind, case=None)
        if change.case is None:
            return bare.model_dump_json(), bare.model_dump_json()
        case = views.case_out(change.case, change.sequence, self._parts.rulebook())
        full = s.Change(sequence=change.sequence, type=kind, case=case)
        return bare.model_dump_json(), full.model_dump_json()

    def _tell_news(self) -> None:
        news = self._news()
        if self._told is not None and (news.on_call, news.service) == (self._told.on_call, self._told.service):
            return
        self._told = news
        text = news.model_dump_json()
        for screen in self._screens:
            screen.put(text)

    def _news(self) -> s.ServiceNews:
        parts = self._parts
        return s.ServiceNews(
            sequence=parts.board.sequence,
            on_call=views.on_call_now(parts.service),
            service=views.service_out(parts.service, parts.place),
        )

    def _snapshot(self, screen: Screen) -> str:
        parts = self._parts
        return s.Snapshot(
            sequence=parts.board.sequence,
            at=parts.clock.now(),
            cases=self._cases_now() if self._sees(screen) else [],
            on_call=views.on_call_now(parts.service),
            service=views.service_out(parts.service, parts.place),
        ).model_dump_json()

    def _cases_now(self) -> list[s.Case]:
        """Return the open cases; worked out once for all who come back together after a restart."""
        as_of = self._parts.board.sequence, int(self._parts.clock.now().timestamp())  # their order changes with time
        if self._cases[:2] != as_of:
            self._cases = *as_of, views.cases_out(self._parts)
        return self._cases[2]

    def _heartbeat(self) -> str:
        return s.Heartbeat(sequence=self._parts.board.sequence, at=self._parts.clock.now()).model_dump_json()


async def live(socket: WebSocket) -> None:
    """Serve one screen."""
    feed = socket.app.state.live
    assert isinstance(feed, Live)
    await feed.serve(socket)


def _after(socket: WebSocket) -> int | None:
    value = socket.query_params.get("after", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
