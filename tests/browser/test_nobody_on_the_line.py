"""The screens of a quiet hour. (A room of its own: test_every_screen.py needs its busy night from end to end.)"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.looking import reads_well
from tests.browser.screens import Screens
from tests.browser.town import ROSA, SAM, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_with_nobody_on_the_line_the_queue_and_the_board_read_as_well(town: Town, screens: Screens) -> None:
    queue = await screens.open("/", ROSA)
    await expect(queue.get_by_text("nobody waits").last).to_be_visible()
    await reads_well(queue)
    board = await screens.open("/board", SAM)
    await expect(board.get_by_text("Nothing needs you now.")).to_be_visible()
    await reads_well(board)
