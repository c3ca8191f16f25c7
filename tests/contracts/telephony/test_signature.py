"""Our signature check and Twilio's own validator always say the same, and no trap of it is ours."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

from crisis_hub.adapters.telephony.signature import TwilioSignature

TOKEN = "token-one"
SECOND = "token-two"
HUB = "https://hub.example.org"
PATH = "/twilio/voice?case=7"
FORM = [("CallSid", "CA1"), ("From", "+15550100001"), ("CallerCity", ""), ("Body", "¿Está ahí? 💙")]


def signed(form: Sequence[tuple[str, str]], *, url: str = HUB + PATH, token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, FormData([*form])))


@pytest.fixture(scope="module")
def check() -> TwilioSignature:
    return TwilioSignature([HUB], [TOKEN])


def test_what_the_carrier_signed_holds(check: TwilioSignature) -> None:
    assert check.holds(PATH, FORM, signed(FORM))


def test_the_order_of_the_fields_does_not_matter(check: TwilioSignature) -> None:
    assert check.holds(PATH, FORM[::-1], signed(FORM))


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/twilio/voice?case=8", FORM),  # another address
        ("/twilio/voice", FORM),  # a query left out
        (PATH, [*FORM, ("Digits", "1")]),  # a field added
        (PATH, FORM[1:]),  # a field taken away
        (PATH, [("CallSid", "CA2"), *FORM[1:]]),  # a value changed
    ],
)
def test_what_was_changed_on_the_way_does_not_hold(
    check: TwilioSignature, path: str, form: list[tuple[str, str]]
) -> None:
    assert not check.holds(path, form, signed(FORM))


# ---------------------------------------------------------------- the traps of A5.2, in its order


@pytest.mark.parametrize("form", [[], [("", '{"CallSid": "CA1"}')], [('{"CallSid":"CA1"}', "")]])
@pytest.mark.parametrize("signature", ["", "x", "é", "\ud800", "\x00", "=" * 100_000])
def test_trap_1_an_unsigned_stranger_with_json_is_refused_and_causes_no_error(
    check: TwilioSignature, form: list[tuple[str, str]], signature: str
) -> None:
    assert not check.holds(PATH, form, signature)


def test_trap_2_a_signature_over_the_address_alone_says_nothing_about_a_form(check: TwilioSignature) -> None:
    over_address = signed([])

    assert check.holds(PATH, [], over_address)  # which is why a route for forms must refuse other content
    assert not check.holds(PATH, FORM, over_address)


def test_trap_3_blank_fields_are_signed(check: TwilioSignature) -> None:
    without_blank = [field for field in FORM if field[1]]

    assert check.holds(PATH, FORM, signed(FORM))
    assert check.holds(PATH, [*FORM, ("AddOns", "")], signed([*FORM, ("AddOns", "")]))
    assert check.holds(PATH, without_blank, signed(FORM)) is False


def test_trap_4_a_field_repeated_with_the_same_value_counts_once(check: TwilioSignature) -> None:
    twice = [*FORM, ("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b")]

    assert check.holds(PATH, twice, signed(twice))
    assert check.holds(PATH, twice, signed([*FORM, ("MediaUrl", "a"), ("MediaUrl", "b")]))


def test_trap_5_names_and_values_run_together_as_they_do_at_the_carrier(check: TwilioSignature) -> None:
    # Nobody can mend this here; a list of allowed field names in the web room does.
    assert check.holds(PATH, [("Ab", "c")], signed([("A", "bc")]))


@pytest.mark.parametrize("url", ["https://user:word@hub.example.org", "https://user@hub.example.org:8443"])
def test_trap_6_a_public_address_with_a_password_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="no user"):
        TwilioSignature([url], [TOKEN])


def test_trap_7_a_socket_has_an_address_of_its_own() -> None:
    socket = TwilioSignature(["wss://hub.example.org"], [TOKEN])
    signature = signed([], url="wss://hub.example.org/media")

    assert socket.holds("/media", [], signature)
    assert not TwilioSignature([HUB], [TOKEN]).holds("/media", [], signature)


def test_trap_8_a_replay_holds_for_ever(check: TwilioSignature) -> None:
    # There is no time in a signature: the ledger must see that it knows the call already.
    signature = signed(FORM)

    assert check.holds(PATH, FORM, signature)
    assert check.holds(PATH, FORM, signature)


# ---------------------------------------------------------------- ports, tokens, origins


@pytest.mark.parametrize(
    ("public_url", "signed_for"),
    [
        ("https://hub.example.org", "https://hub.example.org:443"),
        ("https://hub.example.org:443", "https://hub.example.org"),
        ("http://hub.example.org", "http://hub.example.org:80"),
        ("https://hub.example.org:8443", "https://hub.example.org:8443"),
        ("https://hub.example.org:8443", "https://hub.example.org"),
        ("https://hub.example.org/line/", "https://hub.example.org/line"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("HTTPS://hub.example.org", "https://hub.example.org"),
    ],
)
def test_the_port_may_be_written_or_not(public_url: str, signed_for: str) -> None:
    check = TwilioSignature([public_url], [TOKEN])

    assert check.holds(PATH, FORM, signed(FORM, url=signed_for + PATH))


def test_both_tokens_hold_while_they_are_rotated() -> None:
    check = TwilioSignature([HUB], [TOKEN, SECOND])

    assert check.holds(PATH, FORM, signed(FORM))
    assert check.holds(PATH, FORM, signed(FORM, token=SECOND))
    assert not check.holds(PATH, FORM, signed(FORM, token="token-three"))


def test_several_public_addresses_hold_and_no_other() -> None:
    check = TwilioSignature([HUB, "https://two.example.org"], [TOKEN])

    assert check.holds(PATH, FORM, signed(FORM, url="https://two.example.org" + PATH))
    assert not check.holds(PATH, FORM, signed(FORM, url="https://evil.example.org" + PATH))


@pytest.mark.parametrize(
    ("urls", "tokens"),
    [([], [TOKEN]), ([HUB], []), ([HUB], [""]), (["hub.example.org"], [TOKEN]), (["ftp://hub"], [TOKEN])],
)
def test_settings_that_would_refuse_everything_are_refused_at_the_start(urls: list[str], tokens: list[str]) -> None:
    with pytest.raises(ValueError, match="address"):
        TwilioSignature(urls, tokens)


# ---------------------------------------------------------------- the stock validator as oracle

SOME_TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=12)
SOME_NAME = st.sampled_from(["", "A", "Ab", "Body", "From", "MediaUrl", "é"]) | SOME_TEXT
SOME_FORM = st.lists(st.tuples(SOME_NAME, SOME_TEXT), max_size=8)
SOME_TARGET = st.text(
    alphabet=st.sampled_from("abAB09/?&=%+;#:@!.-_~ \"'[]{}|\\^`<>é\t\n") | st.characters(codec="utf-8"),
    max_size=20,
).map(lambda tail: "/" + tail)
ORIGINS = ["https://hub.example.org", "https://hub.example.org:443", "http://127.0.0.1:8000", "http://hub:80"]


@given(target=SOME_TARGET, form=SOME_FORM, origin=st.sampled_from(ORIGINS), spelled=st.sampled_from(ORIGINS))
@example(target="/a?", form=[], origin=ORIGINS[0], spelled=ORIGINS[0])
@example(target="/a;", form=[], origin=ORIGINS[0], spelled=ORIGINS[0])
@example(target="/a#b", form=[], origin=ORIGINS[0], spelled=ORIGINS[0])
@example(target="/?#", form=[("A", "a"), ("A", "a")], origin=ORIGINS[2], spelled=ORIGINS[2])
@example(target="//x/y", form=[], origin=ORIGINS[0], spelled=ORIGINS[0])
def test_the_stock_validator_always_agrees(target: str, form: list[tuple[str, str]], origin: str, spelled: str) -> None:
    oracle, check = RequestValidator(TOKEN), TwilioSignature([origin], [TOKEN])
    signature = signed(form, url=spelled + target)

    assert check.holds(target, form, signature) == oracle.validate(origin + target, FormData([*form]), signature)


@given(st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=4), st.text())
def test_no_input_at_all_causes_an_error(target: str, form: list[tuple[str, str]], signature: str) -> None:
    assert TwilioSignature([HUB], [TOKEN]).holds(target, form, signature) is False


@pytest.mark.parametrize("form", [[("Body", "\ud800")], [("\udfff", "x")], [("Body", b"x")], [("Body", None)], [3]])
def test_fields_that_no_carrier_sends_are_refused(check: TwilioSignature, form: list[tuple[str, str]]) -> None:
    assert not check.holds(PATH, form, signed(FORM))
