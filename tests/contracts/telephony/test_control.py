"""The levers of the simulated carrier, as other processes pull them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.contracts.telephony.world import LINE, World, twiml, world

ANA = "+15550100001"


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        yield made


@pytest.fixture
async def levers(w: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(w.carrier.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client:
        yield client


async def test_a_phone_is_put_up_paged_and_looked_at(w: World, levers: httpx.AsyncClient) -> None:
    w.hub.answers["/menu"] = twiml("<Gather numDigits='1' action='/digits'><Say>Press 1</Say></Gather>")
    person = {"answers_after": 1, "presses": [{"digit": "1", "after": 1}]}

    put_up = await levers.post("/sim/phones", json={"number": ANA, "person": person})
    await w.asks(w.telephony.send_text(ANA, "Case 7", "/s"))
    await w.asks(w.telephony.place_call(ANA, "/menu", "/s"))
    await w.clock.advance(30)
    seen = (await levers.get(f"/sim/phones/{ANA}")).json()

    assert put_up.status_code == 200
    assert [text["body"] for text in seen["texts"]] == ["Case 7"]
    assert seen["calls"][0]["status"] == "completed"
    assert [one["words"] for one in seen["calls"][0]["heard"]] == ["Press 1"]
    assert w.hub.told("/digits", "Digits") == ["1"]


async def test_people_text_and_call_in_by_lever(w: World, levers: httpx.AsyncClient) -> None:
    w.hub.answers["/twilio/voice"] = twiml("<Pause length='60'/>")

    text = (await levers.post("/sim/texts", json={"from": ANA, "to": LINE, "body": "help"})).json()
    call = (await levers.post("/sim/calls", json={"from": ANA, "to": LINE})).json()
    await w.clock.advance(5)
    hung_up = await levers.post(f"/sim/phones/{ANA}/hang-up")
    again = await levers.post(f"/sim/phones/{ANA}/hang-up")

    assert text["sid"].startswith("SM")
    assert call["sid"].startswith("CA")
    assert w.hub.told("/twilio/text", "Body") == ["help"]
    assert hung_up.json()["calls"][0]["status"] == "completed"
    assert (again.status_code, "no call on" in again.json()["error"]) == (409, True)


async def test_faults_are_ordered_counted_and_mended(w: World, levers: httpx.AsyncClient) -> None:
    ordered = await levers.post("/sim/faults", json={"kind": "webhook_lost", "count": 1})
    await levers.post(f"/sim/phones/{ANA}/text", json={"body": "one"})
    await w.clock.advance(5)
    after = (await levers.get("/sim/faults")).json()
    await levers.post("/sim/faults", json={"kind": "rest_500"})
    mended = (await levers.request("DELETE", "/sim/faults", params={"kind": "rest_500"})).json()

    assert ordered.json()["active"][0]["kind"] == "webhook_lost"
    assert after == {"active": [], "struck": {"webhook_lost": 1}}
    assert mended["active"] == []


async def test_the_overview_counts_and_the_log_shows_what_was_posted(w: World, levers: httpx.AsyncClient) -> None:
    await levers.post("/sim/phones", json={"number": ANA, "person": "asleep"})
    await levers.post(f"/sim/phones/{ANA}/text", json={"body": "one"})
    await w.clock.advance(5)

    overview = (await levers.get("/sim")).json()
    (posted,) = (await levers.get("/sim/webhooks", params={"url": "/twilio/text"})).json()["webhooks"]
    idle = (await levers.post("/sim/idle")).json()

    assert overview["counts"] == {"messages": 1, "calls": 0, "conferences": 0, "webhooks": 1}
    assert overview["failures"] == []
    assert (posted["form"]["Body"], posted["answers"]) == ("one", [204])
    assert idle == {"idle": True, "busy": 0}


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("/sim/phones", {"number": "ana"}, 400),
        ("/sim/phones", {}, 400),
        ("/sim/phones", {"number": ANA, "person": "nobody"}, 400),
        ("/sim/phones", {"number": ANA, "person": {"mood": 1}}, 400),
        ("/sim/phones", {"number": ANA, "person": [1]}, 400),
        (f"/sim/phones/{ANA}/fly", {}, 404),
        (f"/sim/phones/{ANA}/press", {"digits": "1"}, 409),
        ("/sim/faults", {"kind": "rain"}, 400),
        ("/sim/numbers", {"number": 5, "hub_url": "x"}, 400),
    ],
)
async def test_nonsense_is_answered_with_a_sentence(
    levers: httpx.AsyncClient, path: str, data: dict[str, object], status: int
) -> None:
    answer = await levers.post(path, json=data)

    assert answer.status_code == status
    assert answer.json()["error"]


async def test_the_levers_are_out_of_reach_for_other_machines_and_foreign_pages(
    w: World, levers: httpx.AsyncClient
) -> None:
    from_afar = httpx.ASGITransport(w.carrier.app, client=("203.0.113.5", 4711))
    async with httpx.AsyncClient(transport=from_afar, base_url="http://127.0.0.1:8001") as stranger:
        refused = await stranger.get("/sim")
    renamed = await levers.get("/sim", headers={"Host": "rebound.example"})
    posted_by_a_page = await levers.post("/sim/texts", content='{"from": "x"}', headers={"Content-Type": "text/plain"})

    assert (refused.status_code, renamed.status_code, posted_by_a_page.status_code) == (403, 403, 415)
