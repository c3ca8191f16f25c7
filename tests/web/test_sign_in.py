"""The door: sessions, cookies, the CSRF word, our own pages only, and no guessing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from http.cookies import SimpleCookie

import httpx
import pytest

from crisis_hub.web.app import create_app
from tests.night import PASSWORD, PUBLIC, Night
from tests.web.kit import WRITER, BreakableStore, house, problem

RUI = {"username": "rui", "password": PASSWORD}


async def login(tonight: Night, **headers: str) -> httpx.Response:
    answer = await tonight.browser.post("/api/login", json=RUI, headers=headers)
    tonight.browser.cookies.clear()
    return answer


def cookie_of(answer: httpx.Response) -> tuple[str, dict[str, str]]:
    """Return the cookie's name and its attributes."""
    jar = SimpleCookie(answer.headers["set-cookie"])
    ((name, morsel),) = jar.items()
    return name, {"value": morsel.value, **{key: str(value) for key, value in morsel.items() if value}}


# -------------------------------------------------------------------------------------------- cookies


async def test_with_tls_the_cookie_belongs_to_this_host_alone() -> None:
    async with house() as tonight:
        name, cookie = cookie_of(await login(tonight))
        assert name == "__Host-session"
        assert cookie["secure"] == cookie["httponly"] == "True"
        assert cookie["path"] == "/"
        assert cookie["samesite"].lower() == "lax"
        assert "domain" not in cookie
        assert int(cookie["max-age"]) == 12 * 3600


async def test_without_tls_the_cookie_is_a_plain_one() -> None:
    async with house() as tonight:
        parts = tonight.house.app.state.parts
        plain = create_app(replace(parts, place=replace(parts.place, public_url="http://127.0.0.1:8000")))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(plain), base_url="http://127.0.0.1:8000") as browser:
            answer = await browser.post("/api/login", json=RUI)
            name, cookie = cookie_of(answer)
            assert name == "session"
            assert "secure" not in cookie
            assert cookie["httponly"] == "True"
            assert (await browser.get("/api/me")).status_code == 200
            assert "strict-transport-security" not in answer.headers
        plain.state.live.close()


async def test_signing_out_ends_the_session_and_takes_the_cookie() -> None:
    async with house() as tonight:
        said = (await login(tonight)).json()
        cookie_sent = {"Cookie": f"__Host-session={said['token']}"}
        gone = await tonight.browser.post("/api/logout", headers=cookie_sent | {"X-CSRF": said["csrf"]})
        assert gone.status_code == 204
        name, cookie = cookie_of(gone)
        assert (name, cookie["value"], cookie["max-age"]) == ("__Host-session", "", "0")
        problem(await tonight.browser.get("/api/me", headers=cookie_sent), 401)
        problem(await tonight.browser.get("/api/me", headers={"Authorization": f"Bearer {said['token']}"}), 401)


# --------------------------------------------------------------------------------------- the CSRF word


async def test_a_browsers_change_must_carry_the_word_and_a_programs_need_not() -> None:
    async with house() as tonight:
        case = await tonight.text(WRITER, "hello")
        said = (await login(tonight)).json()
        cookie, at = {"Cookie": f"__Host-session={said['token']}"}, f"/api/cases/{case.id}/notes"
        before = await tonight.store.head()
        for headers in ({}, {"X-CSRF": ""}, {"X-CSRF": "é"}, {"X-CSRF": said["csrf"][:-1]}, {"X-CSRF": said["token"]}):
            sent = {name.encode(): value.encode() for name, value in (headers | cookie).items()}
            problem(await tonight.browser.post(at, json={"text": "x"}, headers=sent), 403)
        assert await tonight.store.head() == before
        claim = f"/api/cases/{case.id}/claim"
        by_browser = await tonight.browser.post(claim, headers=cookie | {"X-CSRF": said["csrf"]})
        assert by_browser.status_code == 200
        by_program = await tonight.browser.post(
            at, json={"text": "x"}, headers={"Authorization": f"Bearer {said['token']}"}
        )
        assert by_program.status_code == 200


async def test_looking_needs_no_word() -> None:
    async with house() as tonight:
        said = (await login(tonight)).json()
        cookie = {"Cookie": f"__Host-session={said['token']}"}
        assert (await tonight.browser.get("/api/board", headers=cookie)).status_code == 200


async def test_another_sessions_word_does_not_count() -> None:
    async with house() as tonight:
        first, second = (await login(tonight)).json(), (await login(tonight)).json()
        assert first["csrf"] != second["csrf"]
        answer = await tonight.browser.post(
            "/api/logout", headers={"Cookie": f"__Host-session={first['token']}", "X-CSRF": second["csrf"]}
        )
        problem(answer, 403)


# ------------------------------------------------------------------------------------ our own pages only


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        (PUBLIC, 200),
        ("https://evil.example.org", 403),
        ("http://hub.example.org", 403),
        ("https://hub.example.org.evil.example.org", 403),
        ("null", 403),
        ("", 403),
        ("https://[", 403),
        ("file://", 403),
        ("https://hub.example.org:99999", 403),
    ],
)
async def test_nobody_is_signed_in_from_a_foreign_page(origin: str, code: int) -> None:
    async with house() as tonight:
        answer = await login(tonight, origin=origin)
        assert answer.status_code == code
        if code != 200:
            problem(answer, code)
            assert "set-cookie" not in answer.headers


