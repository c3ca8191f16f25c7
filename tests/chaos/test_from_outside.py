"""The whole walk as a stranger drives it: the command line, the stock client, signed forms and plain HTTP, no more.

Two programs of our own run as an operator runs them, `crisis-hub carrier` and `crisis-hub serve`. Everything else here
is Twilio's own library and an HTTP client, so whatever only our own code understands would be seen.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, AUTH_TOKEN
from tests.chaos.hubs import free_port, until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

LINE, WRITER, ANA = "+15550100100", "+15550500001", "+15550100001"
PASSWORD = "a long enough password"
_TRIES, _PAUSE = 1200, 0.1

STAFF = f"""
people:
  - id: ana
    name: Ana Example
    roles: [clinician]
    languages: [en]
    sign_in: {{username: ana, password: "{PASSWORD}"}}
    reach:
      - {{method: sms, address: "{ANA}", after_seconds: 0}}
      - {{method: voice, address: "{ANA}", after_seconds: 600}}
  - id: rui
    name: Rui Example
    roles: [responder]
    languages: [en]
    sign_in: {{username: rui, password: "{PASSWORD}"}}
    reach: []
"""


@dataclass
class Stranger:
    """Somebody who has an account at the carrier and the addresses of both programs."""

    hub: str
    client: Any
    browser: httpx.AsyncClient
    sent: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    async def text(self, sender: str, body: str) -> httpx.Response:
        """Post what the carrier would, signed with the stock validator."""
        self.sent += 1
        form = {"MessageSid": f"SM{self.sent:032d}", "From": sender, "To": LINE, "Body": body, "NumMedia": "0"}
        url = f"{self.hub}/twilio/text"
        signature = RequestValidator(AUTH_TOKEN).compute_signature(url, form)
        return await self.browser.post(url, data=form, headers={"X-Twilio-Signature": signature})

    async def sign_in(self, name: str) -> None:
        """Become somebody on the staff."""
        answer = await self.browser.post(f"{self.hub}/api/login", json={"username": name, "password": PASSWORD})
        self.headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    async def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Ask the hub for something and return what it says."""
        answer = await self.browser.request(method, f"{self.hub}{path}", headers=self.headers, json=body)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def page_to(self, number: str) -> str | None:
        """Return the text of the page that the carrier holds for a telephone."""
        found = self.client.messages.list(to=number, limit=5)
        return str(found[0].body) if found else None


@contextmanager
def running(*command: str, env: dict[str, str], log: Path) -> Iterator[None]:
    """Run one of our programs as an operator does, for as long as the block lasts."""
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "crisis_hub", *command], env=env, stdout=out, stderr=out)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Run the hub and the carrier; give their addresses."""
    hub, carrier = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    (tmp_path / "staff.yaml").write_text(STAFF)
    env = {
        **os.environ,
        "CRISIS_HUB_DATABASE_URL": f"sqlite:///{tmp_path}/hub.db",
        "CRISIS_HUB_SECRET_KEY_FILE": str(tmp_path / "secret.key"),
        "CRISIS_HUB_PUBLIC_URL": hub,
        "CRISIS_HUB_TWILIO_API_URL": carrier,
        "CRISIS_HUB_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "CRISIS_HUB_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "CRISIS_HUB_TWILIO_NUMBER": LINE,
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    subprocess.run(
        [sys.executable, "-m", "crisis_hub", "staff", "import", str(tmp_path / "staff.yaml")], env=env, check=True
    )
    carrier_port, hub_port = carrier.rpartition(":")[2], hub.rpartition(":")[2]
    begin_carrier = ("carrier", "--port", carrier_port, "--hub-url", hub, "--number", LINE)
    with (
        running(*begin_carrier, env=env, log=tmp_path / "carrier.log"),
        running("serve", "--port", hub_port, env=env, log=tmp_path / "hub.log"),
    ):
        yield hub, carrier


@pytest.fixture
async def stranger(programs: tuple[str, str]) -> AsyncIterator[Stranger]:
    """Bring somebody with the stock client and an HTTP client."""
    hub, carrier = programs
    http = TwilioHttpClient(pool_connections=True)
    client: Any = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=http, environment={"-": "-"})
    client.api.base_url = carrier
    async with httpx.AsyncClient(timeout=30) as browser:
        yield Stranger(hub, client, browser)
    http.session.close()


async def test_a_text_becomes_a_page_that_somebody_takes(stranger: Stranger) -> None:
    async def ready() -> bool:
        try:
            return (await stranger.browser.get(f"{stranger.hub}/ready")).status_code == 200
        except httpx.TransportError:
            return False

    await until(ready, lambda: "the hub does not become ready", _TRIES, _PAUSE)
    answer = await stranger.text(WRITER, "i cant do this anymore")
    assert answer.status_code == 200
    assert "<Message" in answer.text
    assert (await stranger.browser.post(f"{stranger.hub}/twilio/text", data={"Body": "unsigned"})).status_code == 403

    await stranger.sign_in("rui")
    [case] = (await stranger.ask("GET", "/api/board"))["cases"]
    assert (case["state"], case["risk"], case["channel"]) == ("waiting", "not_assessed", "text")
    path = f"/api/cases/{case['id']}"
    await stranger.ask("POST", f"{path}/claim")
    told: dict[str, Any] = {}
    for item in ("q1", "q3", "q5"):
        told = await stranger.ask("POST", f"{path}/answers", {"instrument": "asq", "item": item, "answer": "yes"})
    assert told["case"]["risk"] == "high"
    assert {"AnswerRecorded", "RiskRaised", "EscalationStarted"} <= {fact["type"] for fact in told["facts"]}

    async def paged() -> bool:
        return stranger.page_to(ANA) is not None

    await until(paged, lambda: "no page reached the carrier", _TRIES, _PAUSE)
    page = stranger.page_to(ANA) or ""
    assert case["number"] in page
    assert re.search(rf"{re.escape(stranger.hub)}/p/\S+", page)
    assert "anymore" not in page
    assert WRITER not in page

    assert (await stranger.text(ANA, "1")).status_code == 200
    [ladder] = (await stranger.ask("GET", path))["escalations"]
    assert (ladder["state"], ladder["taken_by"]) == ("taken", "ana")
    assert len((await stranger.ask("GET", "/api/board"))["cases"]) == 1
