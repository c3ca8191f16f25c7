"""E-mail to staff, against a real mail server on a real socket."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.smtp_mail import BadMailSetting, SmtpMail
from crisis_hub.application.ports import CarrierBusy, CarrierRefused, OutcomeUnknown

FROM, ANA = "oncall@line.example.org", "ana@example.org"


class Mailbox:
    """What the server took in; `says` is its answer to the next message."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.says = "250 taken"
        self.to_recipient = "250 ok"

    async def handle_RCPT(  # noqa: N802 - the server's word
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to the name of the recipient."""
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message, or not."""
        if self.says == "hang up":
            assert server.transport is not None
            server.transport.close()
            return ""
        self.taken.append(envelope)
        return self.says

    def message(self) -> EmailMessage:
        """Return the newest message, read as a mail program reads it."""
        content = self.taken[-1].content
        assert isinstance(content, bytes)
        found = message_from_bytes(content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@asynccontextmanager
async def listening(mailbox: Mailbox, **how: Any) -> AsyncIterator[int]:  # noqa: ANN401 - what the server is told
    """Run a mail server and return its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True, loop=loop, **how), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
async def server(mailbox: Mailbox) -> AsyncIterator[int]:
    """Return the port of a mail server that wants no password."""
    async with listening(mailbox) as port:
        yield port


def mail(port: int, who: str = "") -> SmtpMail:
    """Return our own end."""
    clock = SystemClock()
    return SmtpMail(f"smtp://{who}127.0.0.1:{port}", FROM, clock, RandomIds(clock))


async def test_it_arrives_whole_and_says_that_a_machine_wrote_it(server: int, mailbox: Mailbox) -> None:
    name = await mail(server).send_mail(ANA, "DRILL. HIGH. Caso 4127 ¡ya!", "Ábralo:\nhttps://hub.example.org/p/x\n")

    found = mailbox.message()
    assert mailbox.taken[0].rcpt_tos == [ANA]
    assert mailbox.taken[0].mail_from == FROM
    assert (found["From"], found["To"], found["Subject"]) == (FROM, ANA, "DRILL. HIGH. Caso 4127 ¡ya!")
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"] == name
    assert "https://hub.example.org/p/x" in found.get_content()
    assert found.get_content_type() == "text/plain"


async def test_two_mails_have_two_names(server: int, mailbox: Mailbox) -> None:
    assert await mail(server).send_mail(ANA, "a", "b") != await mail(server).send_mail(ANA, "a", "b")


@pytest.mark.parametrize(
    ("says", "error"),
    [
        ("550 no such person here ana@example.org", CarrierRefused),
        ("451 later", CarrierBusy),
        ("hang up", OutcomeUnknown),
    ],
)
async def test_every_answer_is_sorted_and_repeats_no_address(
    server: int, mailbox: Mailbox, says: str, error: type[Exception]
) -> None:
    mailbox.says = says

    with pytest.raises(error) as told:
        await mail(server).send_mail(ANA, "a", "b")
    assert "ana" not in str(told.value)


async def test_a_recipient_who_is_not_there_is_refused(server: int, mailbox: Mailbox) -> None:
    mailbox.to_recipient = "550 unknown"
    with pytest.raises(CarrierRefused):
        await mail(server).send_mail(ANA, "a", "b")
    mailbox.to_recipient = "450 greylisted"
    with pytest.raises(CarrierBusy):
        await mail(server).send_mail(ANA, "a", "b")


async def test_a_server_that_is_not_there_took_nothing(mailbox: Mailbox) -> None:
    async with listening(mailbox) as port:
        pass

    with pytest.raises(CarrierBusy):
        await mail(port).send_mail(ANA, "a", "b")


async def test_a_password_is_never_said_in_the_clear(mailbox: Mailbox) -> None:
    """A server that offers no TLS hears no password, and so gets no mail."""
    heard: list[object] = []

    def hear(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        heard.append(data)
        return AuthResult(success=True)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the server itself warns of what is tried here
        async with listening(mailbox, authenticator=hear, auth_require_tls=False) as port:
            with pytest.raises((CarrierRefused, CarrierBusy)):
                await mail(port, "hub:secret@").send_mail(ANA, "a", "b")
    assert (heard, mailbox.taken) == ([], [])


@pytest.mark.parametrize("to", ["ana", "ana@example.org\nBcc: eve@example.org", "", "a b@example.org"])
async def test_what_is_no_address_is_refused_before_anything_is_sent(server: int, mailbox: Mailbox, to: str) -> None:
    with pytest.raises(CarrierRefused):
        await mail(server).send_mail(to, "a", "b")
    assert mailbox.taken == []


async def test_a_subject_cannot_smuggle_in_a_header(server: int, mailbox: Mailbox) -> None:
    with pytest.raises(CarrierRefused):
        await mail(server).send_mail(ANA, "a\nBcc: eve@example.org", "b")


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("mail.example.org", FROM),
        ("http://mail.example.org", FROM),
        ("smtp://", FROM),
        ("smtp://x:port", FROM),
        ("smtp://mail.example.org", ""),
        ("smtp://mail.example.org", "on call"),
    ],
)
def test_a_setting_that_cannot_work_is_told_without_its_password(url: str, sender: str) -> None:
    clock = SystemClock()

    with pytest.raises(BadMailSetting) as told:
        SmtpMail(url.replace("//", "//hub:secret@"), sender, clock, RandomIds(clock))
    assert "secret" not in str(told.value)
