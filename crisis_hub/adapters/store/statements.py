"""Every statement of the ledger, compiled once for the database it is spoken to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.sql.selectable import ScalarSelect, TableValuedAlias

from crisis_hub.adapters.store.dialects import Dialect, Insert
from crisis_hub.adapters.store.rows import Row
from crisis_hub.adapters.store.tables import (
    cases,
    counters,
    deadlines,
    effects,
    facts,
    head,
    marks,
    sessions,
    stream_keys,
)
from crisis_hub.adapters.store.work import Order
from crisis_hub.application.ports import Settlement

CASE_COLUMNS = tuple(column.name for column in cases.columns)
SESSION_COLUMNS = tuple(column.name for column in sessions.columns)

_EFFECT = (effects.c.key, effects.c.stream, effects.c.kind, effects.c.subject, effects.c.not_before)
_DEADLINE = (deadlines.c.key, deadlines.c.stream, deadlines.c.kind, deadlines.c.subject, deadlines.c.due_at)
_FACT = tuple(facts.c[name] for name in Row._fields)
_CASE_CHANGES = ("state", "risk", "language", "responder", "changed_at")
"""The columns of a case that may change; so no index on the others is touched at every fact after the first."""

_STILL_OPEN = ("claimed", Settlement.HANDED_OVER.value, Settlement.UNKNOWN.value)


class AppendOrders:
    """What one group of entries needs, in the order in which it is run."""

    def __init__(self, dialect: Dialect) -> None:
        listed = dialect.listed("listed")
        self.take_head = dialect.order(select(head.c.sequence).with_for_update())
        self.stand = dialect.order(
            select(listed.c.value, _newest_version(listed.c.value), _wrapped_key(listed.c.value)).select_from(listed),
            "listed",
        )
        self.marks = dialect.order(_marks_listed(listed), "listed")
        self.facts = dialect.order(dialect.insert(facts), *Row._fields)
        self.keys = dialect.order(dialect.insert(stream_keys), "stream", "wrapped")
        self.unmark = dialect.order(delete(marks).where(marks.c.key == bindparam("the_key")), "the_key")
        self.mark = dialect.order(dialect.insert(marks), "key", "value")
        self.reached = drop_deadline(dialect)
        self.deadlines = dialect.order(
            _upsert(dialect, deadlines), "key", "stream", "kind", "subject", "due_at", "ready_at"
        )
        self.effects = dialect.order(
            dialect.insert(effects).on_conflict_do_nothing(),
            *("key", "stream", "kind", "subject", "not_before", "priority", "ready_at"),
        )
        self.settle = settle(dialect)
        self.cases = dialect.order(_upsert(dialect, cases, _CASE_CHANGES), *CASE_COLUMNS)
        self.move_head = dialect.order(update(head).values(sequence=bindparam("to", type_=head.c.sequence.type)), "to")
        self.fact_at = dialect.order(select(*_FACT).where(facts.c.sequence == bindparam("sequence")), "sequence")


class LedgerOrders:
    """What reads and changes single things."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._cases: dict[tuple[str, ...], Order] = {}
        order, listed = dialect.order, dialect.listed("listed")
        self.take_head = order(select(head.c.sequence).with_for_update())
        self.head = order(select(head.c.sequence))
        self.stream = order(
            select(*_FACT).where(facts.c.stream == bindparam("the_stream")).order_by(facts.c.version),
            "the_stream",
        )
        self.stream_after = order(
            select(*_FACT)
            .where(facts.c.stream == bindparam("the_stream"), facts.c.version > bindparam("after"))
            .order_by(facts.c.version),
            "the_stream",
            "after",
        )
        self.since = order(
            select(*_FACT)
            .where(facts.c.sequence > bindparam("after"))
            .order_by(facts.c.sequence)
            .limit(bindparam("at_most", type_=Integer)),
            "after",
            "at_most",
        )
        self.key = order(
            select(stream_keys.c.wrapped).where(stream_keys.c.stream == bindparam("the_stream")), "the_stream"
        )
        self.new_key = order(dialect.insert(stream_keys), "stream", "wrapped")
        self.forget = order(delete(stream_keys).where(stream_keys.c.stream == bindparam("the_stream")), "the_stream")
        self.marks = order(_marks_listed(listed), "listed")
        self.marks_between = order(
            select(marks.c.key, marks.c.value).where(
                marks.c.key >= bindparam("first"), marks.c.key < bindparam("beyond")
            ),
            "first",
            "beyond",
        )
        self.open_streams = order(select(cases.c.stream).where(cases.c.state != "closed").order_by(cases.c.stream))
        counted = dialect.insert(counters)
        self.count = order(
            counted.on_conflict_do_update(
                index_elements=["name"], set_={"value": counters.c.value + counted.excluded.value}
            ).returning(counters.c.value),
            "name",
            "value",
        )

        self.note = order(_upsert(dialect, counters), "name", "value")

    def cases(self, filters: tuple[str, ...]) -> Order:
        """Return the listing of cases that is narrowed by these columns, `before` and `at_most`."""
        if filters not in self._cases:
            listing = select(cases).order_by(cases.c.case_id.desc()).limit(bindparam("at_most", type_=Integer))
            for name in filters:
                column = cases.c.case_id if name == "before" else cases.c[name]
                value: ColumnElement[str] = bindparam(f"the_{name}", type_=Text())
                listing = listing.where(column < value if name == "before" else column == value)
            names = [f"the_{name}" for name in filters]
            self._cases[filters] = self._dialect.order(listing, *names, "at_most")
        return self._cases[filters]


