"""The pictures of the README: `make screenshots`. A small night is played until a telling moment, then photographed.

The night has a clock of its own, which is put forward between its scenes: nobody waits, and every picture shows the
same minutes. `--variants FOLDER` also takes each picture in the other theme and width, to be looked at, not committed.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import struct
import sys
import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, async_playwright

from crisis_hub import logs
from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.telephony.simulator import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    Carrier,
    Pace,
    Person,
    Seeded,
    bound,
    served,
)
from crisis_hub.application.staff_list import Listed, import_staff
from crisis_hub.cli.serving import serve_house
from crisis_hub.domain.conversation import Message
from crisis_hub.domain.events import Reach
from crisis_hub.domain.vocabulary import MessageState, Method, PersonId, Role
from crisis_hub.settings import SHIPPED_RULES, Settings
from crisis_hub.wiring import House, house

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "ops" / "screenshots"
SCREENS = ROOT / "frontend" / "dist"
LARGEST = 200_000
"""Bytes of a picture; the README is read over slow lines too."""

LINE, PASSWORD = "+15550100100", "only for pictures"
STAFF = (
    ("rosa", "Rosa Ruiz", Role.RESPONDER, "+15550100010"),
    ("joy", "Joy Mensah", Role.RESPONDER, "+15550100011"),
    ("tom", "Tom Abara", Role.RESPONDER, "+15550100012"),
    ("elif", "Elif Nair", Role.RESPONDER, "+15550100013"),
    ("ana", "Dr. Ana Osei", Role.CLINICIAN, "+15550100001"),
    ("ben", "Ben Hollis", Role.CLINICIAN, "+15550100002"),
    ("sam", "Sam Lindqvist", Role.SUPERVISOR, "+15550100003"),
)
_ANA = "+15550100001"
_EARLIER, _TONIGHT = datetime(2026, 2, 20, 4, 4, tzinfo=UTC), datetime(2026, 3, 3, 5, 2, tzinfo=UTC)
_ZONE = "America/Chicago"

Json = dict[str, Any]


class Cannot(Exception):
    """Something is missing; the message says what and what to do."""


class StageClock:
    """The machine's clock, moved to the night that is played, and put forward between scenes."""

    def __init__(self, start: datetime) -> None:
        self._real = SystemClock()
        self._shift = start - self._real.now()

    def now(self) -> datetime:
        """Return the time on the stage."""
        return self._real.now() + self._shift

    async def sleep(self, seconds: float) -> None:
        """Wait that long in the stalls."""
        await self._real.sleep(seconds)

    def forward(self, seconds: float) -> None:
        """Let so many seconds have passed."""
        self._shift += timedelta(seconds=seconds)

    def move_to(self, moment: datetime) -> None:
        """Begin another evening."""
        self._shift = moment - self._real.now()