async def test_staff_may_reach_us_by_another_name_than_the_carrier() -> None:
    async with house() as tonight:
        inside = {"host": "hub.inside:8443", "origin": "https://hub.inside:8443"}
        assert (await login(tonight, **inside)).status_code == 200
        problem(await login(tonight, host="hub.inside", origin="https://other.inside"), 403)


# ------------------------------------------------------------------------------------------- sessions


async def test_a_session_ends_after_the_longest_shift() -> None:
    async with house() as tonight:
        await tonight.sign_in("rui")
        await tonight.clock.advance(12 * 3600 - 1)
        assert (await tonight.get("rui", "/api/me")).status_code == 200
        await tonight.clock.advance(2)
        problem(await tonight.get("rui", "/api/me"), 401)


@pytest.mark.parametrize("said", ["Bearer", "Bearer ", "Basic cnVpOng=", "Bearer \u00ff", "bearer nonsense", "x"])
async def test_a_strange_token_is_nobody(said: str) -> None:
    async with house() as tonight:
        problem(await tonight.browser.get("/api/me", headers={b"Authorization": said.encode("latin-1")}), 401)


async def test_every_sign_in_has_a_token_of_its_own() -> None:
    async with house() as tonight:
        tokens = {(await login(tonight)).json()["token"] for _ in range(3)}
        assert len(tokens) == 3
        assert all(len(token) >= 22 for token in tokens)


async def test_a_password_is_taken_as_it_is_blanks_and_all() -> None:
    async with house() as tonight:
        spaced = {"username": "rui", "password": f" {PASSWORD} "}
        problem(await tonight.browser.post("/api/login", json=spaced), 401)


# -------------------------------------------------------------------------------------------- guessing


async def wrong(tonight: Night, name: str, place: str = "127.0.0.1") -> httpx.Response:
    transport = httpx.ASGITransport(tonight.house.app, client=(place, 1))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as stranger:
        return await stranger.post("/api/login", json={"username": name, "password": "wrong"})


async def test_a_wrong_name_and_a_wrong_password_sound_alike() -> None:
    async with house() as tonight:
        assert problem(await wrong(tonight, "rui"), 401) == problem(await wrong(tonight, "nobody"), 401)


async def test_guessing_one_name_comes_to_an_end_and_the_end_passes() -> None:
    async with house() as tonight:
        for n in range(5):
            problem(await wrong(tonight, "rui", f"192.0.2.{n}"), 401)
        refused = await wrong(tonight, "rui", "192.0.2.99")
        problem(refused, 429)
        assert 0 < int(refused.headers["retry-after"]) <= 301
        problem(await login(tonight), 429)
        assert (await tonight.browser.post("/api/login", json=RUI | {"username": "ria"})).status_code == 200
        await tonight.clock.advance(301)
        assert (await login(tonight)).status_code == 200


async def test_guessing_many_names_from_one_place_comes_to_an_end() -> None:
    async with house() as tonight:
        for n in range(30):
            problem(await wrong(tonight, f"name{n}"), 401)
        problem(await wrong(tonight, "name30"), 429)
        problem(await wrong(tonight, "name31", "192.0.2.1"), 401)


async def test_one_customers_whole_ipv6_network_is_one_place() -> None:
    async with house() as tonight:
        for n in range(30):
            problem(await wrong(tonight, f"name{n}", f"2001:db8:1:2::{n:x}"), 401)
        problem(await wrong(tonight, "name30", "2001:db8:1:2:ffff::1"), 429)
        problem(await wrong(tonight, "name31", "2001:db8:1:3::1"), 401)
        problem(await wrong(tonight, "name32", "::ffff:192.0.2.7"), 401)


async def test_many_guesses_at_once_are_not_one_guess() -> None:
    async with house() as tonight:
        answers = await asyncio.gather(*(wrong(tonight, "rui", f"192.0.2.{n}") for n in range(20)))
        assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15


async def test_made_up_names_do_not_fill_the_memory() -> None:
    async with house() as tonight:
        door = tonight.house.door
        for n in range(10_050):
            door._wrong[f"name:{n}"].append(tonight.clock.now())
        problem(await wrong(tonight, "rui"), 401)
        assert len(door._wrong) <= 10_001


async def test_right_passwords_are_not_counted() -> None:
    async with house() as tonight:
        for _ in range(40):
            assert (await login(tonight)).status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"username": "rui"}, {"username": "", "password": ""}, {"username": "x" * 201, "password": "y"}]
)
async def test_a_sign_in_that_lacks_something_names_the_field(body: dict[str, str]) -> None:
    async with house() as tonight:
        assert problem(await tonight.browser.post("/api/login", json=body), 422)["field"] in ("username", "password")


async def test_a_wrong_password_is_never_told_back() -> None:
    async with house() as tonight:
        answer = await tonight.browser.post("/api/login", json={"username": "rui", "password": "hunter2" * 200})
        assert "hunter2" not in problem(answer, 422).__repr__()


async def test_sessions_that_cannot_be_read_are_503_and_nobody_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house() as tonight:
        await tonight.sign_in("sam")
        store = BreakableStore()
        store.down = True
        monkeypatch.setattr(tonight.house.tools.sessions, "get", store.read)
        monkeypatch.setattr(tonight.house.tools.sessions, "put", store.read)
        refused = await tonight.get("sam", "/api/board")
        assert "locked" in problem(refused, 503)["detail"]
        assert refused.headers["retry-after"]
        problem(await login(tonight), 503)
