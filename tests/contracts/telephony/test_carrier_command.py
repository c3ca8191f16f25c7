"""`crisis-hub carrier` as a program of its own: it says how to reach it, and is reached."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.telephony.simulator import bound
from crisis_hub.adapters.telephony.twilio_adapter import TwilioTelephony

PROGRAM = "import sys; from crisis_hub.cli.carrier import run_carrier; run_carrier(port=int(sys.argv[1]))"


@asynccontextmanager
async def program(port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(port), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


@pytest.mark.parametrize("to", ["+15550100001"])
async def test_the_printed_settings_are_all_that_a_hub_needs(to: str) -> None:
    async with program(0) as process:
        assert process.stdout is not None
        lines = [(await process.stdout.readline()).decode().strip() for _ in range(7)]
        settings = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
        telephony = TwilioTelephony(
            account_sid=settings["CRISIS_HUB_TWILIO_ACCOUNT_SID"],
            auth_token=settings["CRISIS_HUB_TWILIO_AUTH_TOKEN"],
            number=settings["CRISIS_HUB_TWILIO_NUMBER"],
            public_url=settings["CRISIS_HUB_PUBLIC_URL"],
            clock=SystemClock(),
            api_url=settings["CRISIS_HUB_TWILIO_API_URL"],
        )
        sid = await telephony.send_text(to, "Case 7", "/s")
        await telephony.aclose()
        async with httpx.AsyncClient(base_url=settings["CRISIS_HUB_TWILIO_API_URL"], trust_env=False) as levers:
            overview = (await levers.get("/sim")).json()

    assert sid.startswith("SM")
    assert overview["counts"]["messages"] == 1


async def test_a_port_that_is_taken_is_said_in_one_sentence() -> None:
    with bound("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        async with program(port) as process:
            _, said = await process.communicate()

    sentence = said.decode().strip().splitlines()[0]
    assert sentence == f"The carrier cannot listen on 127.0.0.1:{port} (Address already in use); choose another --port."
    assert process.returncode != 0