@dataclass
class Stage:
    """The house, the carrier, the clock, and what anybody may do on it."""

    house: House
    carrier: Carrier
    clock: StageClock
    http: httpx.AsyncClient
    _signed_in: dict[str, str] = field(default_factory=dict)

    async def token(self, who: str) -> str:
        """Sign somebody in, once an evening."""
        if who not in self._signed_in:
            said = await self.http.post("/api/login", json={"username": who, "password": PASSWORD})
            self.http.cookies.clear()
            self._signed_in[who] = said.raise_for_status().json()["token"]
        return self._signed_in[who]

    def everybody_goes_home(self, back_at: datetime) -> None:
        """End the evening; the next one begins at that moment."""
        self.clock.move_to(back_at)
        self._signed_in.clear()

    async def does(self, who: str, case: str, what: str, **body: str) -> None:
        """Let somebody do something with a case."""
        headers = {"Authorization": f"Bearer {await self.token(who)}"}
        (await self.http.post(f"/api/cases/{case}/{what}", json=body, headers=headers)).raise_for_status()

    async def answers(self, who: str, case: str, said: str) -> None:
        """Write answers down: `asq.q1=yes asq.q2=no`."""
        for one in said.split():
            place, _, given = one.partition("=")
            instrument, _, item = place.partition(".")
            await self.does(who, case, "answers", instrument=instrument, item=item, answer=given)

    async def somebody(self, number: str, words: str = "") -> str:
        """Let somebody write, or call when there are no words; returns their case."""
        before = {case.id for case in self.house.board.cases()}
        phone = self.carrier.phone(number, Person())
        if words:
            phone.text(words, LINE)
        else:
            phone.call(LINE)

        def new() -> list[str]:
            return [case.id for case in self.house.board.cases() if case.id not in before]

        await self.until(new)
        return new()[0]

    async def they_write(self, number: str, words: str, case: str) -> None:
        """Let somebody who wrote before write again."""
        known = self._messages(case)
        self.carrier.phone(number).text(words, LINE)
        await self.until(lambda: len(self._messages(case)) > len(known))

    def _messages(self, case: str) -> tuple[Message, ...]:
        known = self.house.board.case(case)
        return known.conversation.messages if known else ()

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until it is true."""
        async with asyncio.timeout(30):
            while not true():
                await self.clock.sleep(0.02)

    async def talk(self, who: str, case: str, number: str, *turns: tuple[str, str, int]) -> None:
        """Write to and fro: our words, theirs, and the seconds that it took."""
        for ours, theirs, seconds in turns:
            await self.does(who, case, "messages", text=ours)
            await self.until(lambda: self._messages(case)[-1].state is MessageState.DELIVERED)
            self.clock.forward(seconds)
            await self.they_write(number, theirs, case)
            self.clock.forward(7)


# ------------------------------------------------------------------------------------------------ the night


async def play(stage: Stage) -> str:
    """Play until somebody waits, and a clinician and a supervisor are looked for; returns the case of the console."""
    flat = "+15550100901"
    first = await stage.somebody(flat, "cant sleep again")
    await stage.does("rosa", first, "claim")
    await stage.answers("rosa", first, "ch_right_now.safe_to_talk=yes asq.q1=yes asq.q2=no asq.q3=no asq.q4=no")
    await stage.does("rosa", first, "close", outcome="safe_for_now")
    stage.everybody_goes_home(_TONIGHT)

    attempt = await stage.somebody("+15550100906", "tell my mom i love her")
    stage.clock.forward(9)
    await stage.does("joy", attempt, "claim")
    await stage.answers("joy", attempt, "ch_right_now.safe_to_talk=yes asq.q1=yes ch_right_now.attempt_now=yes")
    stage.clock.forward(24)
    await _ana_takes(stage, attempt)

    spanish = await stage.somebody("+15550100904", "hola, no sé con quién hablar. perdí a mi mamá en marzo")
    stage.clock.forward(31)
    await stage.does("elif", spanish, "claim")
    await stage.answers("elif", spanish, "asq.q1=yes asq.q2=no asq.q3=no asq.q4=no asq.q5=no")
    stage.clock.forward(95)

    call = await stage.somebody("+15550100907")
    await stage.does("tom", call, "claim")
    await stage.does("tom", call, "join")
    stage.clock.forward(140)

    calm = await stage.somebody("+15550100908", "is this private")
    await stage.does("rosa", calm, "claim")
    stage.clock.forward(52)

    flat_case = await _the_case_of_the_console(stage, flat)
    await stage.they_write("+15550100908", "i just wanted to tell someone. thanks", calm)
    await stage.does("tom", call, "assist")
    await stage.somebody("+15550100902", "hi. is somebody there")
    stage.clock.forward(48)
    return flat_case


async def _ana_takes(stage: Stage, case: str) -> None:
    phone = stage.carrier.phone(_ANA)
    await stage.until(lambda: phone.texts)
    phone.text("1", LINE)

    def taken() -> bool:
        known = stage.house.board.case(case)
        return known is not None and not any(one.wants_somebody for one in known.escalations)

    await stage.until(taken)


async def _the_case_of_the_console(stage: Stage, number: str) -> str:
    case = await stage.somebody(number, "i lost the job and now the flat. nobody knows. not even my sister")
    stage.clock.forward(17)
    await stage.does("rosa", case, "claim")
    await stage.talk(
        "rosa",
        case,
        number,
        ("I am glad that you wrote. Is it safe for you to text with me right now?", "yes nobody is looking", 41),
        ("In the past few weeks, have you wished you were dead?", "yes", 22),
        ("Are you having thoughts of killing yourself right now?", "yes. tonight its all the time", 38),
    )
    words = "Job lost in September, must leave the flat on the 30th. Sister in the same town. The dog is with them."
    await stage.does("rosa", case, "notes", text=words)
    calm = "ch_right_now.attempt_now=no ch_overdose_withdrawal.o1=no ch_overdose_withdrawal.o2=no"
    await stage.answers("rosa", case, "ch_right_now.safe_to_talk=yes asq.q1=yes asq.q2=yes asq.q3=yes asq.q4=yes")
    known_of_them = "ch_intake.caller=self ch_intake.age=34 ch_intake.access=no"
    await stage.answers("rosa", case, f"{calm} {known_of_them} ch_violence_inquiry.v10=no ch_violence_inquiry.v1=no")
    await stage.answers("rosa", case, "ch_right_now.place=known ch_right_now.alone=yes asq.q5=yes")
    await stage.does("rosa", case, "messages", text="Thank you for telling me. I am staying with you.")
    known = len(stage.carrier.phone(_ANA).texts)
    await stage.until(lambda: len(stage.carrier.phone(_ANA).texts) > known or _paged(stage, case))
    return case


def _paged(stage: Stage, case: str) -> bool:
    known = stage.house.board.case(case)
    number = known.number if known else "?"
    return any(f"Case {number}." in text.body for text in stage.carrier.phone(_ANA).texts)


# ------------------------------------------------------------------------------------------------ the house


@asynccontextmanager
async def built() -> AsyncIterator[tuple[Stage, str]]:
    """Open the whole service on free ports, over a ledger that is thrown away; gives the stage and its address."""
    if not (SCREENS / "index.html").is_file():
        raise Cannot("The screens are not built: run `make screenshots`, which builds them.")
    logs.begin("ERROR")
    clock = StageClock(_EARLIER)
    listening = bound("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    carrier = Carrier(clock, RandomIds(clock), chance=Seeded(1), pace=Pace(speech=False))
    carrier.rent(LINE, url)
    carrier.phone("+15550100012", Person(answers_after=0.1))
    with tempfile.TemporaryDirectory() as folder:
        async with served(carrier.app) as carrier_url:
            opened = await house(_settings(Path(folder), url, carrier_url), clock)
            await import_staff(opened.directory, opened.tools.passwords, [_listed(*one) for one in STAFF], "pictures")
            serving = asyncio.create_task(serve_house(opened, listening))
            async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
                yield Stage(opened, carrier, clock, http), url
            # The web server calls being told to stop an error.
            logging.disable(logging.ERROR)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


def _settings(folder: Path, url: str, carrier_url: str) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder / 'crisis_hub.db'}",
        redis_url="",
        public_url=url,
        rules_dir=SHIPPED_RULES,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=AUTH_TOKEN,
        twilio_api_url=carrier_url,
        twilio_number=LINE,
        secret_key_file=folder / "secret.key",
        service_name="Harbor Line",
        drill=True,
        frontend_dir=SCREENS,
    )


def _listed(id: str, name: str, role: Role, number: str) -> Listed:
    reach = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, 0))
    languages = ("en", "es") if id in ("rosa", "elif") else ("en",)
    return Listed(PersonId(id), name, (role,), languages, id, PASSWORD, reach)


# ------------------------------------------------------------------------------------------------ the camera


@dataclass(frozen=True)
class Shot:
    """One picture: who looks where, how large, in which theme, and what must be there before it is taken."""

    name: str
    who: str
    path: str
    shows: str
    width: int = 1280
    height: int = 900
    dark: bool = False
    scale: float = 1


def shots(case: str, link: str) -> list[Shot]:
    """The pictures of the README."""
    return [
        Shot("console", "rosa", f"/case/{case}", ".answers"),
        Shot("board", "sam", "/board", ".needs li"),
        Shot("page", "", link, ".take", width=320, height=640, dark=True, scale=2),
    ]


def variants(of: list[Shot]) -> list[Shot]:
    """The same screens in both themes, wide and narrow."""
    return [
        Shot(f"{one.name}-{width}-{'dark' if dark else 'light'}", one.who, one.path, one.shows, width, height, dark)
        for one in of
        for width, height in ((1280, 900), (320, 640))
        for dark in (False, True)
    ]


async def take(browser: Browser, stage: Stage, url: str, shot: Shot, folder: Path) -> Path:
    """Take one picture."""
    context = await browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=shot.scale,
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
        locale="en-US",
        timezone_id=_ZONE,
    )
    if shot.who:
        await context.add_cookies([{"name": "session", "value": await stage.token(shot.who), "url": url}])
    page = await context.new_page()
    await page.goto(url + shot.path)
    await page.locator(shot.shows).first.wait_for()
    await _settled(page)
    path = folder / f"{shot.name}.png"
    png = await page.screenshot()
    await page.goto("about:blank")
    path.write_bytes(await smaller(page, png))
    await context.close()
    return path


_TO_PALETTE = """async (png) => {
  const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const data = canvas.getImageData(0, 0, picture.width, picture.height).data;
  const colours = new Uint32Array(picture.width * picture.height), often = new Map();
  for (let i = 0; i < colours.length; i++) {
    const colour = data[4 * i] << 16 | data[4 * i + 1] << 8 | data[4 * i + 2];
    colours[i] = colour;
    often.set(colour, (often.get(colour) ?? 0) + 1);
  }
  const apart = (a, b) => [16, 8, 0].reduce((sum, by) => sum + ((a >> by & 255) - (b >> by & 255)) ** 2, 0);
  // The most frequent first; one that is near to one before is left out, so that a small red mark keeps its red.
  const common = [...often.keys()].sort((a, b) => often.get(b) - often.get(a));
  let palette = common;
  for (let near = 2; palette.length > 256; near += 2) {
    palette = [];
    for (const colour of common) if (palette.every((one) => apart(one, colour) > near * near)) palette.push(colour);
  }
  const place = new Map(palette.map((colour, index) => [colour, index]));
  const nearest = (to) => palette.reduce((best, one, i) => apart(one, to) < apart(palette[best], to) ? i : best, 0);
  for (const colour of often.keys()) if (!place.has(colour)) place.set(colour, nearest(colour));
  const indexes = Uint8Array.from(colours, (colour) => place.get(colour));
  return { width: picture.width, height: picture.height, palette, indexes: indexes.toBase64() };
}"""


async def smaller(page: Page, png: bytes) -> bytes:
    """The same picture in at most 256 colours: a third of the bytes, and no difference that an eye could find."""
    found: Json = await page.evaluate(_TO_PALETTE, b64encode(png).decode())
    width, height = found["width"], found["height"]
    pixels = b64decode(found["indexes"])
    rows = b"".join(b"\0" + pixels[y * width : (y + 1) * width] for y in range(height))
    palette = b"".join(colour.to_bytes(3, "big") for colour in found["palette"])
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    return png[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


async def _settled(page: Page) -> None:
    """Wait until nothing is fetched any more and the letters are there."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready")


