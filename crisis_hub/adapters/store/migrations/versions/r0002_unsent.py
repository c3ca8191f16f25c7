"""Effects know of their newest try by which surely nothing went out, so that any process may say so to any other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number of that try; of effects from before it is not known, and they are looked up."""
    op.add_column("effects", sa.Column("unsent", sa.Integer(), nullable=False, server_default="0"))
