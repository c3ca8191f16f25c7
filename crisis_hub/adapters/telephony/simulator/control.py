"""The levers behind the scenes, as JSON over loopback: phones, people, faults, and what was heard."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crisis_hub.adapters.telephony.simulator.faults import Fault, Faults
from crisis_hub.adapters.telephony.simulator.people import KNOWN, Person
from crisis_hub.adapters.telephony.simulator.phones import Phone, Phones
from crisis_hub.adapters.telephony.simulator.state import Call, Exchange, Message, Number
from crisis_hub.adapters.telephony.simulator.texts import is_number
from crisis_hub.adapters.telephony.simulator.webhooks import Webhooks
from crisis_hub.adapters.telephony.simulator.work import Work

Data = dict[str, Any]

_PATIENCE_SECONDS = 20.0


class Wrong(Exception):
    """A lever was pulled in a way that makes no sense."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Panel:
    """What the levers move."""

    exchange: Exchange
    work: Work
    faults: Faults
    webhooks: Webhooks
    phones: Phones
    rent: Callable[[str, str], Number]


Lever = Callable[[Panel, Request, Data], Awaitable[object]]


def routes(panel: Panel) -> list[Route]:
    """Return every lever."""
    levers: list[tuple[str, str, Lever]] = [
        ("GET", "/sim", _overview),
        ("POST", "/sim/numbers", _rent),
        ("POST", "/sim/bins", _keep),
        ("GET", "/sim/phones", _phones),
        ("POST", "/sim/phones", _put_up),
        ("GET", "/sim/phones/{number}", _look),
        ("POST", "/sim/phones/{number}/{doing}", _do),
        ("POST", "/sim/texts", _text),
        ("POST", "/sim/calls", _call),
        ("GET", "/sim/faults", _faults),
        ("POST", "/sim/faults", _break),
        ("DELETE", "/sim/faults", _mend),
        ("GET", "/sim/webhooks", _webhooks),
        ("POST", "/sim/idle", _idle),
    ]
    return [Route(path, _endpoint(panel, lever), methods=[method]) for method, path, lever in levers]


def _endpoint(panel: Panel, lever: Lever) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not _is_near(request):
            return JSONResponse({"error": "the levers can only be reached over loopback"}, status_code=403)
        try:
            return JSONResponse(await lever(panel, request, await _data(request)))
        except Wrong as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=wrong.status)
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": f"not understood: {error}"}, status_code=400)
        except AssertionError as error:
            # A phone says that there is no such call to answer, press in or hang up.
            return JSONResponse({"error": str(error)}, status_code=409)

    return endpoint


