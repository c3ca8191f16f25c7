"""The ledger's first tables.

A revision is history: it says what was made then, in its own words, and never looks at `tables.py`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the first version."""
    _facts()
    _outbox()
    _read_models()


def _key() -> sa.types.TypeEngine[str]:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _sorted(name: str) -> sa.Column[str]:
    return sa.Column(name, _key(), nullable=False)


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("sequence", _number(), nullable=False, autoincrement=False),
        _sorted("stream"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("type"),
        _sorted("at"),
        _text("actor"),
        _text("cause"),
        _text("payload"),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name="pk_facts"),
        sa.UniqueConstraint("stream", "version", name="uq_facts_stream_version"),
    )
    head = op.create_table(
        "head",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sequence", _number(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_head"),
        sa.CheckConstraint("id = 1", name=op.f("ck_head_one_row")),
    )
    op.bulk_insert(head, [{"id": 1, "sequence": 0}])
    op.create_table(
        "stream_keys",
        _sorted("stream"),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_stream_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "marks",
        _sorted("key"),
        _text("value"),
        sa.PrimaryKeyConstraint("key", name="pk_marks"),
        sqlite_with_rowid=False,
    )


def _outbox() -> None:
    op.create_table(
        "effects",
        _sorted("key"),
        _text("stream"),
        _text("kind"),
        _text("subject"),
        _sorted("not_before"),
        sa.Column("priority", sa.Integer(), nullable=False),
        _text("state", "planned"),
        _text("owner", ""),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        _text("detail", ""),
        sa.Column("ready_at", _key(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_effects"),
        sqlite_with_rowid=False,
    )
    unfinished = sa.text("ready_at IS NOT NULL")
    op.create_index(
        "ix_effects_ready_at", "effects", ["ready_at"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.create_table(
        "deadlines",
        _sorted("key"),
        _text("stream"),
        _text("kind"),
        _text("subject"),
        _sorted("due_at"),
        _sorted("ready_at"),
        sa.PrimaryKeyConstraint("key", name="pk_deadlines"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_deadlines_ready_at", "deadlines", ["ready_at"])


def _read_models() -> None:
    op.create_table(
        "cases",
        _sorted("case_id"),
        *(_text(name) for name in ("stream", "number", "state", "risk", "channel", "language")),
        *(_text(name) for name in ("contact_ref", "responder")),
        sa.Column("drill", sa.Boolean(), nullable=False),
        _sorted("opened_at"),
        _sorted("changed_at"),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
        sqlite_with_rowid=False,
    )
    not_closed = sa.text("state <> 'closed'")
    op.create_index("ix_cases_number", "cases", ["number"])
    op.create_index("ix_cases_contact_ref", "cases", ["contact_ref"])
    op.create_index("ix_cases_not_closed", "cases", ["case_id"], sqlite_where=not_closed, postgresql_where=not_closed)
    op.create_table(
        "counters",
        _sorted("name"),
        sa.Column("value", _number(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sessions",
        _sorted("token_hash"),
        _text("person"),
        _text("csrf"),
        _sorted("made_at"),
        _sorted("expires_at"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
