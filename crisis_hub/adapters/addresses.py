"""What can be an address: a telephone number in E.164, a mailbox, a browser of a push service that is known."""

from __future__ import annotations

import re
from collections.abc import Callable

import phonenumbers

from crisis_hub.domain.vocabulary import Method

_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_LONGEST = 3000


def no_push(_subscription: str) -> str:
    """Say that no browser can be pushed to here."""
    return "web push is not set up here"


class KnownAddresses:
    """The port `Addresses`; `why_not` says what is wrong with a push subscription, or nothing."""

    def __init__(self, why_not: Callable[[str], str] = no_push) -> None:
        self._why_not = why_not

    def normal(self, method: Method, said: str) -> str:
        """Return an address as it is kept; raises `ValueError` with a sentence when it cannot be one."""
        if method is Method.EMAIL:
            return mailbox(said)
        if method is Method.PUSH:
            problem = self._why_not(said) if len(said) <= _LONGEST else "this is longer than what a browser gives"
            if problem:
                raise ValueError(problem)
            return said
        return telephone_number(said)


def telephone_number(said: str) -> str:
    """Return a number in E.164; numbers of examples and films pass, since rehearsals use them."""
    try:
        number = phonenumbers.parse(said)
    except phonenumbers.NumberParseException as problem:
        raise ValueError("write the number with plus and country code, such as +15550100001") from problem
    if not phonenumbers.is_possible_number(number):
        raise ValueError("no telephone number has this length; look at it again")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mailbox(said: str) -> str:
    """Return a mailbox with its domain in small letters."""
    address = said.strip()
    if len(address) > 254 or not _MAILBOX.fullmatch(address):
        raise ValueError("write the e-mail address as name@example.org")
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"
