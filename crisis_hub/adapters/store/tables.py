"""The tables as this version needs them; `migrations/` brings a database there, and a test compares the two.

Instants are text in UTC to the microsecond (`codec.stamp`): they sort and read alike in every database.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _key() -> TypeEngine[str]:
    """Return text that is compared by its bytes, so that a prefix is a range in every database."""
    return Text().with_variant(Text(collation="C"), "postgresql")


def _number() -> TypeEngine[int]:
    return BigInteger().with_variant(Integer(), "sqlite")


facts = Table(
    "facts",
    metadata,
    Column("sequence", _number(), primary_key=True, autoincrement=False),
    Column("stream", _key(), nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("at", _key(), nullable=False),
    Column("actor", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("sealed", LargeBinary),
    UniqueConstraint("stream", "version"),
)

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", _number(), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

stream_keys = Table(
    "stream_keys",
    metadata,
    Column("stream", _key(), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

marks = Table(
    "marks",
    metadata,
    Column("key", _key(), primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

# `ready_at` says when somebody may take the row: when it is due, or when the lease on it is over; it is empty
# once all is done, so that the index holds only what is left to do.
effects = Table(
    "effects",
    metadata,
    Column("key", _key(), primary_key=True),
    Column("stream", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("not_before", _key(), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="planned"),
    Column("owner", Text, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("detail", Text, nullable=False, server_default=""),
    Column("ready_at", _key()),
    Column("unsent", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)
Index(
    "ix_effects_ready_at",
    effects.c.ready_at,
    sqlite_where=text("ready_at IS NOT NULL"),
    postgresql_where=text("ready_at IS NOT NULL"),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("key", _key(), primary_key=True),
    Column("stream", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("due_at", _key(), nullable=False),
    Column("ready_at", _key(), nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_deadlines_ready_at", deadlines.c.ready_at)

cases = Table(
    "cases",
    metadata,
    Column("case_id", _key(), primary_key=True),
    Column("stream", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("risk", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("contact_ref", Text, nullable=False),
    Column("responder", Text, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("opened_at", _key(), nullable=False),
    Column("changed_at", _key(), nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_cases_number", cases.c.number)
Index("ix_cases_contact_ref", cases.c.contact_ref)
Index(
    "ix_cases_not_closed",
    cases.c.case_id,
    sqlite_where=text("state <> 'closed'"),
    postgresql_where=text("state <> 'closed'"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", _key(), primary_key=True),
    Column("value", _number(), nullable=False),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", _key(), primary_key=True),
    Column("person", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("made_at", _key(), nullable=False),
    Column("expires_at", _key(), nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_sessions_person", sessions.c.person)
Index("ix_sessions_expires_at", sessions.c.expires_at)
