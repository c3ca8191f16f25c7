"""Tells a supervisor that the coverage of a rota or ladder is another now: by text in short, by e-mail in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from crisis_hub.application.coverage import address_of
from crisis_hub.application.ports import (
    CarrierBusy,
    CarrierRefused,
    Claimed,
    Clock,
    OutcomeUnknown,
    Settled,
    Settlement,
    Store,
    Telephony,
)
from crisis_hub.application.reaching import Reaching, language_of
from crisis_hub.application.staff import Directory, Person
from crisis_hub.application.words import say
from crisis_hub.domain.events import CoverageChanged
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import Method

_MOST_TRIES = 20
_IN_A_TEXT = 2


class CoverageWords:
    """Carries what changed to one person by one way."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        store: Store,
        telephony: Telephony,
        reaching: Reaching,
        clock: Clock,
        directory: Directory,
        rulebook: Callable[[], Rulebook],
        public_url: str,
        owner: str,
        *,
        drill: bool,
    ) -> None:
        self._store = store
        self._telephony = telephony
        self._reaching = reaching
        self._clock = clock
        self._directory = directory
        self._rulebook = rulebook
        self._public_url = public_url
        self._owner = owner
        self._drill = drill

    async def announce(self, claimed: Claimed) -> None:
        """Send it once; what the carrier surely did not take is tried again, and the rest stands on the board."""
        version, _, rest = claimed.effect.subject.partition("/")
        id, _, method = rest.rpartition("/")
        fact = await self._fact(claimed.effect.stream, int(version))
        person = self._directory.person(id)
        address = address_of(person, Method(method)) if person else None
        outcome = Settlement.DROPPED
        if fact and person and address:
            try:
                await self._carry(person, Method(method), address, fact)
                outcome = Settlement.HANDED_OVER
            except CarrierBusy as busy:
                if claimed.tries < _MOST_TRIES:
                    again = self._clock.now() + timedelta(seconds=max(busy.retry_after, claimed.tries))
                    await self._store.retry(claimed.effect.key, self._owner, again)
                    return
                outcome = Settlement.FAILED
            except (CarrierRefused, OutcomeUnknown):
                outcome = Settlement.FAILED
        await self._store.settle(Settled(claimed.effect.key, self._owner, outcome))

    async def _fact(self, stream: str, version: int) -> CoverageChanged | None:
        recorded = await self._store.read(stream)
        return next((r.fact for r in recorded if r.version == version and isinstance(r.fact, CoverageChanged)), None)

    async def _carry(self, person: Person, method: Method, address: str, fact: CoverageChanged) -> None:
        book, language = self._rulebook(), language_of(person)
        drill = say(book, language, "drill") if self._drill else ""
        link = f"{self._public_url}/rota"

        def words(key: str, told: str) -> str:
            return say(book, language, key, drill=drill, about=fact.about, told=told, link=link)

        mended = [words("coverage_mended", told) for told in fact.mended]
        if method is Method.EMAIL:
            body = words("coverage_mail", "\n".join([*fact.news, *mended]))
            await self._reaching.mail(address, words("coverage_mail_subject", ""), body)
        else:
            text = words("coverage_text", _in_short([*fact.news, *mended]))
            await self._telephony.send_text(address, text, "/twilio/page/notice")


def _in_short(sentences: Sequence[str]) -> str:
    """Return the first sentences and how many more there are: a text is read in the street."""
    more = len(sentences) - _IN_A_TEXT
    return " ".join(sentences[:_IN_A_TEXT]) + (f" (+{more})" if more > 0 else "")
