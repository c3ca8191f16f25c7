"""Push to browsers over HTTP (RFC 8030), only at push services that are known: an address is never trusted blindly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import httpx

from crisis_hub.adapters.push.sealed import BadSubscription, Sender, read_subscription, sealed_afresh
from crisis_hub.application.ports import CarrierBusy, CarrierRefused, Clock, Ids, OutcomeUnknown
from crisis_hub.domain.vocabulary import CarrierId

KNOWN_SERVICES = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
"""Where today's browsers listen; a name also stands for what lies below it."""

GONE = "410"
"""The code of a browser that listens no more: the permission was taken back or the profile is gone."""

_NOT_NOW = frozenset({408, 425, 429, 503})
_NO_MORE = frozenset({404, 410})
_KEPT_SECONDS = 600
"""How long the push service keeps a page for a telephone that is off; an older one would wake somebody for nothing."""
_SIGNED_FOR = timedelta(hours=12)
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")


class WebPush:
    """The port `Push` over HTTP."""

    def __init__(
        self, sender: Sender, clock: Clock, ids: Ids, services: Sequence[str] = KNOWN_SERVICES, patience: float = 4.0
    ) -> None:
        self._sender = sender
        self._clock = clock
        self._ids = ids
        self._services = tuple(services)
        self._patience = patience

    @property
    def public_key(self) -> str:
        """Return what a browser needs to subscribe."""
        return self._sender.public_key

    def check(self, subscription: str) -> str:
        """Return why a subscription cannot be used, or nothing when it can."""
        try:
            self._address(read_subscription(subscription).endpoint)
        except BadSubscription as problem:
            return str(problem)
        return ""

    async def push(self, subscription: str, message: str) -> CarrierId:
        """Push a message; raises a `TelephonyError` of one of the three kinds when it was not taken for sure."""
        try:
            to = read_subscription(subscription)
            address = self._address(to.endpoint)
            body = sealed_afresh(message.encode(), to)
        except ValueError as problem:
            raise CarrierRefused("bad", str(problem)) from problem
        headers = {
            "authorization": self._sender.authorization(
                f"{address.scheme}://{address.netloc.decode()}", self._clock.now() + _SIGNED_FOR
            ),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(_KEPT_SECONDS),
            "urgency": "high",
        }
        answer = await self._post(address, body, headers)
        _check(answer)
        return CarrierId(f"push-{self._ids.new()}")

    async def _post(self, endpoint: httpx.URL, body: bytes, headers: dict[str, str]) -> httpx.Response:
        try:
            # No redirects: a push service has no reason for one, and it would lead past the list of known ones.
            async with httpx.AsyncClient(timeout=self._patience, trust_env=False) as client:
                return await client.post(endpoint, content=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise CarrierBusy(f"the push service cannot be reached ({type(error).__name__})") from error
        except httpx.HTTPError as error:
            raise OutcomeUnknown(f"the push service did not answer ({type(error).__name__})") from error

    def _address(self, endpoint: str) -> httpx.URL:
        """Return where a browser listens, as read by what will call it: two readers may mean two hosts."""
        try:
            address = httpx.URL(endpoint)
            host = address.host
        except (httpx.InvalidURL, ValueError) as problem:
            raise BadSubscription("this is not what a browser gives for push") from problem
        if not any(host == one or host.endswith(f".{one}") for one in self._services):
            raise BadSubscription("this browser's push service is not one that is known here")
        if host in _LOOPBACK:
            return address
        if address.scheme != "https":
            raise BadSubscription("a push service is only used over https")
        if address.port is not None or address.userinfo or not _HOST.fullmatch(host):
            raise BadSubscription("this is not what a browser gives for push")
        return address


def _check(answer: httpx.Response) -> None:
    status = answer.status_code
    if status < 300:
        return
    if status in _NO_MORE:
        raise CarrierRefused(GONE, "this browser listens no more")
    if status in _NOT_NOW:
        raise CarrierBusy(f"the push service answers {status}", _seconds(answer.headers.get("retry-after")))
    if status >= 500:
        raise OutcomeUnknown(f"the push service answers {status}")
    raise CarrierRefused(str(status), f"the push service answers {status}")


def _seconds(retry_after: str | None) -> float:
    try:
        return min(max(float(retry_after or 1.0), 0.1), 30.0)
    except ValueError:
        return 1.0
