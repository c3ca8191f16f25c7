"""Who comes in, for how long, and how often somebody may guess."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from crisis_hub.adapters.clock import let_everything_run
from crisis_hub.adapters.store.memory import MemorySessions
from crisis_hub.application.door import LASTS, Door, NotSignedIn, TooManyTries, WrongSignIn
from crisis_hub.domain.events import PersonRemoved
from crisis_hub.domain.vocabulary import PersonId
from tests.application.hands import Hands, hands


class SlowPasswords:
    """Passwords that are right when they are the hash's last word; each look takes a while."""

    def __init__(self) -> None:
        self.looked_at: list[str] = []

    def hash(self, password: str) -> str:
        """Return what to keep."""
        return f"hash of {password}"

    async def matches(self, stored: str, password: str) -> bool:
        """Say whether this is the password."""
        self.looked_at.append(stored)
        await let_everything_run(3)
        return stored == f"hash of {password}"


@asynccontextmanager
async def door() -> AsyncIterator[tuple[Hands, Door, SlowPasswords]]:
    async with hands(working=False) as here:
        passwords = SlowPasswords()
        yield here, Door(here.directory, MemorySessions(), passwords, here.world.secrets, here.clock), passwords


async def wrong(at: Door, name: str = "ana", place: str = "here") -> None:
    with pytest.raises(WrongSignIn):
        await at.sign_in(name, "wrong", place)


async def test_the_right_password_lets_in_and_the_token_says_who() -> None:
    async with door() as (_, at, _):
        signed_in = await at.sign_in("ana", "ana", "here")

        assert (await at.who(signed_in.token)).person.id == "ana"
        assert signed_in.token not in repr(signed_in.session)


@pytest.mark.parametrize("name", ["ana", "nobody", ""])
async def test_a_wrong_name_and_a_wrong_password_are_told_alike_and_take_as_long(name: str) -> None:
    """Who works on a crisis line is nobody's business."""
    async with door() as (_, at, passwords):
        await wrong(at, name)

        assert len(passwords.looked_at) == 1


async def test_after_five_wrong_guesses_at_a_name_even_the_right_one_must_wait() -> None:
    async with door() as (here, at, passwords):
        for n in range(5):
            await wrong(at, place=f"place {n}")
        with pytest.raises(TooManyTries) as too_many:
            await at.sign_in("ana", "ana", "here")
        assert too_many.value.wait_seconds == 301
        assert len(passwords.looked_at) == 5
        await here.clock.advance(301)

        assert (await at.sign_in("ana", "ana", "here")).person.id == "ana"


async def test_a_thousand_guesses_at_once_are_not_one_guess() -> None:
    """Whoever guesses does not wait for the answer."""
    async with door() as (_, at, passwords):
        guesses = (at.sign_in("ana", f"guess {n}", f"place {n}") for n in range(1000))
        outcomes = await asyncio.gather(*guesses, return_exceptions=True)

        assert len(passwords.looked_at) == 5
        assert sum(isinstance(one, TooManyTries) for one in outcomes) == 995


async def test_guesses_at_many_names_from_one_place_are_stopped_too() -> None:
    async with door() as (_, at, _):
        for n in range(30):
            await wrong(at, f"name {n}")

        with pytest.raises(TooManyTries):
            await at.sign_in("ana", "ana", "here")
        assert (await at.sign_in("ana", "ana", "elsewhere")).person.id == "ana"


async def test_who_comes_in_rightly_uses_up_no_tries() -> None:
    """A whole shift signs in from one building."""
    async with door() as (_, at, _):
        for _ in range(40):
            await at.sign_in("ana", "ana", "here")
        for _ in range(4):
            await wrong(at)
        await at.sign_in("ana", "ana", "here")
        for _ in range(4):
            await wrong(at)


async def test_a_session_lasts_a_shift_and_not_longer() -> None:
    async with door() as (here, at, _):
        signed_in = await at.sign_in("ana", "ana", "here")
        await here.clock.advance(LASTS.total_seconds() - 1)
        assert (await at.who(signed_in.token)).person.id == "ana"
        await here.clock.advance(1)

        with pytest.raises(NotSignedIn):
            await at.who(signed_in.token)


async def test_signing_out_ends_this_session_and_no_other() -> None:
    async with door() as (_, at, _):
        one, other = await at.sign_in("ana", "ana", "here"), await at.sign_in("ana", "ana", "there")
        await at.sign_out(one.session)

        with pytest.raises(NotSignedIn):
            await at.who(one.token)
        assert (await at.who(other.token)).person.id == "ana"


async def test_who_no_longer_works_here_is_out_at_once() -> None:
    async with door() as (here, at, _):
        signed_in = await at.sign_in("ana", "ana", "here")
        await here.directory.record((PersonRemoved(PersonId("ana")),), "test")

        with pytest.raises(NotSignedIn):
            await at.who(signed_in.token)
        await wrong(at, "ana")


@pytest.mark.parametrize("token", ["", "x", "0" * 43])
async def test_a_token_that_is_not_ours_is_nobody(token: str) -> None:
    async with door() as (_, at, _):
        with pytest.raises(NotSignedIn):
            await at.who(token)
