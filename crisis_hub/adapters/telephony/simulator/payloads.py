"""What the REST API answers: every field that Twilio's own library reads, and lists in pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from crisis_hub.adapters.telephony.simulator.fields import API_VERSION, rfc2822, segments
from crisis_hub.adapters.telephony.simulator.state import Account, Call, Conference, Message, Participant

Payload = dict[str, Any]

_LARGEST_PAGE = 1000
_USUAL_PAGE = 50


def base(account: Account) -> str:
    """Return the path below which everything of an account lies."""
    return f"/{API_VERSION}/Accounts/{account.sid}"


def message_payload(account: Account, message: Message) -> Payload:
    """Return a message as the API shows it."""
    uri = f"{base(account)}/Messages/{message.sid}"
    return {
        "body": message.body,
        "num_segments": str(segments(message.body)),
        "direction": message.direction,
        "from": message.from_,
        "to": message.to,
        "date_updated": rfc2822(message.updated),
        "price": None,
        "error_message": None,
        "uri": f"{uri}.json",
        "account_sid": account.sid,
        "num_media": "0",
        "status": message.status,
        "messaging_service_sid": None,
        "sid": message.sid,
        "date_sent": _date(message.sent),
        "date_created": rfc2822(message.created),
        "error_code": message.error_code,
        "price_unit": "USD",
        "api_version": API_VERSION,
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def call_payload(account: Account, call: Call) -> Payload:
    """Return a call as the API shows it."""
    uri = f"{base(account)}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.updated),
        "parent_call_sid": call.parent.sid if call.parent else None,
        "account_sid": account.sid,
        "to": call.to,
        "to_formatted": call.to,
        "from": call.from_,
        "from_formatted": call.from_,
        "phone_number_sid": None,
        "status": call.status,
        "start_time": _date(call.started),
        "end_time": _date(call.ended),
        "duration": str(call.seconds()) if call.ended else None,
        "price": None,
        "price_unit": "USD",
        "direction": call.direction,
        "answered_by": call.answered_by or None,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }


def conference_payload(account: Account, room: Conference) -> Payload:
    """Return a conference as the API shows it."""
    uri = f"{base(account)}/Conferences/{room.sid}"
    return {
        "account_sid": account.sid,
        "date_created": rfc2822(room.created),
        "date_updated": rfc2822(room.updated),
        "api_version": API_VERSION,
        "friendly_name": room.name,
        "region": "us1",
        "sid": room.sid,
        "status": room.status,
        "uri": f"{uri}.json",
        "subresource_uris": {"participants": f"{uri}/Participants.json"},
        "reason_conference_ended": room.ended_because or None,
        "call_sid_ending_conference": room.ended_by or None,
    }


def participant_payload(account: Account, room: Conference, participant: Participant, status: str) -> Payload:
    """Return somebody in a conference as the API shows them."""
    return {
        "account_sid": account.sid,
        "call_sid": participant.call.sid,
        "label": participant.label or None,
        "call_sid_to_coach": participant.coached_sid or None,
        "coaching": participant.coaching,
        "conference_sid": room.sid,
        "date_created": rfc2822(participant.joined),
        "date_updated": rfc2822(participant.call.updated),
        "end_conference_on_exit": participant.end_on_exit,
        "muted": participant.muted,
        "hold": participant.hold,
        "start_conference_on_enter": participant.start_on_enter,
        "status": status,
        "queue_time": "0",
        "uri": f"{base(account)}/Conferences/{room.sid}/Participants/{participant.call.sid}.json",
    }


def page(key: str, rows: Sequence[Payload], path: str, query: dict[str, str]) -> Payload:
    """Return one page of a list, with the addresses of its neighbours."""
    size = min(max(_number(query.get("PageSize"), _USUAL_PAGE), 1), _LARGEST_PAGE)
    number = max(_number(query.get("Page"), 0), 0)
    start = number * size
    shown = list(rows[start : start + size])
    more = start + size < len(rows)
    return {
        key: shown,
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": _page_uri(path, query, number, size),
        "first_page_uri": _page_uri(path, query, 0, size),
        "next_page_uri": _page_uri(path, query, number + 1, size) if more else None,
        "previous_page_uri": _page_uri(path, query, number - 1, size) if number else None,
    }


def _page_uri(path: str, query: dict[str, str], number: int, size: int) -> str:
    return f"{path}?{urlencode({**query, 'PageSize': str(size), 'Page': str(number)})}"


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default


def _date(at: datetime | None) -> str | None:
    return rfc2822(at) if at else None
