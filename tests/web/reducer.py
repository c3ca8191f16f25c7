"""The browser's reducer once more (frontend/src/live/reduce.ts), so that both are fed the same samples."""

from __future__ import annotations

from crisis_hub.web import schemas as s


class Again:
    """The picture cannot be continued: a new snapshot is needed."""


def reduce(before: s.BoardOut | None, message: s.LiveMessage) -> s.BoardOut | Again:
    """Return the picture after one more message; its cases ordered by id."""
    if isinstance(message, s.Snapshot):
        board = s.BoardOut.model_validate(message.model_dump())
        return _with(board, {one.id: one for one in board.cases})
    if before is None:
        return Again()
    if isinstance(message, s.ServiceNews):
        return before.model_copy(update={"service": message.service, "on_call": message.on_call})
    if isinstance(message, s.Heartbeat):
        return before.model_copy(update={"at": message.at})
    if message.sequence <= before.sequence:
        return before
    if message.sequence != before.sequence + 1:
        return Again()
    cases = {one.id: one for one in before.cases}
    if message.case is not None:
        cases[message.case.id] = message.case
    return _with(before.model_copy(update={"sequence": message.sequence}), cases)


def _with(board: s.BoardOut, cases: dict[str, s.Case]) -> s.BoardOut:
    still_open = [one for one in cases.values() if one.state != "closed"]
    return board.model_copy(update={"cases": sorted(still_open, key=lambda one: one.id)})
