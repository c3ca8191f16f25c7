"""A telephone company of our own, for tests and the demo: it speaks Twilio, and its phones have people."""

from crisis_hub.adapters.telephony.simulator.acting import Browse
from crisis_hub.adapters.telephony.simulator.browse import LinkOpener
from crisis_hub.adapters.telephony.simulator.carrier import Carrier
from crisis_hub.adapters.telephony.simulator.faults import Chance, Fault, FaultKind, Faults, Seeded
from crisis_hub.adapters.telephony.simulator.pace import Pace
from crisis_hub.adapters.telephony.simulator.people import (
    ASLEEP,
    AWAKE,
    FILTERED,
    UNREACHABLE,
    VOICEMAIL,
    Line,
    Person,
    Press,
)
from crisis_hub.adapters.telephony.simulator.phones import Phone
from crisis_hub.adapters.telephony.simulator.server import bound, served
from crisis_hub.adapters.telephony.simulator.state import ACCOUNT_SID, AUTH_TOKEN, Account, Call, Message

__all__ = [
    "ACCOUNT_SID",
    "ASLEEP",
    "AUTH_TOKEN",
    "AWAKE",
    "FILTERED",
    "UNREACHABLE",
    "VOICEMAIL",
    "Account",
    "Browse",
    "Call",
    "Carrier",
    "Chance",
    "Fault",
    "FaultKind",
    "Faults",
    "Line",
    "LinkOpener",
    "Message",
    "Pace",
    "Person",
    "Phone",
    "Press",
    "Seeded",
    "bound",
    "served",
]
