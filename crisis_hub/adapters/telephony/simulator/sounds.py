"""Plays to one leg what can be heard: spoken words, files, silence."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from crisis_hub.adapters.telephony.simulator.pace import Pace
from crisis_hub.adapters.telephony.simulator.state import Call
from crisis_hub.adapters.telephony.simulator.twiml_reader import NOT_TWIML, BadTwiml, whole
from crisis_hub.adapters.telephony.simulator.work import Work

SOUNDS = frozenset({"Say", "Play", "Pause"})

_FOR_EVER = 1_000  # times; `loop="0"` means until somebody ends it


class Sounds:
    """What a person on a leg hears, noted on the leg, lasting as long as it would."""

    def __init__(self, work: Work, pace: Pace) -> None:
        self._work, self._pace = work, pace

    async def make(self, call: Call, verb: ET.Element) -> None:
        """Play one verb that can be heard."""
        if verb.tag == "Pause":
            await self._work.sleep(whole(verb, "length", 1))
            return
        for _ in range(whole(verb, "loop", 1) or _FOR_EVER):
            if verb.tag == "Say":
                await self.say(call, "".join(verb.itertext()).strip(), verb.get("language") or "")
            elif verb.tag == "Play":
                call.hear(self._work.clock.now(), "play", (verb.text or verb.get("digits") or "").strip())
                await self._work.sleep(self._pace.sound)
            else:
                raise BadTwiml(NOT_TWIML, f"{verb.tag} cannot be heard")

    async def say(self, call: Call, words: str, language: str = "") -> None:
        """Speak words to the leg."""
        call.hear(self._work.clock.now(), "say", words, language)
        await self._work.sleep(self._pace.spoken(words))
