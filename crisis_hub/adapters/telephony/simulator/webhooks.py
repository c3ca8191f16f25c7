"""How the carrier asks and tells the hub: signed posts with Twilio's manners, and with ordered faults."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlencode, urlsplit

import httpx
from twilio.request_validator import RequestValidator

from crisis_hub.adapters.telephony.simulator.faults import FaultKind, Faults
from crisis_hub.adapters.telephony.simulator.state import Exchange
from crisis_hub.adapters.telephony.simulator.work import Work
from crisis_hub.application.ports import Ids

PATIENCE_SECONDS = 15.0  # Twilio's default and longest
_TRIES = 2  # one retry, and only when the connection failed: Twilio's default policy
_REORDERED_SECONDS = 5.0  # how long a callback is held back when no other one overtakes it
_LOG_LENGTH = 10_000

AT_ONCE = 64
"""How many posts are on their way at one time. The others wait here: a pool of connections looks through everything
that waits in it for every post, and a night of a thousand calls would keep it busy with nothing else."""

HTTP_FAILED = 11200
CONNECTION_FAILED = 11205


class WebhookFailed(Exception):
    """The hub could not be asked, or answered with an error; the code is Twilio's."""

    def __init__(self, code: int, url: str) -> None:
        super().__init__(f"{code}: {url}")
        self.code = code
        self.url = url


@dataclass(frozen=True, slots=True)
class Document:
    """What the hub answered: TwiML, most of the time."""

    url: str
    content_type: str
    text: str


@dataclass(slots=True)
class Posting:
    """One webhook on its way; `answers` grows with every time it was delivered."""

    url: str
    form: dict[str, str]
    subject: str = ""
    method: str = "POST"
    token: str = ""
    answers: list[int] = field(default_factory=list)


class Webhooks:
    """Everything that the carrier posts to the hub."""

    def __init__(
        self,
        *,
        work: Work,
        faults: Faults,
        exchange: Exchange,
        ids: Ids,
        client: httpx.AsyncClient,
        reach: Mapping[str, str] | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._work, self._faults, self._exchange, self._ids = work, faults, exchange, ids
        self._client = client
        self._reach = dict(reach or {})
        self._patience = patience
        self._under_way = asyncio.Semaphore(AT_ONCE)
        self._held: dict[str, list[Posting]] = {}
        self._turn: dict[str, deque[Posting]] = {}
        self.posted: deque[Posting] = deque(maxlen=_LOG_LENGTH)

    async def ask(self, url: str, form: Mapping[str, str], *, method: str = "POST", subject: str = "") -> Document:
        """Fetch what to do next; raise `WebhookFailed` when no usable answer comes."""
        if kept := self._exchange.bins.get(url):
            return Document(url, "text/xml", kept)
        posting = self._new(url, form, subject, method)
        if self._faults.strikes(FaultKind.WEBHOOK_LOST, url):
            raise WebhookFailed(CONNECTION_FAILED, url)
        if late := self._faults.strikes(FaultKind.WEBHOOK_LATE, url):
            await self._work.sleep(late.seconds)
        answer = await self._deliver_all(posting)
        if answer is None or not answer.is_success:
            raise WebhookFailed(CONNECTION_FAILED if answer is None else HTTP_FAILED, url)
        return Document(url, answer.headers.get("content-type", ""), answer.text)

    def tell(self, url: str, form: Mapping[str, str], subject: str) -> None:
        """Post progress; in order for one subject, unless a fault says otherwise, and never waited for."""
        if not url:
            return
        posting = self._new(url, form, subject, "POST")
        if self._faults.strikes(FaultKind.WEBHOOK_LOST, url):
            return
        if late := self._faults.strikes(FaultKind.WEBHOOK_LATE, url):
            self._work.start(self._later(posting, late.seconds))
        elif held := self._faults.strikes(FaultKind.WEBHOOK_REORDERED, url):
            self._held.setdefault(subject, []).append(posting)
            self._work.start(self._let_go(subject, held.seconds or _REORDERED_SECONDS))
        else:
            self._queue(posting)

    def sign(self, url: str, form: Mapping[str, str], token: str | None = None) -> str:
        """Return the signature that the carrier puts on this form for that address."""
        signer = RequestValidator(token or self._exchange.account.token)
        return str(signer.compute_signature(url, dict(form)))

    def _new(self, url: str, form: Mapping[str, str], subject: str, method: str) -> Posting:
        # The fragment holds settings for the carrier itself; it is neither sent nor signed.
        posting = Posting(urldefrag(url).url, dict(form), subject, method.upper(), self._ids.new())
        self.posted.append(posting)
        return posting

    def _queue(self, posting: Posting) -> None:
        line = self._turn.get(posting.subject)
        if line is not None:
            line.append(posting)
            return
        self._turn[posting.subject] = deque([posting])
        self._work.start(self._serve(posting.subject))

    async def _serve(self, subject: str) -> None:
        line = self._turn[subject]
        try:
            while line:
                await self._deliver_all(line.popleft())
                for held in self._held.pop(subject, []):
                    await self._deliver_all(held)
        finally:
            del self._turn[subject]

    async def _later(self, posting: Posting, seconds: float) -> None:
        await self._work.sleep(seconds)
        await self._deliver_all(posting)

    async def _let_go(self, subject: str, seconds: float) -> None:
        await self._work.sleep(seconds)
        for held in self._held.pop(subject, []):
            await self._deliver_all(held)

    async def _deliver_all(self, posting: Posting) -> httpx.Response | None:
        doubled = self._faults.strikes(FaultKind.WEBHOOK_DOUBLED, posting.url)
        for _ in range(doubled.times - 1 if doubled else 0):
            self._work.start(self._later(posting, doubled.seconds if doubled else 0.0))
        for _ in range(_TRIES):
            try:
                return await self._deliver(posting)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                posting.answers.append(0)
            except httpx.HTTPError:
                posting.answers.append(0)
                return None
        return None

    async def _deliver(self, posting: Posting) -> httpx.Response | None:
        url, content = posting.url, urlencode(posting.form, errors="replace")
        headers = {
            "I-Twilio-Idempotency-Token": posting.token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        signed: Mapping[str, str] = posting.form
        if posting.method == "GET":
            url, signed = f"{url}{'&' if '?' in url else '?'}{content}", {}
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if signature := self._signature(url, signed):
            headers["X-Twilio-Signature"] = signature
        address, host = self._reached(url)
        headers["Host"] = host
        body = content if posting.method != "GET" else None
        request = self._client.build_request(posting.method, address, content=body, headers=headers)
        async with self._under_way:
            answer = await self._work.answer_within(self._patience, self._client.send(request, follow_redirects=True))
        posting.answers.append(answer.status_code if answer is not None else 0)
        return answer

    def _signature(self, url: str, form: Mapping[str, str]) -> str:
        if self._faults.strikes(FaultKind.WEBHOOK_UNSIGNED, url):
            return ""
        if self._faults.strikes(FaultKind.WEBHOOK_WRONGLY_SIGNED, url):
            return self.sign(url, form, "not-the-token")
        second = self._exchange.account.second_token
        if second and self._faults.strikes(FaultKind.WEBHOOK_SECOND_TOKEN, url):
            return self.sign(url, form, second)
        return self.sign(url, form)

    def _reached(self, url: str) -> tuple[str, str]:
        """Return where the address is really reached, and the host it is asked for by."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        return self._reach.get(origin, origin) + url[len(origin) :], parts.netloc
