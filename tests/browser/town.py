"""A town for one run: a real hub in a process of its own, the simulated carrier, everybody's telephone, one browser.

Nothing in here sleeps for a fixed time: whoever waits, waits for something to become true.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.telephony.simulator import (
    ACCOUNT_SID,
    ASLEEP,
    AUTH_TOKEN,
    Carrier,
    Message,
    Pace,
    Person,
    Phone,
    bound,
    served,
)
from crisis_hub.settings import SHIPPED_RULES

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "frontend" / "dist"

LINE = "+15550100100"
PASSWORD = "a long enough password"
PATIENCE = 20.0
"""Seconds that anything may take before it counts as not happening; on an idle machine nothing needs two."""

ROSA, ANA, SAM, ADA = "rosa", "ana", "sam", "ada"
ROSAS_PHONE, ANAS_PHONE, SAMS_PHONE = "+15550100010", "+15550100001", "+15550100003"
STAFF = (
    (ROSA, "Rosa Ruiz", "responder", ROSAS_PHONE),
    (ANA, "Dr. Ana Osei", "clinician", ANAS_PHONE),
    (SAM, "Sam Lindqvist", "supervisor", SAMS_PHONE),
    (ADA, "Ada Kaya", "admin", ""),
)

Json = dict[str, Any]
_clock = SystemClock()


class NotBuilt(Exception):
    """There are no screens to look at."""


async def until(true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Look again and again until it is true; fail with what was waited for."""
    end = _clock.now() + timedelta(seconds=patience)
    while not true():
        if _clock.now() > end:
            raise AssertionError(f"waited {patience:.0f} s in vain: {what}")
        await _clock.sleep(0.02)


# ----------------------------------------------------------------------------------------------- the hub


