"""What the settings of a second number come to: who is asked, in whose name, and whose webhooks are believed."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.connections import Carriers, carriers_of
from crisis_hub.settings import Settings
from crisis_hub.wiring import house

FIRST, SECOND = "AC" + "1" * 32, "AC" + "2" * 32
NUMBER, BACKUP, ANA = "+15550100100", "+15550100101", "+15550100001"


class Desk:
    """A carrier that takes every text and keeps what it was asked, or is out of order."""

    def __init__(self, status: str) -> None:
        self._status = status
        self.url = ""
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []
        self.open = 0
        self.left = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in head.split("\r\n")[1:]}
        body = (await reader.readexactly(int(fields.get("content-length", "0")))).decode()
        self.asked.append((head.split()[1], fields.get("authorization", ""), parse_qs(body)))
        words = b'{"sid": "SM1", "code": 20503, "message": "out of order"}'
        answer = f"HTTP/1.1 {self._status}\r\nContent-Type: application/json\r\n"
        writer.write(answer.encode() + f"Content-Length: {len(words)}\r\n\r\n".encode() + words)
        await writer.drain()
        self.open += 1
        await reader.read()
        self.open -= 1
        writer.close()
        self.left.set()


@asynccontextmanager
async def desk(status: str) -> AsyncIterator[Desk]:
    """Open a carrier on this machine."""
    one = Desk(status)
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield one


def of(**more: Any) -> Settings:  # noqa: ANN401 - settings of any type
    settings = {"twilio_account_sid": FIRST, "twilio_auth_token": "one", "twilio_number": NUMBER, **more}
    return Settings(_env_file=None, **settings)


def carriers(**more: Any) -> Carriers:  # noqa: ANN401 - settings of any type
    return carriers_of(of(**more), SystemClock(), "https://hub.example.org")


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("own", [True, False], ids=["an account of its own", "another number of the same account"])
async def test_when_the_first_is_out_of_order_the_second_is_asked_in_its_own_name(own: bool) -> None:
    account = {"twilio_backup_account_sid": SECOND, "twilio_backup_auth_token": "two"} if own else {}
    async with desk("503 Service Unavailable") as down, desk("201 Created") as up:
        urls = {"twilio_api_url": down.url, "twilio_backup_api_url": up.url}
        both = carriers(twilio_backup_number=BACKUP, **account, **urls)
        assert await both.pager.send_text(ANA, "page", "/s") == "SM1"
        await both.close()

        assert [form["From"] for _, _, form in down.asked] == [[NUMBER]]
        [(path, who, form)] = up.asked
        sid, token = (SECOND, "two") if own else (FIRST, "one")
        assert f"/Accounts/{sid}/Messages" in path
        assert who == basic(sid, token)
        assert (form["From"], form["To"]) == ([BACKUP], [ANA])


async def test_words_to_people_in_need_go_out_by_the_number_they_wrote_to() -> None:
    async with desk("201 Created") as first, desk("201 Created") as second:
        urls = {"twilio_api_url": first.url, "twilio_backup_api_url": second.url}
        both = carriers(twilio_backup_number=BACKUP, **urls)
        await both.first.send_text(ANA, "We are here.", "/s")
        await both.close()

        assert (len(first.asked), len(second.asked)) == (1, 0)


def test_the_webhooks_of_both_accounts_are_believed_and_each_token_is_named_once() -> None:
    own = {"twilio_backup_account_sid": SECOND, "twilio_backup_auth_token": "two, old two, one"}
    both = carriers(twilio_backup_number=BACKUP, **own)

    assert both.tokens == ("one", "two", "old two")
    assert both.second_account == SECOND


def test_a_second_number_of_the_same_account_has_the_same_rooms_and_no_tokens_of_its_own() -> None:
    both = carriers(twilio_backup_number=BACKUP)

    assert both.tokens == ("one",)
    assert both.second_account == ""
    assert both.pager is not both.first


def test_without_a_second_number_there_is_one_carrier_whatever_else_is_set() -> None:
    alone = carriers(twilio_backup_account_sid=SECOND, twilio_backup_auth_token="two")

    assert alone.pager is alone.first
    assert (alone.tokens, alone.second_account) == (("one",), "")
    assert alone.trouble() == ""


async def test_a_hub_that_ends_gives_its_connections_back(tmp_path: Path) -> None:
    async with desk("201 Created") as first:
        here = f"sqlite+aiosqlite:///{tmp_path / 'hub.db'}"
        ours = await house(of(twilio_api_url=first.url, database_url=here, secret_key_file=tmp_path / "key"))
        await ours.tools.telephony.send_text(ANA, "page", "/s")
        assert first.open == 1

        await ours.close()
        await asyncio.wait_for(first.left.wait(), 30)
        assert first.open == 0
