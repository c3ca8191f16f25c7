"""A piece of work with the database, written once for all kinds of it.

Work is a generator: it yields what is to be run and is given the rows that came of it. Whoever drives it, a
thread with an SQLite connection or a task with a PostgreSQL connection, begins and ends the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

Cell: TypeAlias = Any
"""One value of a row, as drivers give and take it: text, a number, bytes, a list of texts, or None."""

Rows: TypeAlias = Sequence[Sequence[Cell]]

Result = TypeVar("Result")


class Order(NamedTuple):
    """A compiled statement; `arrange` puts the values for its named parameters into the driver's order."""

    sql: str
    arrange: Callable[[Sequence[Cell]], Sequence[Cell]]


class Ask(NamedTuple):
    """Run this: once with these values, or once for each of many rows of values."""

    order: Order
    values: Sequence[Cell] = ()
    many: bool = False


Work: TypeAlias = Generator[Ask, Rows, Result]
"""Work that ends in a `Result`."""


def ask(order: Order, *values: Cell) -> Work[Rows]:
    """Run one statement and return its rows."""
    return (yield Ask(order, values))


def ask_for_each(order: Order, rows: Rows) -> Work[None]:
    """Run one statement for each row of values, if there are any."""
    if rows:
        yield Ask(order, rows, many=True)
