"""The fields of the carrier's webhooks, with Twilio's names, including the ones that arrive blank."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from crisis_hub.adapters.telephony.simulator.state import Account, Call, Conference, Message, Participant

API_VERSION = "2010-04-01"


def rfc2822(at: datetime) -> str:
    """Write an instant as Twilio does."""
    return format_datetime(at)


def call_fields(account: Account, call: Call) -> dict[str, str]:
    """Return what comes with every question about a call."""
    fields = {
        "AccountSid": account.sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": call.status,
        "Direction": call.direction,
        "From": call.from_,
        "To": call.to,
        "Caller": call.from_,
        "Called": call.to,
        **_places("From", "Caller"),
        **_places("To", "Called"),
    }
    if call.parent:
        fields["ParentCallSid"] = call.parent.sid
    if call.answered_by:
        fields["AnsweredBy"] = call.answered_by
    return fields


def call_progress_fields(account: Account, call: Call, event: str, at: datetime) -> dict[str, str]:
    """Return what a call's status callback says."""
    fields = call_fields(account, call)
    fields["CallStatus"] = {"initiated": "initiated", "answered": "in-progress"}.get(event, call.status)
    fields |= {
        "Timestamp": rfc2822(at),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
    }
    if event == "completed":
        seconds = call.seconds()
        fields |= {
            "CallDuration": str(seconds),
            "Duration": str(-(-seconds // 60)),
            "SipResponseCode": _sip(call),
        }
        if call.error_code:
            fields["ErrorCode"] = str(call.error_code)
    return fields


def machine_fields(account: Account, call: Call, milliseconds: int) -> dict[str, str]:
    """Return what the carrier says when it has listened for a machine beside the running call."""
    return {
        "AccountSid": account.sid,
        "CallSid": call.sid,
        "AnsweredBy": call.answered_by,
        "MachineDetectionDuration": str(milliseconds),
    }


def text_fields(account: Account, message: Message) -> dict[str, str]:
    """Return what comes with a text that arrived."""
    return {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": message.sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": message.sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": message.body,
        "FromCountry": "US",
        "To": message.to,
        "ToZip": "",
        "NumSegments": str(segments(message.body)),
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": message.from_,
        "ApiVersion": API_VERSION,
    }


def text_progress_fields(account: Account, message: Message) -> dict[str, str]:
    """Return what a message's status callback says."""
    fields = {
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "MessageStatus": message.status,
        "To": message.to,
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": message.from_,
        "ApiVersion": API_VERSION,
    }
    if message.error_code:
        fields["ErrorCode"] = str(message.error_code)
    return fields


def conference_fields(
    account: Account, conference: Conference, event: str, at: datetime, participant: Participant | None = None
) -> dict[str, str]:
    """Return what a conference's status callback says."""
    fields = {
        "AccountSid": account.sid,
        "ConferenceSid": conference.sid,
        "FriendlyName": conference.name,
        "StatusCallbackEvent": event,
        "SequenceNumber": str(conference.sequence),
        "Timestamp": rfc2822(at),
    }
    if participant:
        fields |= {
            "CallSid": participant.call.sid,
            "Muted": _flag(participant.muted),
            "Hold": _flag(participant.hold),
            "Coaching": _flag(participant.coaching),
            "StartConferenceOnEnter": _flag(participant.start_on_enter),
            "EndConferenceOnExit": _flag(participant.end_on_exit),
        }
        if participant.label:
            fields["ParticipantLabel"] = participant.label
    if event == "conference-end":
        fields["ReasonConferenceEnded"] = conference.ended_because
        if conference.ended_by:
            fields["CallSidEndingConference"] = conference.ended_by
    return fields


def segments(body: str) -> int:
    """Return into how many pieces the networks cut a text."""
    single, joined = (160, 153) if body.isascii() else (70, 67)
    return 1 if len(body) <= single else -(-len(body) // joined)


def _places(*ends: str) -> dict[str, str]:
    """Return where a number is from: Twilio sends these for every call, blank where it does not know."""
    return {
        f"{end}{part}": "US" if part == "Country" else ""
        for end in ends
        for part in ("City", "State", "Zip", "Country")
    }


def _flag(on: bool) -> str:
    return "true" if on else "false"


def _sip(call: Call) -> str:
    return {"busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"}.get(call.status, "200")
