"""The exact words that the carrier is given; a change here is a change of what people hear."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_hub.adapters.telephony.twiml import TwilioWords

WORDS = TwilioWords("https://hub.example.org/")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
ENGLISH = '<Say language="en-US" voice="Polly.Joanna-Neural">'
SPANISH = '<Say language="es-US" voice="Polly.Lupe-Neural">'


def read_xml(text: bytes) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - we have just written it


def test_nothing_is_an_empty_response() -> None:
    assert WORDS.nothing() == f"{HEAD}<Response />"


def test_a_reply_is_a_message_whose_delivery_is_told() -> None:
    assert WORDS.reply("We are here.", "/twilio/text/status") == (
        f'{HEAD}<Response><Message action="https://hub.example.org/twilio/text/status" method="POST">'
        "We are here.</Message></Response>"
    )


def test_a_caller_is_greeted_and_waits_in_a_room_that_nobody_elses_leaving_ends() -> None:
    assert WORDS.wait_in_room("You are not alone.", "en", "room-7", "/twilio/voice/room?case=7") == (
        f"{HEAD}<Response>{ENGLISH}You are not alone.</Say><Dial>"
        '<Conference beep="false" endConferenceOnExit="false" startConferenceOnEnter="false" '
        'statusCallback="https://hub.example.org/twilio/voice/room?case=7" '
        'statusCallbackEvent="start end join leave" statusCallbackMethod="POST" waitMethod="POST" '
        'waitUrl="https://hub.example.org/twilio/voice/hold?language=en">room-7</Conference></Dial></Response>'
    )


def test_hold_sound_speaks_and_is_quiet_again_and_again() -> None:
    once = f'{SPANISH}Siga en línea.</Say><Pause length="12" />'

    assert WORDS.hold_sound("Siga en línea.", "es") == f"{HEAD}<Response>{once * 15}</Response>"


def test_hold_sound_can_have_music() -> None:
    words = TwilioWords("https://hub.example.org", hold_music_url="https://hub.example.org/hold.mp3")

    assert "</Say><Play>https://hub.example.org/hold.mp3</Play><Say" in words.hold_sound("Stay.", "en")


def test_a_page_is_said_three_times_and_then_hangs_up() -> None:
    once = (
        '<Gather action="https://hub.example.org/twilio/page/d/1" input="dtmf" method="POST" numDigits="1" '
        f'timeout="8">{ENGLISH}Press 1 to take it.</Say></Gather>'
    )

    assert WORDS.page_menu("Press 1 to take it.", "en", "/twilio/page/d/1") == (
        f"{HEAD}<Response>{once * 3}<Hangup /></Response>"
    )


def test_words_are_said_before_hanging_up() -> None:
    assert WORDS.say_and_hang_up("Thank you.", "en-US") == (
        f"{HEAD}<Response>{ENGLISH}Thank you.</Say><Hangup /></Response>"
    )


def test_somebody_of_the_staff_joins_a_room_and_ends_nothing_when_they_leave() -> None:
    """Their coming starts the talk; their going must not cut off the person in need."""
    document = WORDS.join_room("You are put through.", "en", "room-1", "/twilio/voice/room?case=1")

    conference = read_xml(document.encode()).find("Dial/Conference")
    assert conference is not None
    assert conference.text == "room-1"
    assert conference.get("startConferenceOnEnter") == "true"
    assert conference.get("endConferenceOnExit") == "false"
    assert conference.get("statusCallback") == "https://hub.example.org/twilio/voice/room?case=1"
    assert document.index("You are put through.") < document.index("<Dial>")


@pytest.mark.parametrize(
    ("language", "say"),
    [
        ("es", SPANISH),
        ("es-MX", SPANISH),
        ("EN", ENGLISH),
        ("fr", '<Say language="fr">'),  # no voice of ours: the carrier's own
        ("", "<Say>"),
    ],
)
def test_each_language_has_its_voice(language: str, say: str) -> None:
    assert say in WORDS.say_and_hang_up("x", language)


def test_a_speech_is_cut_where_the_carrier_would_refuse_the_whole_document() -> None:
    said = read_xml(WORDS.say_and_hang_up("a" * 5000, "en").encode()).findtext("Say")

    assert said == "a" * 4096


@given(st.text(max_size=200))
def test_whatever_people_write_stays_words_and_never_becomes_an_order(text: str) -> None:
    read = read_xml(WORDS.reply(text + "</Message><Dial>+15550100999</Dial>", "/s").encode())

    assert [verb.tag for verb in read] == ["Message"]
    assert "<Dial>+15550100999</Dial>" in (read.findtext("Message") or "")


def test_signs_that_xml_cannot_carry_are_left_out() -> None:
    read = read_xml(WORDS.reply("a\x00b\x0bc\ud800d\uffff", "/s").encode())

    assert read.findtext("Message") == "abcd"