async def photograph(chromium: str, other: Path | None) -> None:
    """Play the night and take its pictures."""
    async with built() as (stage, url), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        case = await play(stage)
        number = next(one.number for one in stage.house.board.cases() if one.id == case)
        text = next(one.body for one in stage.carrier.phone(_ANA).texts if f"Case {number}." in one.body)
        wanted = shots(case, text.split()[-1].removeprefix(url))
        for shot in wanted:
            path = await take(browser, stage, url, shot, PICTURES)
            size = path.stat().st_size
            print(f"{path.relative_to(ROOT)}  {size // 1000} kB")
            if size > LARGEST:
                raise Cannot(f"{path.name} has {size} bytes; a picture may have {LARGEST}.")
        if other is not None:
            for shot in variants(wanted):
                print(await take(browser, stage, url, shot, other))
        await browser.close()


def main() -> None:
    """Read the options and take the pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--variants", type=Path, metavar="FOLDER", help="also every theme and width, into a folder")
    given = options.parse_args()
    chromium = os.environ.get("CRISIS_HUB_CHROMIUM", "")
    for folder in (PICTURES, given.variants):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    try:
        if not chromium:
            raise Cannot("No browser is named in CRISIS_HUB_CHROMIUM: run `make screenshots`, which finds one.")
        asyncio.run(photograph(chromium, given.variants))
    except Cannot as sentence:
        sys.exit(str(sentence))


if __name__ == "__main__":
    main()
