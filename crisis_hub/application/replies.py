"""Words that go to the person in need: sent once, and looked up at the carrier before they are ever sent again."""

from __future__ import annotations

from collections.abc import Container
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
from crisis_hub.domain.commands import ProgressMessage
from crisis_hub.domain.conversation import Message
from crisis_hub.domain.events import SEALED
from crisis_hub.domain.vocabulary import CarrierId, MessageId, MessageState

_LOOK_BACK = timedelta(minutes=10)
_ASK_AGAIN = timedelta(seconds=2)
_MOST_TRIES = 30


class Replies:
    """Sends what responders write."""

    def __init__(self, hub: Hub, store: Store, telephony: Telephony, clock: Clock, owner: str) -> None:
        self._hub = hub
        self._store = store
        self._telephony = telephony
        self._clock = clock
        self._owner = owner

    async def send(self, claimed: Claimed) -> None:
        """Send one message and record what the carrier said to it."""
        stream = claimed.effect.stream
        case = await self._hub.case(stream)
        message = case.conversation.message(MessageId(claimed.effect.subject))
        contact = case.conversation.contact(message.contact) if message else None
        if message is None or contact is None or message.state is not MessageState.PLANNED or message.text == SEALED:
            await self._store.settle(Settled(claimed.effect.key, self._owner, Settlement.DROPPED))
            return
        if case.conversation.texting_stopped:
            await self._say(claimed, message, MessageState.FAILED, None, "The person has stopped our texts.")
            return
        others = {m.carrier_id for m in case.conversation.messages if m.carrier_id}
        try:
            carrier_id = await self._send_once(claimed, message, contact.address, stream, others)
        except CarrierRefused as refusal:
            await self._say(claimed, message, MessageState.FAILED, None, f"{refusal.code}: {refusal.reason}")
        except CarrierBusy as busy:
            await self._later(claimed, message, timedelta(seconds=busy.retry_after), str(busy))
        except OutcomeUnknown as unknown:
            await self._later(claimed, message, _ASK_AGAIN, str(unknown))
        else:
            await self._say(claimed, message, MessageState.SENT, carrier_id, "")

    async def _send_once(
        self, claimed: Claimed, message: Message, to: str, stream: str, others: Container[CarrierId]
    ) -> CarrierId:
        """Send it, but on a second try only when the carrier's own list shows that the first did not get through.

        Texts that are known to be `others` do not count: the same words may be written twice.
        """
        if claimed.tries > 1:
            for known in await self._telephony.find_texts(to, message.at - _LOOK_BACK):
                same = known.body == message.text and known.carrier_id not in others
                if same and known.at >= message.at - timedelta(seconds=1):
                    return known.carrier_id
        path = f"/twilio/text/status?case={stream}&message={message.id}"
        return await self._telephony.send_text(to, message.text, path)

    async def _later(self, claimed: Claimed, message: Message, wait: timedelta, why: str) -> None:
        if claimed.tries >= _MOST_TRIES:
            await self._say(claimed, message, MessageState.FAILED, None, f"Given up after {claimed.tries} tries: {why}")
            return
        await self._store.retry(claimed.effect.key, self._owner, self._clock.now() + wait)

    async def _say(
        self, claimed: Claimed, message: Message, state: MessageState, carrier_id: CarrierId | None, detail: str
    ) -> None:
        outcome = Settlement.FAILED if state is MessageState.FAILED else Settlement.HANDED_OVER
        settled = Settled(claimed.effect.key, self._owner, outcome, detail)
        command = ProgressMessage(message.id, state, carrier_id, detail)
        await self._hub.do(claimed.effect.stream, command, "carrier", claimed.effect.key, Ends(settled=(settled,)))
