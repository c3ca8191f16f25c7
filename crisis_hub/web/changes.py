"""A change that somebody asks for: whether they may, that it is done once, and what to answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from crisis_hub.application import rights
from crisis_hub.application.hub import NOTHING_ENDS, Done, Ends
from crisis_hub.application.ports import MarkTaken
from crisis_hub.application.staff import Person
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.commands import Command
from crisis_hub.domain.errors import NotAllowed, Refused, Wrong
from crisis_hub.domain.events import Recorded
from crisis_hub.domain.rules import Rulebook
from crisis_hub.web import schemas as s
from crisis_hub.web import views
from crisis_hub.web.auth import Asker, parts_of
from crisis_hub.web.parts import Parts

Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]

May = Callable[[Person, Case], None]
"""Raises `NotAllowed` when this person may not do it to this case."""


@dataclass(frozen=True, slots=True)
class Once:
    """The asker's own word for a wish: `cause` marks that it was granted, `wish` which one it was."""

    cause: str
    wish: str

    @property
    def ends(self) -> Ends:
        """Return the mark, to be written together with what the wish makes true."""
        return Ends(marks=((self.cause, self.wish),))

    def must_be_this(self, wish: str) -> None:
        """Refuse a key that was used for another wish before."""
        if wish != self.wish:
            raise Wrong("Idempotency-Key", "This key was used for another request; take a new one for each.")


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody's wish, on its way to the hub."""

    parts: Parts
    asker: Person
    once: Once | None

    @property
    def ends(self) -> Ends:
        """Return what is over once the wish is recorded."""
        return self.once.ends if self.once else NOTHING_ENDS

    @property
    def cause(self) -> str:
        """Return what its facts name as their cause."""
        return self.once.cause if self.once else ""

    async def work(self, id: str, command: Command) -> s.Done:
        """Do it, if they are at work on this case."""
        return await self.do(id, command, rights.must_work_on)

    async def do(self, id: str, command: Command, may: May, *, afresh: bool = False) -> s.Done:
        """Do it if they may, once: said again with the same key it changes nothing and gets the same answer."""
        hub = self.parts.hub
        try:
            await self._must(id, may, afresh)
            done = await hub.do(id, command, f"person:{self.asker.id}", self.cause, self.ends)
            return done_out(done, self.parts.rulebook())
        except (MarkTaken, Refused) as refusal:
            before = await self.before(refusal)
            if before is None:
                raise
            return done_out(as_it_was(await hub.history(id), before), self.parts.rulebook())

    async def before(self, refusal: MarkTaken | Refused) -> str | None:
        """Return the cause under which this very wish was granted before.

        A refusal may only mean so: who gave a case back may not do that again, though the answer got lost.
        """
        if self.once is None:
            return None
        if isinstance(refusal, MarkTaken) and refusal.key != self.once.cause:
            return None
        wish = (await self.parts.store.marks([self.once.cause])).get(self.once.cause)
        if wish is None:
            return None
        self.once.must_be_this(wish)
        return self.once.cause

    async def _must(self, id: str, may: May, afresh: bool) -> None:
        case = None if afresh else self.parts.board.case(id)
        if case is not None:
            try:
                may(self.asker, case)
            except NotAllowed:
                pass  # another process may have given them the case a moment ago; the ledger has the last word
            else:
                return
        may(self.asker, await self.parts.hub.case(id))


async def change(request: Request, asker: Asker, key: Key = None) -> Change:
    """Return the asker's wish; `Idempotency-Key` makes it safe to ask again."""
    parts = parts_of(request)
    if key is None:
        return Change(parts, asker, None)
    where = request.url.path
    cause = "request:" + hashlib.sha256(f"{asker.id}|{key}".encode()).hexdigest()
    # Hashed with our key: it stands in the clear, and the body may hold a person's words.
    wish = parts.secrets.token_hash(f"{where}\n{(await request.body()).decode('utf-8', 'replace')}")
    return Change(parts, asker, Once(cause, wish))


Wish = Annotated[Change, Depends(change)]


def done_out(done: Done, rulebook: Rulebook) -> s.Done:
    """Return what a change made true."""
    case = views.case_out(done.case, done.sequence, rulebook)
    return s.Done(sequence=done.sequence, facts=refs_out(done.facts), case=case)


def refs_out(facts: Iterable[Recorded]) -> list[s.FactRef]:
    """Return which facts became true."""
    return [s.FactRef(sequence=one.sequence, type=type(one.fact).__name__) for one in facts]


def as_it_was(recorded: Sequence[Recorded], cause: str) -> Done:
    """Return what was answered when the wish was granted: its facts, and the case right after them."""
    last = max((n for n, one in enumerate(recorded) if one.cause == cause), default=len(recorded) - 1)
    upto = recorded[: last + 1]
    case = fold((one.fact, one.at) for one in upto)  # type: ignore[misc]  # a case's stream holds case facts
    assert case is not None
    return Done(tuple(one for one in upto if one.cause == cause), case, upto[-1].sequence)
