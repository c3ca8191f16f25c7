"""The door: who somebody is, for how long, and how often a wrong password may be tried."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis_hub.application.ports import Clock, Passwords, Secrets, Session, Sessions
from crisis_hub.application.staff import Directory, Person

LASTS = timedelta(hours=12)
"""The longest shift; nobody is signed out in the middle of a call."""

_MOST_WRONG = 5
_MOST_WRONG_FROM_ONE_PLACE = 30
_WINDOW = timedelta(minutes=5)
_MOST_REMEMBERED = 10_000


class WrongSignIn(Exception):
    """The name or the password is wrong; which of them is not said."""


class TooManyTries(Exception):
    """Too many wrong passwords in a short time; `wait_seconds` says how long to wait."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"Too many wrong passwords. Try again in {wait_seconds} seconds, or ask a supervisor.")
        self.wait_seconds = wait_seconds


class NotSignedIn(Exception):
    """There is no session, or it is over."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session with its person; `token` is shown only when it is made."""

    person: Person
    session: Session
    token: str = ""


class Door:
    """Lets people in."""

    def __init__(
        self, directory: Directory, sessions: Sessions, passwords: Passwords, secrets: Secrets, clock: Clock
    ) -> None:
        self._directory = directory
        self._sessions = sessions
        self._passwords = passwords
        self._secrets = secrets
        self._clock = clock
        self._wrong: defaultdict[str, deque[datetime]] = defaultdict(deque)

    async def sign_in(self, username: str, password: str, place: str) -> SignedIn:
        """Check a password and make a session; wrong tries are counted by name and by network place."""
        name, place = f"name:{username}", f"place:{place}"
        self._refuse_guessing(name, _MOST_WRONG)
        self._refuse_guessing(place, _MOST_WRONG_FROM_ONE_PLACE)
        # Counted before it is checked, so that a thousand guesses at once are not one guess.
        now = self._clock.now()
        self._forget_old_tries(now)
        self._wrong[name].append(now)
        self._wrong[place].append(now)
        person = self._directory.by_username(username)
        stored = person.password_hash if person else ""
        if not await self._passwords.matches(stored, password) or person is None:
            raise WrongSignIn
        self._wrong.pop(name, None)
        self._take_back(place, now)
        return await self._let_in(person)

    async def who(self, token: str) -> SignedIn:
        """Return who holds this token, as they are known now."""
        session = await self._sessions.get(self._secrets.token_hash(token)) if token else None
        person = self._directory.person(session.person) if session else None
        if session is None or person is None or session.expires_at <= self._clock.now():
            raise NotSignedIn
        return SignedIn(person, session)

    async def sign_out(self, session: Session) -> None:
        """End a session."""
        await self._sessions.end(session.token_hash)

    async def _let_in(self, person: Person) -> SignedIn:
        token = self._secrets.new_token()
        now = self._clock.now()
        session = Session(self._secrets.token_hash(token), person.id, self._secrets.new_token(), now, now + LASTS)
        await self._sessions.put(session)
        return SignedIn(person, session, token)

    def _forget_old_tries(self, now: datetime) -> None:
        """Let go of what no longer counts, so that made-up names never fill the memory."""
        if len(self._wrong) < _MOST_REMEMBERED:
            return
        for key in [key for key, tries in self._wrong.items() if not tries or tries[-1] <= now - _WINDOW]:
            del self._wrong[key]
        while len(self._wrong) >= _MOST_REMEMBERED:
            del self._wrong[next(iter(self._wrong))]

    def _take_back(self, key: str, at: datetime) -> None:
        tries = self._wrong.get(key)
        if tries and at in tries:
            tries.remove(at)

    def _refuse_guessing(self, key: str, most: int) -> None:
        tries = self._wrong.get(key)
        if not tries:
            return
        now = self._clock.now()
        while tries and tries[0] <= now - _WINDOW:
            tries.popleft()
        if not tries:
            del self._wrong[key]
        elif len(tries) >= most:
            raise TooManyTries(int((tries[0] + _WINDOW - now).total_seconds()) + 1)