class DutyOrders:
    """What effects and deadlines need."""

    def __init__(self, dialect: Dialect) -> None:
        order = dialect.order
        of_lane = effects.c.priority.between(bindparam("first", type_=Integer), bindparam("last", type_=Integer))
        self.any_effect = order(_any_ready(effects).where(of_lane), "now", "first", "last")
        ready = _ready(effects, of_lane, effects.c.priority, effects.c.not_before)
        self.claim_effects = order(
            update(effects)
            .where(effects.c.key.in_(select(ready.c.key)))
            .values(
                state="claimed",
                owner=bindparam("who"),
                tries=effects.c.tries + 1,
                ready_at=bindparam("until"),
            )
            .returning(*_EFFECT, effects.c.priority, effects.c.tries, effects.c.unsent),
            *("now", "first", "last", "at_most", "who", "until"),
        )
        self.take_effect = order(
            update(effects)
            .where(
                effects.c.key == bindparam("the_key"),
                or_(
                    effects.c.state == "planned",
                    and_(effects.c.state == "claimed", effects.c.owner == bindparam("who")),
                ),
            )
            .values(
                state="claimed",
                owner=bindparam("who"),
                tries=effects.c.tries + 1,
                ready_at=bindparam("until"),
            )
            .returning(effects.c.key),
            *("the_key", "who", "until"),
        )
        self.settle = settle(dialect)
        given_back = (
            update(effects)
            .where(
                effects.c.key == bindparam("the_key"),
                effects.c.owner == bindparam("who"),
                effects.c.state == "claimed",
            )
            .values(state="planned", owner="", ready_at=bindparam("until"))
        )
        self.retry = order(given_back, "the_key", "who", "until")
        self.retry_unsent = order(given_back.values(unsent=effects.c.tries), "the_key", "who", "until")
        self.any_deadline = order(_any_ready(deadlines), "now")
        self.claim_deadlines = order(
            update(deadlines)
            .where(deadlines.c.key.in_(select(_ready(deadlines, true(), deadlines.c.due_at).c.key)))
            .values(ready_at=bindparam("until"))
            .returning(*_DEADLINE),
            *("now", "at_most", "until"),
        )
        self.drop_deadline = drop_deadline(dialect)


class SessionOrders:
    """What sessions need."""

    def __init__(self, dialect: Dialect) -> None:
        order = dialect.order
        by_token = sessions.c.token_hash == bindparam("token")
        self.put = order(_upsert(dialect, sessions), *SESSION_COLUMNS)
        self.get = order(select(sessions).where(by_token), "token")
        self.end = order(delete(sessions).where(by_token), "token")
        self.end_all = order(delete(sessions).where(sessions.c.person == bindparam("whose")), "whose")
        self.purge = order(delete(sessions).where(sessions.c.expires_at <= bindparam("now")), "now")


def settle(dialect: Dialect) -> Order:
    """Say what became of an effect, unless somebody else holds it by now or the last word was said."""
    return dialect.order(
        update(effects)
        .where(
            effects.c.key == bindparam("the_key"),
            effects.c.owner == bindparam("who"),
            or_(*(effects.c.state == state for state in _STILL_OPEN)),
        )
        .values(state=bindparam("outcome"), detail=bindparam("said"), ready_at=None),
        *("the_key", "who", "outcome", "said"),
    )


def drop_deadline(dialect: Dialect) -> Order:
    """Take a deadline away."""
    return dialect.order(delete(deadlines).where(deadlines.c.key == bindparam("the_key")), "the_key")


def _newest_version(stream: ColumnElement[str]) -> ScalarSelect[int]:
    # One look at the end of the index, however long the stream is; a GROUP BY would walk all of it.
    return select(func.max(facts.c.version)).where(facts.c.stream == stream).scalar_subquery()


def _wrapped_key(stream: ColumnElement[str]) -> ScalarSelect[bytes]:
    return select(stream_keys.c.wrapped).where(stream_keys.c.stream == stream).scalar_subquery()


def _marks_listed(listed: TableValuedAlias) -> Select[tuple[str, str]]:
    # A join looks each key up at once; IN would first build a table of them.
    return select(marks.c.key, marks.c.value).select_from(listed.join(marks, marks.c.key == listed.c.value))


def _upsert(dialect: Dialect, table: Table, changes: Sequence[str] = ()) -> Insert:
    """Insert a row, or make the one that is there say the same in these columns (none named: in all of them)."""
    new = dialect.insert(table)
    keys = [column.name for column in table.primary_key.columns]
    names = changes or [column.name for column in table.columns if column.name not in keys]
    return new.on_conflict_do_update(index_elements=keys, set_={name: new.excluded[name] for name in names})


def _any_ready(table: Table) -> Select[tuple[str]]:
    return select(table.c.key).where(table.c.ready_at <= bindparam("now")).limit(1)


def _ready(table: Table, which: ColumnElement[bool], *order: ColumnElement[Any]) -> CTE:
    # A CTE, which PostgreSQL runs once; it may run a plain subquery again and then take more than asked for.
    # On SQLite the locking words are left out; there the one writer is the lock.
    return (
        select(table.c.key)
        .where(table.c.ready_at <= bindparam("now"), which)
        .order_by(*order, table.c.key)
        .limit(bindparam("at_most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("ready")
    )
