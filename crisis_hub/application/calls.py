"""Moves in the room of a call: a member of staff is rung on their own telephone and brought to the caller.

Every call has a room of its own from the first second, named after its contact, so that nobody who leaves ends it
for the caller.
"""

from __future__ import annotations

from datetime import timedelta

from crisis_hub.application.hub import Ends, Hub
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
from crisis_hub.application.staff import Directory
from crisis_hub.domain.commands import NoteRoom
from crisis_hub.domain.vocabulary import ContactId, Method, PersonId

_MOST_TRIES = 5


class Calls:
    """Brings staff into rooms."""

    def __init__(
        self, hub: Hub, store: Store, telephony: Telephony, clock: Clock, directory: Directory, owner: str
    ) -> None:
        self._hub = hub
        self._store = store
        self._telephony = telephony
        self._clock = clock
        self._directory = directory
        self._owner = owner

    async def ring_into_room(self, claimed: Claimed) -> None:
        """Ring somebody's own telephone; whoever answers is in the room with the caller."""
        stream = claimed.effect.stream
        contact_id, person_id = (ContactId(x) for x in claimed.effect.subject.split("/", 1))
        case = await self._hub.case(stream)
        contact = case.conversation.contact(contact_id)
        if contact is None or contact.ended_at:
            await self._settle(claimed, Settlement.DROPPED)
            return
        address = self._voice_address(person_id)
        if address is None:
            await self._failed(claimed, contact_id, person_id, "There is no voice number on file for them.")
            return
        path = f"/twilio/voice/staff?case={stream}&contact={contact_id}&person={person_id}"
        try:
            await self._telephony.ring_into_room(address, contact_id, path)
        except CarrierRefused as refusal:
            await self._failed(claimed, contact_id, person_id, f"{refusal.code}: {refusal.reason}")
        except CarrierBusy as busy:
            if claimed.tries >= _MOST_TRIES:
                await self._failed(claimed, contact_id, person_id, str(busy))
                return
            again = self._clock.now() + timedelta(seconds=busy.retry_after)
            await self._store.retry(claimed.effect.key, self._owner, again)
        except OutcomeUnknown as unknown:
            # Ringing twice would put the same person in the room twice; they can press the button again.
            await self._failed(claimed, contact_id, person_id, f"Not known whether it rings: {unknown}")
        else:
            await self._settle(claimed, Settlement.HANDED_OVER)

    def _voice_address(self, person: str) -> str | None:
        found = self._directory.person(person)
        return next((r.address for r in found.reach if r.method is Method.VOICE), None) if found else None

    async def _failed(self, claimed: Claimed, contact: str, person: str, why: str) -> None:
        settled = Settled(claimed.effect.key, self._owner, Settlement.FAILED, why)
        command = NoteRoom(ContactId(contact), PersonId(person), here=False, why=why)
        await self._hub.do(claimed.effect.stream, command, "carrier", claimed.effect.key, Ends(settled=(settled,)))

    async def _settle(self, claimed: Claimed, outcome: Settlement) -> None:
        await self._store.settle(Settled(claimed.effect.key, self._owner, outcome))