def _is_near(request: Request) -> bool:
    """Let in only who is on this machine, and no web page that was made to point here under another name."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return (
        request.client is not None and _is_loopback(request.client.host) and (host == "localhost" or _is_loopback(host))
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def _data(request: Request) -> Data:
    body = await request.body()
    if not body:
        return {}
    if not request.headers.get("content-type", "").startswith("application/json"):
        # A foreign page cannot send this type without asking first, and nobody answers that question.
        raise Wrong(415, "send JSON")
    data = json.loads(body)
    if not isinstance(data, dict):
        raise Wrong(400, "send a JSON object")
    return data


async def _overview(panel: Panel, request: Request, data: Data) -> object:
    return {
        "account_sid": panel.exchange.account.sid,
        "now": panel.work.clock.now().isoformat(),
        "numbers": [asdict(number) for number in panel.exchange.numbers.values()],
        "phones": [phone.number for phone in panel.phones],
        "counts": {
            "messages": len(panel.exchange.messages),
            "calls": len(panel.exchange.calls),
            "conferences": len(panel.exchange.conferences),
            "webhooks": len(panel.webhooks.posted),
        },
        "faults": dict(panel.faults.struck),
        "busy": panel.work.busy,
        "failures": [repr(failure) for failure in panel.work.failures],
    }


async def _rent(panel: Panel, request: Request, data: Data) -> object:
    return asdict(panel.rent(_number(data["number"]), str(data["hub_url"])))


async def _keep(panel: Panel, request: Request, data: Data) -> object:
    panel.exchange.bins[str(data["url"])] = str(data["twiml"])
    return {"kept": str(data["url"])}


async def _phones(panel: Panel, request: Request, data: Data) -> object:
    return {"phones": [_phone_data(phone) for phone in panel.phones]}


async def _put_up(panel: Panel, request: Request, data: Data) -> object:
    person = data.get("person", {})
    behind = KNOWN[person] if isinstance(person, str) else Person.read(person)
    return _phone_data(panel.phones.add(_number(data["number"]), behind))


async def _look(panel: Panel, request: Request, data: Data) -> object:
    return _phone_data(panel.phones.at(_number(request.path_params["number"])))


async def _do(panel: Panel, request: Request, data: Data) -> object:
    phone = panel.phones.at(_number(request.path_params["number"]))
    with panel.work.doing():
        match request.path_params["doing"]:
            case "text":
                return _message_data(phone.text(str(data["body"]), str(data.get("to", ""))))
            case "call":
                return _call_data(phone.call(str(data.get("to", ""))))
            case "answer":
                phone.answer()
            case "decline":
                phone.decline()
            case "press":
                phone.press(str(data["digits"]))
            case "say":
                phone.say(str(data["words"]))
            case "hang-up":
                phone.hang_up()
            case "begin":
                phone.begin()
            case other:
                raise Wrong(404, f"a phone cannot {other!r}")
    return _phone_data(phone)


async def _text(panel: Panel, request: Request, data: Data) -> object:
    phone = panel.phones.at(_number(data["from"]))
    return _message_data(phone.text(str(data["body"]), str(data.get("to", ""))))


async def _call(panel: Panel, request: Request, data: Data) -> object:
    return _call_data(panel.phones.at(_number(data["from"])).call(str(data.get("to", ""))))


async def _faults(panel: Panel, request: Request, data: Data) -> object:
    return {"active": [asdict(fault) for fault in panel.faults.active()], "struck": dict(panel.faults.struck)}


async def _break(panel: Panel, request: Request, data: Data) -> object:
    panel.faults.add(Fault.read(data))
    return await _faults(panel, request, data)


async def _mend(panel: Panel, request: Request, data: Data) -> object:
    panel.faults.switch_off(request.query_params.get("kind"))
    return await _faults(panel, request, data)


async def _webhooks(panel: Panel, request: Request, data: Data) -> object:
    wanted = request.query_params.get("url", "")
    return {"webhooks": [asdict(one) for one in panel.webhooks.posted if wanted in one.url]}


async def _idle(panel: Panel, request: Request, data: Data) -> object:
    done = await panel.work.answer_within(_PATIENCE_SECONDS, _rested(panel.work))
    return {"idle": bool(done), "busy": panel.work.busy}


async def _rested(work: Work) -> bool:
    await work.idle()
    return True


def _number(text: object) -> str:
    if not isinstance(text, str) or not is_number(text):
        raise Wrong(400, f"not a telephone number: {text!r}")
    return text


def _phone_data(phone: Phone) -> Data:
    return {
        "number": phone.number,
        "person": asdict(phone.person),
        "texts": [_message_data(message) for message in phone.texts],
        "sent": [_message_data(message) for message in phone.sent],
        "calls": [_call_data(call) for call in phone.calls],
    }


def _message_data(message: Message) -> Data:
    return {
        "sid": message.sid,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "at": message.updated.isoformat(),
        "error_code": message.error_code,
    }


def _call_data(call: Call) -> Data:
    heard = [
        {"at": one.at.isoformat(), "what": one.what, "words": one.words, "language": one.language} for one in call.heard
    ]
    return {
        "sid": call.sid,
        "from": call.from_,
        "to": call.to,
        "status": call.status,
        "direction": call.direction,
        "answered_by": call.answered_by,
        "seconds": call.seconds(),
        "heard": heard,
    }
