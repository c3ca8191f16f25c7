"""E-mail over SMTP: plain text, one recipient, marked as written by a machine."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from crisis_hub.application.ports import CarrierBusy, CarrierRefused, Clock, Ids, OutcomeUnknown
from crisis_hub.domain.vocabulary import CarrierId

_PATIENCE = 6.0
_PORTS = {"smtp": 587, "smtps": 465}


class BadMailSetting(ValueError):
    """A mail server's address cannot be used; the message says why and shows no password."""


class SmtpMail:
    """The port `Mail`: `smtp://user:password@host:587` (TLS begun by STARTTLS) or `smtps://…:465` (TLS at once)."""

    def __init__(self, url: str, sender: str, clock: Clock, ids: Ids) -> None:
        try:
            address = urlsplit(url)
            port = address.port
        except ValueError as problem:
            raise BadMailSetting("the port of the mail server is not a number") from problem
        if address.scheme not in _PORTS or not address.hostname:
            raise BadMailSetting("write the mail server as smtp://user:password@host:587 or smtps://host:465")
        if sender.count("@") != 1 or any(sign.isspace() for sign in sender):
            raise BadMailSetting("say who sends, such as CRISIS_HUB_MAIL_FROM=oncall@line.example.org")
        self._host = address.hostname
        self._port = port or _PORTS[address.scheme]
        self._tls = address.scheme == "smtps"
        self._user = unquote(address.username or "") or None
        self._password = unquote(address.password or "") or None
        self._sender = sender
        self._clock = clock
        self._ids = ids

    async def send_mail(self, to: str, subject: str, body: str) -> CarrierId:
        """Hand one e-mail over; raises a `TelephonyError` of one of the three kinds when it was not taken for sure."""
        name = f"<{self._ids.new()}@{self._sender.partition('@')[2]}>"
        try:
            message = self._written(name, to, subject, body)
        except (ValueError, IndexError, MessageError) as problem:
            raise CarrierRefused("bad", "this is not an e-mail address") from problem
        client = self._client()
        await self._connect(client)
        try:
            await client.send_message(message, sender=self._sender, recipients=[to])
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _of_code(refused.recipients[0].code if refused.recipients else 550) from refused
        except aiosmtplib.SMTPResponseException as refused:
            raise _of_code(refused.code) from refused
        except (aiosmtplib.SMTPException, OSError) as error:
            raise OutcomeUnknown(f"the mail server fell silent ({type(error).__name__})") from error
        finally:
            client.close()
        return CarrierId(name)

    def _client(self) -> aiosmtplib.SMTP:
        # A password is never said in the clear: with one, a server without TLS is refused.
        start_tls = False if self._tls else (True if self._password else None)
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=start_tls,
            timeout=_PATIENCE,
        )

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        """Open the way; whatever goes wrong here, nothing was sent."""
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as refused:
            raise CarrierRefused(str(refused.code), "the mail server does not take our password") from refused
        except aiosmtplib.SMTPNotSupported as refused:
            raise CarrierRefused("tls", "the mail server does not offer what is needed to send safely") from refused
        except (aiosmtplib.SMTPException, OSError) as error:
            raise CarrierBusy(f"the mail server cannot be reached ({type(error).__name__})", 2.0) from error

    def _written(self, name: str, to: str, subject: str, body: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = Address(addr_spec=self._sender)
        message["To"] = Address(addr_spec=to)
        message["Subject"] = subject
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = name
        message["Auto-Submitted"] = "auto-generated"
        message["Importance"] = "high"
        message.set_content(body)
        return message


def _of_code(code: int) -> CarrierRefused | CarrierBusy:
    """Sort the server's answer; its own words are left out, since they repeat the address."""
    if code < 500:
        return CarrierBusy(f"the mail server says later ({code})", 5.0)
    return CarrierRefused(str(code), f"the mail server refuses ({code})")
