"""The world as one process reaches it: from settings to the tools that the house is built with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from crisis_hub.adapters.addresses import KnownAddresses
from crisis_hub.adapters.bus.memory import MemoryBus
from crisis_hub.adapters.bus.redis_streams import RedisBus
from crisis_hub.adapters.dead_man import HttpPinger
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.keyring import Keyring
from crisis_hub.adapters.passwords import Argon2Passwords
from crisis_hub.adapters.push.sealed import Sender
from crisis_hub.adapters.push.web_push import WebPush
from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.adapters.smtp_mail import BadMailSetting, SmtpMail
from crisis_hub.adapters.store.sessions import SqlSessions
from crisis_hub.adapters.telephony.breaker import Guarded
from crisis_hub.adapters.telephony.signature import TwilioSignature
from crisis_hub.adapters.telephony.twilio_adapter import TwilioTelephony
from crisis_hub.adapters.telephony.twiml import TwilioWords
from crisis_hub.adapters.telephony.two_carriers import TwoCarriers
from crisis_hub.application.dead_man import Pinger
from crisis_hub.application.ports import (
    Addresses,
    Bus,
    CarrierWords,
    Clock,
    Ids,
    Mail,
    Passwords,
    Push,
    Sessions,
    SignatureCheck,
    Store,
    Telephony,
)
from crisis_hub.domain.reading import RuleOnFile
from crisis_hub.domain.rules import Rulebook
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import SHIPPED_RULES, CannotStart, Settings


async def _nothing_to_let_go() -> None:
    """Twins hold no connections."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The world as this process reaches it; a test passes twins."""

    clock: Clock
    ids: Ids
    keyring: Keyring
    store: Store
    sessions: Sessions
    bus: Bus
    telephony: Telephony
    words: CarrierWords
    signature: SignatureCheck
    passwords: Passwords
    rulebook: Callable[[], Rulebook]
    reload_rules: Callable[[], object]
    rules_on_file: Callable[[], Sequence[RuleOnFile]] = tuple
    pinger: Pinger | None = None
    pager: Telephony | None = None
    """What pages and notices to staff go out by; without it, the carrier that everything goes out by."""
    carrier_trouble: Callable[[], str] = str
    second_account: str = ""
    canary_number: str = ""
    canary_call_number: str = ""
    canary_minutes: float = 5.0
    push: Push | None = None
    push_key: str = ""
    """What browsers need to subscribe; empty where web push is not set up."""
    mail: Mail | None = None
    addresses: Addresses = field(default_factory=KnownAddresses)
    handoff_before: timedelta = timedelta(hours=12)
    let_go: Callable[[], Awaitable[None]] = _nothing_to_let_go
    """Gives back the connections to the carriers, when nothing more will be sent."""


async def connect(settings: Settings, clock: Clock) -> Tools:
    """Reach for everything that the settings name; raises `CannotStart` with one sentence."""
    ids = RandomIds(clock)
    keyring = open_keyring(settings)
    if not settings.tokens or not settings.twilio_account_sid:
        raise CannotStart(
            "No carrier is set: give CRISIS_HUB_TWILIO_ACCOUNT_SID and CRISIS_HUB_TWILIO_AUTH_TOKEN, "
            "or rehearse with `crisis-hub demo`."
        )
    store = await open_store(settings, clock, keyring)
    folder = RulesFolder(settings.rules_dir, SHIPPED_RULES)
    folder.load()
    bus: Bus = RedisBus(settings.redis_url, clock, ids.new()) if settings.redis_url else MemoryBus()
    public_url = settings.public_url.rstrip("/")
    carriers = carriers_of(settings, clock, public_url)
    push = _push(settings, keyring, clock, ids)
    return Tools(
        clock=clock,
        ids=ids,
        keyring=keyring,
        store=store,
        sessions=SqlSessions(store),
        bus=bus,
        telephony=carriers.first,
        pager=carriers.pager,
        carrier_trouble=carriers.trouble,
        second_account=carriers.second_account,
        canary_number=settings.canary_number,
        canary_call_number=settings.canary_call_number,
        canary_minutes=settings.canary_minutes,
        words=TwilioWords(public_url),
        signature=TwilioSignature([public_url], carriers.tokens),
        passwords=Argon2Passwords(),
        rulebook=lambda: folder.rulebook,
        reload_rules=folder.reload_if_changed,
        rules_on_file=folder.on_file,
        push=push,
        push_key=push.public_key,
        mail=_mail(settings, clock, ids),
        addresses=KnownAddresses(push.check),
        handoff_before=timedelta(hours=settings.handoff_notice_hours),
        pinger=HttpPinger(settings.dead_man_url) if settings.dead_man_url else None,
        let_go=carriers.close,
    )


@dataclass(frozen=True, slots=True)
class Carriers:
    """Who carries our calls and texts: the first, what pages go out by, and whose tokens sign webhooks."""

    first: Telephony
    pager: Telephony
    trouble: Callable[[], str]
    tokens: tuple[str, ...]
    adapters: tuple[TwilioTelephony, ...]
    second_account: str = ""

    async def close(self) -> None:
        """Give back every connection."""
        for adapter in self.adapters:
            await adapter.aclose()


def carriers_of(settings: Settings, clock: Clock, public_url: str) -> Carriers:
    """Put the first carrier behind a breaker, and a second number beside it when one is set."""
    twilio = partial(TwilioTelephony, public_url=public_url, clock=clock)
    first = twilio(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.tokens[0],
        number=settings.twilio_number,
        api_url=settings.twilio_api_url,
    )
    if not settings.twilio_backup_number:
        # Alone it is never left alone for long: nobody else could carry a page meanwhile.
        alone = Guarded(first, clock, most_failures=5, pause_seconds=1.0)
        return Carriers(alone, alone, alone.trouble, settings.tokens, (first,))
    account = settings.twilio_backup_account_sid or settings.twilio_account_sid
    second = twilio(
        account_sid=account,
        auth_token=settings.backup_tokens[0],
        number=settings.twilio_backup_number,
        api_url=settings.twilio_backup_api_url or settings.twilio_api_url,
    )
    guarded = Guarded(first, clock, most_failures=2, pause_seconds=15.0)
    both = TwoCarriers(guarded, Guarded(second, clock, most_failures=2, pause_seconds=15.0))
    tokens = (*settings.tokens, *(token for token in settings.backup_tokens if token not in settings.tokens))
    own = account if account != settings.twilio_account_sid else ""
    return Carriers(guarded, both, both.trouble, tokens, (first, second), own)


def _push(settings: Settings, keyring: Keyring, clock: Clock, ids: Ids) -> WebPush:
    """Push to browsers works with no account anywhere: the key that signs is derived from the hub's own."""
    contact = settings.push_contact or settings.public_url
    services = [name.strip().lower() for name in settings.push_services.split(",") if name.strip()]
    return WebPush(Sender(keyring.derive("web push"), contact), clock, ids, services)


def _mail(settings: Settings, clock: Clock, ids: Ids) -> SmtpMail | None:
    try:
        return SmtpMail(settings.smtp_url, settings.mail_from, clock, ids) if settings.smtp_url else None
    except BadMailSetting as problem:
        raise CannotStart(f"E-mail cannot be sent: {problem} (CRISIS_HUB_SMTP_URL, CRISIS_HUB_MAIL_FROM).") from problem
