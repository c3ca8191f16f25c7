"""What the chaos room shares: one process to fork hubs from, and the seed of the run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.hubs import Zygote, zygote
from tests.servers import PostgresServer


@pytest.fixture(scope="session")
def nursery() -> Iterator[Zygote]:
    """The process that all hubs of this session are forked from."""
    with zygote() as running:
        yield running


@pytest.fixture
def seed() -> int:
    """The seed of the run: the same each time, or that of CRISIS_HUB_CHAOS_SEED to see another night."""
    return int(os.environ.get("CRISIS_HUB_CHAOS_SEED", "20261123"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/hub.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()
