"""A whole night in one process: the real house, the simulated carrier, and a clock that is moved by hand.

Only the ledger is a twin unless a test brings another; requests go both ways as they would over sockets, signed and
parsed, without a socket in between.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from crisis_hub.adapters.addresses import KnownAddresses
from crisis_hub.adapters.bus.memory import MemoryBus
from crisis_hub.adapters.clock import HandClock, let_everything_run
from crisis_hub.adapters.ids import CountedIds
from crisis_hub.adapters.keyring import Keyring
from crisis_hub.adapters.memory_mail import MemoryMail
from crisis_hub.adapters.passwords import Argon2Passwords
from crisis_hub.adapters.push.memory import MemoryPush
from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.adapters.store.memory import MemorySessions, MemoryStore
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.adapters.telephony.signature import TwilioSignature
from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, ASLEEP, AUTH_TOKEN, Carrier, Person, Phone
from crisis_hub.adapters.telephony.twilio_adapter import TwilioTelephony
from crisis_hub.adapters.telephony.twiml import TwilioWords
from crisis_hub.application.board import fold_from_scratch
from crisis_hub.application.dead_man import Pinger
from crisis_hub.application.ports import Store
from crisis_hub.application.staff_list import Listed, import_staff
from crisis_hub.connections import Tools
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.events import Reach
from crisis_hub.domain.reading import RuleOnFile
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import Method, PersonId, Role
from crisis_hub.settings import SHIPPED_RULES
from crisis_hub.web.parts import Place
from crisis_hub.wiring import House

PUBLIC = "https://hub.example.org"
CARRIER = "https://carrier.example.org"
LINE = "+15550100100"
PASSWORD = "a long enough password"

ANA, BEN, SAM, LEE, RUI, ADA, AUD = (
    "+15550100001",
    "+15550100002",
    "+15550100003",
    "+15550100004",
    "+15550100005",
    "+15550100006",
    "+15550100007",
)


def person(id: str, name: str, role: Role, number: str, languages: tuple[str, ...] = ("en",)) -> Listed:
    """Somebody on the staff, reached by text and call in the same second."""
    reach = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, 0))
    return Listed(PersonId(id), name, (role,), languages, id, PASSWORD, reach)


STAFF = (
    person("ana", "Ana Ortiz", Role.CLINICIAN, ANA),
    person("ben", "Ben Hollis", Role.CLINICIAN, BEN),
    person("sam", "Sam Okoro", Role.SUPERVISOR, SAM),
    person("lee", "Lee Chen", Role.CLINICAL_LEAD, LEE),
    person("rui", "Rui Alves", Role.RESPONDER, RUI),
    person("ria", "Ria Berg", Role.RESPONDER, "+15550100008"),
    person("ada", "Ada Min", Role.ADMIN, ADA),
    person("aud", "Aud Itor", Role.AUDITOR, AUD),
)


class _Late(httpx.AsyncBaseTransport):
    """Reaches an app that is built later."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert self.app is not None
        return await httpx.ASGITransport(self.app, raise_app_exceptions=False).handle_async_request(request)


