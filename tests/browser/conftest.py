"""One hub and one browser for the whole room; for each test an empty board and windows of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.screens import Screens, chromium
from tests.browser.town import PATIENCE, NotBuilt, Town
from tests.browser.town import town as built

HERE = Path(__file__).parent

expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep this room together and last: its carrier lives in the loop of its tests and stands still outside."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The hub, the carrier, the telephones."""
    try:
        async with built(tmp_path_factory.mktemp("town")) as town:
            yield town
    except NotBuilt as sentence:
        pytest.fail(str(sentence), pytrace=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    """One Chromium; each window has a profile of its own."""
    async with chromium(chromium_path) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def town(whole_town: Town) -> Town:
    """The town with nobody on the line."""
    await whole_town.close_everything()
    return whole_town


@pytest_asyncio.fixture(loop_scope="session")
async def screens(whole_town: Town, browser: Browser) -> AsyncIterator[Screens]:
    """Windows; when they are closed, nothing may have happened in them that never may."""
    opened = Screens(whole_town, browser)
    try:
        yield opened
    finally:
        await opened.close()
    assert opened.wrong == []
