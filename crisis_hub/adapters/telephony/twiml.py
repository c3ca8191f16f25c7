"""What the carrier shall do, always said through the maker's builders: people's words never become orders."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from urllib.parse import urlencode, urlsplit

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

HOLD_PATH = "/twilio/voice/hold"
"""Where the carrier asks what somebody hears who waits alone in a room; the language stands in the query."""

# Twilio's neural voices; a language that is missing here is spoken by the carrier's own default for it.
_VOICES = {"en": ("Polly.Joanna-Neural", "en-US"), "es": ("Polly.Lupe-Neural", "es-US")}

_NOTHING = str(VoiceResponse())
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SOMEWHERE = "https://somewhere.invalid/"
_LONGEST_SAY = 4096  # characters; the carrier refuses the whole document above it
_MENU_TIMES = 3
_MENU_SECONDS = 8  # for a person who was asleep a moment ago
_QUIET_SECONDS = 12  # between two times that somebody who waits is spoken to
_HOLD_TIMES = 15  # then the carrier fetches the sound again: about five minutes


class TwilioWords:
    """Says in TwiML what we want to happen next."""

    def __init__(self, public_url: str, hold_music_url: str | None = None) -> None:
        self._public_url = public_url.rstrip("/")
        # Without music the words themselves come again and again: nothing then hangs on a file that
        # somebody must fetch, which is what failed in the carrier's own large incident.
        self._hold_music_url = hold_music_url

    def nothing(self) -> str:
        """Do nothing more."""
        return _NOTHING

    def reply(self, text: str, status_path: str) -> str:
        """Send `text` back to who wrote."""
        before, after = _reply(_clean(text))
        return before + escape(self._at(status_path)) + after

    def wait_in_room(self, greeting: str, language: str, room: str, status_path: str) -> str:
        """Say the greeting, then put the caller into `room`, with hold sound until somebody joins."""
        response = VoiceResponse()
        _say(response, greeting, language)
        dial = response.dial()
        dial.conference(
            room,
            # The caller alone does not start the conference: until somebody joins, the hold sound plays.
            start_conference_on_enter=False,
            # Nobody else's leaving, and not the caller's own mistake, may end what is left of the call.
            end_conference_on_exit=False,
            beep="false",
            wait_url=self._at(f"{HOLD_PATH}?{urlencode({'language': language})}"),
            wait_method="POST",
            status_callback=self._at(status_path),
            status_callback_event="start end join leave",
            status_callback_method="POST",
        )
        return str(response)

    def hold_sound(self, words: str, language: str) -> str:
        """What is heard while waiting: `words`, then quiet sound, again and again."""
        response = VoiceResponse()
        for _ in range(_HOLD_TIMES):
            _say(response, words, language)
            if self._hold_music_url:
                response.play(self._hold_music_url)
            else:
                response.pause(length=_QUIET_SECONDS)
        return str(response)

    def page_menu(self, words: str, language: str, digits_path: str) -> str:
        """Say `words` three times to a paged person; the one digit they press is posted to `digits_path`."""
        response = VoiceResponse()
        for _ in range(_MENU_TIMES):
            gather = response.gather(
                num_digits=1, input="dtmf", timeout=_MENU_SECONDS, action=self._at(digits_path), method="POST"
            )
            _say(gather, words, language)
        response.hangup()
        return str(response)

    def say_and_hang_up(self, words: str, language: str) -> str:
        """Say `words` and end the call."""
        response = VoiceResponse()
        _say(response, words, language)
        response.hangup()
        return str(response)

    def join_room(self, words: str, language: str, room: str, status_path: str) -> str:
        """Say `words`, then put a member of staff into `room`, where the caller is."""
        response = VoiceResponse()
        _say(response, words, language)
        response.dial().conference(
            room,
            start_conference_on_enter=True,
            # The person in need stays on the line when whoever joined leaves.
            end_conference_on_exit=False,
            beep="false",
            status_callback=self._at(status_path),
            status_callback_event="start end join leave",
            status_callback_method="POST",
        )
        return str(response)

    def _at(self, path: str) -> str:
        return path if urlsplit(path).scheme else self._public_url + path


def _say(into: VoiceResponse | Gather | Dial, words: str, language: str) -> None:
    voice, locale = _VOICES.get(language.partition("-")[0].lower(), (None, language or None))
    into.say(_clean(words)[:_LONGEST_SAY], voice=voice, language=locale)


def _clean(text: str) -> str:
    """Leave out what XML cannot carry; one such character would make the carrier refuse the whole answer."""
    return _NOT_IN_XML.sub("", text)


@lru_cache(maxsize=64)
def _reply(text: str) -> tuple[str, str]:
    """Have the same words written once; return what stands before and after the address, which differs each time."""
    response = MessagingResponse()
    response.message(text, action=_SOMEWHERE, method="POST")
    before, _, after = str(response).partition(f'"{_SOMEWHERE}"')
    return f'{before}"', f'"{after}'
