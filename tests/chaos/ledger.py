"""Reads the ledger's tables as they lie in the database, in plain SQL and without the hub's code."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import asyncpg

from tests.chaos.checker import Duty, Fact, Ledger

_FACTS = "SELECT sequence, stream, version, type, at, actor, cause, payload FROM facts ORDER BY sequence"
_EFFECTS = "SELECT key, stream, kind, subject, state, ready_at FROM effects"
_DEADLINES = "SELECT key, stream, kind, subject, 'due', ready_at FROM deadlines"

_COUNTS = (
    "SELECT sequence FROM head",
    "SELECT count(*) FROM effects WHERE ready_at IS NOT NULL",
    "SELECT count(*) FROM deadlines",
)


async def read_ledger(url: str) -> Ledger:
    """Return everything that the checker looks at, as of one instant."""
    facts, effects, deadlines = await rows(url, _FACTS, _EFFECTS, _DEADLINES)
    return Ledger(
        [_fact(row) for row in facts],
        [_duty(row) for row in effects],
        [_duty(row) for row in deadlines],
    )


async def still_to_do(url: str) -> tuple[int, int]:
    """Return how many facts there are, and how many effects and deadlines are not done; cheaper than reading all."""
    facts, effects, deadlines = await rows(url, *_COUNTS)
    return int(facts[0][0]), int(effects[0][0]) + int(deadlines[0][0])


async def rows(url: str, *queries: str) -> list[Sequence[Sequence[Any]]]:
    """Return the answers to these queries, all of one instant."""
    if url.startswith("sqlite:///"):
        return _from_file(unquote(url.removeprefix("sqlite:///")), queries)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return [await connection.fetch(query) for query in queries]
    finally:
        await connection.close()


def _from_file(path: str, queries: Sequence[str]) -> list[Sequence[Sequence[Any]]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        return [connection.execute(query).fetchall() for query in queries]


def _fact(row: Sequence[Any]) -> Fact:
    sequence, stream, version, type, at, actor, cause, payload = row
    return Fact(sequence, stream, version, type, datetime.fromisoformat(at), actor, cause, json.loads(payload))


def _duty(row: Sequence[object]) -> Duty:
    return Duty(str(row[0]), str(row[1]), str(row[2]), str(row[3]), str(row[4]), row[5] is not None)
