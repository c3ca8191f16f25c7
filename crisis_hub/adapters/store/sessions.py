"""The port `Sessions` in the ledger's database."""

from __future__ import annotations

from datetime import datetime

from crisis_hub.adapters.store.codec import instant, stamp, storable
from crisis_hub.adapters.store.event_store import SqlStore
from crisis_hub.adapters.store.statements import SessionOrders
from crisis_hub.adapters.store.work import Cell, Order, ask
from crisis_hub.application.ports import Session
from crisis_hub.domain.vocabulary import PersonId


class SqlSessions:
    """Who is signed in, seen alike by every process."""

    def __init__(self, store: SqlStore) -> None:
        self._door = store.door
        self._orders = SessionOrders(store.dialect)

    async def put(self, session: Session) -> None:
        """Keep a session."""
        await self._change(
            self._orders.put,
            session.token_hash,
            session.person,
            session.csrf,
            stamp(session.made_at),
            stamp(session.expires_at),
        )

    async def get(self, token_hash: str) -> Session | None:
        """Return the session of that token, whether or not it is over."""
        found = await self._door.read(lambda: ask(self._orders.get, storable(token_hash)))
        if not found:
            return None
        token, person, csrf, made_at, expires_at = found[0]
        return Session(token, PersonId(person), csrf, instant(made_at), instant(expires_at))

    async def end(self, token_hash: str) -> None:
        """End one session."""
        await self._change(self._orders.end, storable(token_hash))

    async def end_all(self, person: PersonId) -> None:
        """End every session of a person."""
        await self._change(self._orders.end_all, person)

    async def purge(self, now: datetime) -> None:
        """Forget sessions that are over."""
        await self._change(self._orders.purge, stamp(now))

    async def _change(self, order: Order, *values: Cell) -> None:
        await self._door.write(lambda: ask(order, *values))