class Hub:
    """The hub as `crisis-hub serve`, to be killed, frozen and started again at will."""

    def __init__(self, folder: Path, carrier_url: str) -> None:
        with bound("127.0.0.1", 0) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self.rules = folder / "rules"
        self._log = folder / "hub.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        # Nothing of this machine's own settings gets in.
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("CRISIS_HUB_")} | {
            "CRISIS_HUB_DATABASE_URL": f"sqlite:///{folder / 'crisis_hub.db'}",
            "CRISIS_HUB_PUBLIC_URL": self.url,
            "CRISIS_HUB_RULES_DIR": str(self.rules),
            "CRISIS_HUB_FRONTEND_DIR": os.environ.get("CRISIS_HUB_FRONTEND_DIR", str(SCREENS)),
            "CRISIS_HUB_TWILIO_API_URL": carrier_url,
            "CRISIS_HUB_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "CRISIS_HUB_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "CRISIS_HUB_TWILIO_NUMBER": LINE,
            "CRISIS_HUB_SERVICE_NAME": "Harbor Line",
            "CRISIS_HUB_DRILL": "true",
        }
        if self._environment.pop("PYTHONDONTWRITEBYTECODE", ""):
            # Compiled once, not at every start; and where nobody has to sweep it up.
            self._environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")

    def import_staff(self) -> None:
        """Bring everybody in, as an operator would."""
        file = self._folder / "staff.yaml"
        file.write_text(yaml.safe_dump({"people": [_listed(*one) for one in STAFF]}), encoding="utf-8")
        self._run("staff", "import", str(file))

    async def start(self) -> None:
        """Start it and wait until it can record and page."""
        self._begin()
        async with httpx.AsyncClient(trust_env=False) as http:
            await self._until_ready(http)

    def _begin(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command, "serve", "--port", str(self.port)],
                cwd=self._folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        # Reads from a pipe that only we hold: when we are gone, even killed, so is the hub.
        script = ["sh", "-c", 'read -r _; kill -9 "$1"', "watcher", str(self._process.pid)]
        self._watcher = subprocess.Popen(script, stdin=subprocess.PIPE, start_new_session=True)

    async def _until_ready(self, http: httpx.AsyncClient) -> None:
        end = _clock.now() + timedelta(seconds=PATIENCE)
        while True:
            assert self._process is not None
            if self._process.poll() is not None or _clock.now() > end:
                raise AssertionError(f"The hub did not start:\n{self._log.read_text()[-2000:]}")
            try:
                if (await http.get(f"{self.url}/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await _clock.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Let it hang: connections stay open and nothing comes."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def revive(self) -> None:
        """Let it go on if it hangs, and start it if it is gone."""
        if self._process is not None and self._process.poll() is None:
            self.thaw()
        else:
            self.kill()
            await self.start()

    def _end(self, how: signal.Signals) -> None:
        process, watcher = self._process, self._watcher
        self._process = self._watcher = None
        if watcher is not None:
            watcher.kill()
            watcher.communicate()
        if process is not None:
            # To one that hangs, only this arrives.
            process.send_signal(how)
            process.send_signal(signal.SIGCONT)
            process.wait(PATIENCE)

    def _run(self, *words: str) -> None:
        command = [*self._command, *words]
        done = subprocess.run(command, cwd=self._folder, env=self._environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    @property
    def _command(self) -> list[str]:
        return [sys.executable, "-m", "crisis_hub"]


def _listed(id: str, name: str, role: str, number: str) -> Json:
    reach = [{"method": method, "address": number} for method in ("sms", "voice") if number]
    sign_in = {"username": id, "password": PASSWORD}
    return {"id": id, "name": name, "roles": [role], "sign_in": sign_in, "reach": reach}


def _rules(folder: Path) -> None:
    """The shipped rules, but one clinician who is always on call: no test may depend on the week."""
    shutil.copytree(SHIPPED_RULES, folder)
    rota = folder / "rotas" / "clinicians.yaml"
    text, changed = re.subn(r"people: \[[^\]]*\]", f"people: [{ANA}]", rota.read_text(encoding="utf-8"))
    assert changed == 1, "rules/rotas/clinicians.yaml looks different now"
    rota.write_text(text, encoding="utf-8")


# ---------------------------------------------------------------------------------------------- the town


class Town:
    """What a test may do and see without a screen: telephones, and the API."""

    def __init__(self, hub: Hub, carrier: Carrier, http: httpx.AsyncClient) -> None:
        self.hub = hub
        self.carrier = carrier
        self.http = http
        self._tokens: dict[str, str] = {}
        self._numbers = 0

    # ------------------------------------------------------------------------------------ telephones

    def phone(self, number: str, behind: Person = ASLEEP) -> Phone:
        """Put somebody behind a number."""
        return self.carrier.phone(number, behind)

    def stranger(self, behind: Person = ASLEEP) -> Phone:
        """The telephone of somebody who never called before."""
        self._numbers += 1
        return self.phone(f"+1555020{self._numbers:04d}", behind)

    async def page_text(self, number: str, case: str) -> Message:
        """The text that pages somebody for this case, once it has arrived."""
        phone = self.carrier.phone(number)

        def pages() -> list[Message]:
            return [text for text in phone.texts if f"Case {case}." in text.body and "/p/" in text.body]

        await until(pages, f"a page for case {case} on {number}; {phone.story()}")
        return pages()[0]

    # -------------------------------------------------------------------------------------------- api

    async def token(self, who: str) -> str:
        """Sign somebody in without a screen."""
        if who not in self._tokens:
            answer = await self.http.post("/api/login", json={"username": who, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self.http.cookies.clear()
            self._tokens[who] = answer.json()["token"]
        return self._tokens[who]

    async def ask(self, who: str, method: str, path: str, body: Json | None = None) -> Json:
        """Ask the hub for something that it must grant."""
        headers = {"Authorization": f"Bearer {await self.token(who)}"}
        answer = await self.http.request(method, path, json=body, headers=headers)
        assert answer.status_code == 200, f"{method} {path}: {answer.text}"
        result: Json = answer.json()
        return result

    async def board(self) -> list[Json]:
        """Every open case as the hub has it."""
        cases: list[Json] = (await self.ask(SAM, "GET", "/api/board"))["cases"]
        return cases

    async def case(self, id: str) -> Json:
        """One case as the hub has it."""
        return await self.ask(SAM, "GET", f"/api/cases/{id}")

    async def newcomer(self, channel: str = "text") -> Json:
        """The one open case, once somebody got through; only where a test begins with an empty board."""
        found = await self.when(lambda cases: cases, "a case on the board")
        assert [one["channel"] for one in found] == [channel]
        return found[0]

    async def when(self, fits: Callable[[list[Json]], object], what: str) -> list[Json]:
        """The board's cases, once they fit."""
        end = _clock.now() + timedelta(seconds=PATIENCE)
        while not fits(cases := await self.board()):
            assert _clock.now() < end, f"waited in vain for {what}; there is {cases}"
            await _clock.sleep(0.05)
        return cases

    async def text_arrives(self, words: str, behind: Person = ASLEEP) -> Json:
        """Somebody new writes to the line; their case."""
        before = {one["id"] for one in await self.board()}
        self.stranger(behind).text(words, LINE)
        cases = await self.when(lambda now: {one["id"] for one in now} - before, "the case of a text")
        return next(one for one in cases if one["id"] not in before)

    async def claim(self, case: Json, who: str = ROSA) -> None:
        """Somebody answers a case, without a screen."""
        await self.ask(who, "POST", f"/api/cases/{case['id']}/claim", {})

    async def answer(self, case: Json, *answers: str, who: str = ROSA) -> Json:
        """Answer items without a screen, each written as `instrument.item=answer`; returns the case."""
        now = case
        for one in answers:
            place, _, said = one.partition("=")
            instrument, _, item = place.partition(".")
            body = {"instrument": instrument, "item": item, "answer": said}
            now = (await self.ask(who, "POST", f"/api/cases/{case['id']}/answers", body))["case"]
        return now

    async def close_everything(self) -> None:
        """Let a test begin with an empty board and telephones that nobody minds."""
        for number in (ROSAS_PHONE, ANAS_PHONE, SAMS_PHONE):
            self.phone(number)
        for case in await self.board():
            path = f"/api/cases/{case['id']}"
            if any(one["state"] in ("running", "exhausted") for one in case["escalations"]):
                await self.ask(SAM, "POST", f"{path}/stand-down", {"reason": "This test is over."})
            await self.settle(case)
            await self.ask(SAM, "POST", f"{path}/close", {"outcome": "test"})
        for owed in (await self.ask(SAM, "GET", "/api/duties?closed=true"))["duties"]:
            path = f"/api/cases/{owed['case']}/duties/{owed['id']}"
            await self.ask(SAM, "POST", path, {"done": True, "words": "This test is over."})

    async def settle(self, case: Json) -> None:
        """Say of everything that holds a case open that it was done."""
        for duty in (await self.case(case["id"]))["duties"]:
            if duty["state"] == "open" and duty["holds_the_case_open"]:
                path = f"/api/cases/{case['id']}/duties/{duty['id']}"
                done = {"done": duty["kind"] != "ask", "words": "This test is over."}
                await self.ask(SAM, "POST", path, done)


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """Build the town in an empty folder."""
    if not (Path(os.environ.get("CRISIS_HUB_FRONTEND_DIR", SCREENS)) / "index.html").is_file():
        raise NotBuilt("The screens are not built: run `make setup` (or `make test`, which does it), then try again.")
    _rules(folder / "rules")
    carrier = Carrier(_clock, RandomIds(_clock), pace=Pace(speech=False))
    async with served(carrier.app) as carrier_url:
        hub = Hub(folder, carrier_url)
        carrier.rent(LINE, hub.url)
        hub.import_staff()
        await hub.start()
        try:
            async with httpx.AsyncClient(base_url=hub.url, trust_env=False, timeout=PATIENCE) as http:
                yield Town(hub, carrier, http)
        finally:
            hub.stop()