@dataclass
class Night:
    """The house, the carrier and the clock."""

    house: House
    carrier: Carrier
    clock: HandClock
    store: Store
    browser: httpx.AsyncClient
    books: list[Rulebook]
    """The rulebook in force is the last: appending another edits the rules in flight."""
    push: MemoryPush
    mail: MemoryMail
    sessions: dict[str, dict[str, str]] = field(default_factory=dict)

    # ------------------------------------------------------------------------------------- time

    async def settle(self) -> None:
        """Let everything that needs no time come to its end; an errand that waits for a time-out may stay behind."""
        still = 0
        while still < 12:
            before = self.house.board.sequence
            await let_everything_run(8)
            await self.carrier.idle()
            if self.house.errands.idle() and self.house.watch.idle() and not self.carrier.work.busy:
                return
            still = still + 1 if self.house.board.sequence == before else 0

    async def minutes(self, count: float) -> None:
        """Let minutes pass."""
        await self.seconds(count * 60)

    async def seconds(self, count: float) -> None:
        """Let seconds pass, with the watch going its round at each."""
        left = count
        while left > 0:
            await self.clock.advance(min(1.0, left))
            left -= 1.0
            await self.house.watch.tick()
            await self.settle()

    # ------------------------------------------------------------------------------------ people

    def phone(self, number: str, behind: Person = ASLEEP) -> Phone:
        """Put somebody behind a number."""
        return self.carrier.phone(number, behind)

    def phone_of(self, person: str, behind: Person | None = None) -> Phone:
        """Return the phone of a member of staff."""
        found = self.house.directory.person(person)
        assert found is not None
        return self.carrier.phone(found.reach[0].address, behind)

    async def text(self, number: str, words: str) -> Case:
        """Somebody writes to the line; returns their case."""
        phone = self.carrier.phone(number)
        phone.text(words, LINE)
        await self.seconds(1)
        return self.newest()

    def newest(self) -> Case:
        """Return the case that was opened last."""
        return max(self.house.board.cases(), key=lambda case: case.opened_at)

    async def case(self, id: str) -> Case:
        """Return a case as the ledger has it."""
        return await self.house.hub.case(id)

    # --------------------------------------------------------------------------------------- api

    async def sign_in(self, who: str) -> dict[str, str]:
        """Sign somebody in and return the headers that say so."""
        if who not in self.sessions:
            answer = await self.browser.post("/api/login", json={"username": who, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self.sessions[who] = {"Authorization": f"Bearer {answer.json()['token']}"}
            self.browser.cookies.clear()
        return self.sessions[who]

    async def get(self, who: str, path: str) -> httpx.Response:
        """Ask for something."""
        return await self.browser.get(path, headers=await self.sign_in(who))

    async def post(self, who: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """Ask for a change, and let what follows from it happen."""
        answer = await self.browser.post(path, json=body, headers={**await self.sign_in(who), **headers})
        await self.settle()
        return answer

    async def done(self, who: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask for a change that must be granted."""
        answer = await self.post(who, path, body)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result

    async def settle_duties(self, who: str, id: str, words: str = "Done.") -> None:
        """Say of everything that keeps a case from closing that it was done."""
        for duty in (await self.get(who, f"/api/cases/{id}")).json()["duties"]:
            if duty["state"] == "open" and duty["holds_the_case_open"]:
                body = {"done": duty["kind"] != "ask", "words": words}
                await self.done(who, f"/api/cases/{id}/duties/{duty['id']}", body)

    async def answer(self, case: Case, *answers: str, who: str = "rui") -> dict[str, Any]:
        """Answer items, each written as `instrument.item=answer`."""
        result: dict[str, Any] = {}
        for one in answers:
            place, _, said = one.partition("=")
            instrument, _, item = place.partition(".")
            body = {"instrument": instrument, "item": item, "answer": said}
            result = await self.done(who, f"/api/cases/{case.id}/answers", body)
        return result

    # -------------------------------------------------------------------------------------- laws

    async def laws_hold(self) -> None:
        """The two laws that hold after every story: the board, and every replayed case."""
        facts = await self.store.since(0, 1_000_000)
        scratch = fold_from_scratch(facts)
        assert [fact.sequence for fact in facts] == list(range(1, len(facts) + 1))
        assert scratch.sequence == self.house.board.sequence
        assert scratch.cases() == self.house.board.cases()
        for case in scratch.cases():
            recorded = await self.store.read(case.id)
            replayed = fold((one.fact, one.at) for one in recorded)  # type: ignore[misc]
            assert replayed == await self.house.hub.case(case.id)
            known = self.house.hub._known[case.id].case  # the case as the hub saw it when it decided
            assert replayed == known
        assert self.carrier.work.failures == []


@cache
def shipped(rules: Path = SHIPPED_RULES) -> Rulebook:
    """Read a rules folder once for the whole run: nobody changes a rulebook, and reading takes longer than a night."""
    return RulesFolder(rules, SHIPPED_RULES).load()


@cache
def _on_file(rules: Path) -> tuple[RuleOnFile, ...]:
    folder = RulesFolder(rules, SHIPPED_RULES)
    folder.load()
    return folder.on_file()


@asynccontextmanager
async def night(
    *,
    staff: Sequence[Listed] = STAFF,
    rulebook: Rulebook | None = None,
    rules: Path = SHIPPED_RULES,
    store: Store | None = None,
    drill: bool = True,
    canary_number: str = "",
    canary_call_number: str = "",
    second_account: str = "",
    pinger: Pinger | None = None,
) -> AsyncIterator[Night]:
    """Open the house for a night, and see at its end that the laws held."""
    clock = HandClock()
    keyring = Keyring(bytes(range(32)))
    ledger = store or MemoryStore(Vault(keyring.vault_key()))
    to_hub, to_carrier = _Late(), _Late()
    carrier = Carrier(clock, CountedIds(), transport=to_hub)
    carrier.rent(LINE, PUBLIC)
    books = [rulebook or shipped(rules)]
    push, mail = MemoryPush(CountedIds()), MemoryMail(CountedIds())
    tools = Tools(
        push=push,
        push_key="the key of this house",
        mail=mail,
        addresses=KnownAddresses(lambda _: ""),
        clock=clock,
        ids=CountedIds(),
        keyring=keyring,
        store=ledger,
        sessions=MemorySessions(),
        bus=MemoryBus(),
        telephony=TwilioTelephony(
            account_sid=ACCOUNT_SID,
            auth_token=AUTH_TOKEN,
            number=LINE,
            public_url=PUBLIC,
            clock=clock,
            api_url=CARRIER,
            transport=to_carrier,
        ),
        words=TwilioWords(PUBLIC),
        signature=TwilioSignature([PUBLIC], [AUTH_TOKEN]),
        passwords=Argon2Passwords(time_cost=1, memory_kib=64),
        rulebook=lambda: books[-1],
        reload_rules=lambda: None,
        rules_on_file=lambda: _on_file(rules),
        canary_number=canary_number,
        canary_call_number=canary_call_number,
        second_account=second_account,
        pinger=pinger,
    )
    house = House(tools, Place("Harbor Line", PUBLIC, None, drill), "en")
    to_hub.app, to_carrier.app = house.app, carrier.app
    await import_staff(house.directory, tools.passwords, staff, "test")
    await house.open()
    for one in staff:
        for reach in one.reach[:1]:
            carrier.phone(reach.address, ASLEEP)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house.app), base_url=PUBLIC) as browser:
        tonight = Night(house, carrier, clock, ledger, browser, books, push, mail)
        clock.settle = tonight.settle
        try:
            yield tonight
            await tonight.settle()
            for _ in range(30):  # whatever still waits for a silent carrier comes to its end
                if not house.errands.idle():
                    await tonight.seconds(1)
            await tonight.laws_hold()
        finally:
            await carrier.aclose()
            await house.close()
