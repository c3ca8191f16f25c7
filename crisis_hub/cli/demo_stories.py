"""The people of the demo: invented, and marked as a drill everywhere. Nothing here is taken from anybody's life."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crisis_hub.adapters.telephony.simulator import Line, Person
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class Story:
    """One simulated person: what they begin with, and for each item what they say and what that comes to."""

    name: str
    channel: Channel
    number: str
    opens: tuple[str, ...] = ()
    said: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    talks: tuple[str, ...] = ()
    gives_up_after: float | None = None
    outcome: str = "Talked, calmer, knows how to reach us"


_CALM = {
    "ch_right_now.safe_to_talk": ("yes", "yes im in my room"),
    "asq.q1": ("no", "no its not like that"),
    "asq.q2": ("no", "no"),
    "asq.q3": ("no", "no not at all"),
    "asq.q4": ("no", "never"),
}
_MODERATE = {
    "ch_right_now.safe_to_talk": ("yes", "yes"),
    "asq.q1": ("yes", "yeah. most evenings lately"),
    "asq.q2": ("no", "no, my mom would miss me"),
    "asq.q3": ("no", "not killing myself. more like not waking up"),
    "asq.q4": ("no", "no i never tried anything"),
    "asq.q5": ("no", "no. not now"),
    "ch_right_now.means": ("no", "no theres nothing here"),
    "ch_right_now.plan": ("no", "no plan"),
}
_HIGH = {
    "ch_right_now.safe_to_talk": ("yes", "yes nobody is looking"),
    "asq.q1": ("yes", "yes"),
    "asq.q2": ("yes", "they would all be better off honestly"),
    "asq.q3": ("yes", "all week"),
    "asq.q4": ("yes", "in spring. nobody knows"),
    "asq.q5": ("yes", "yes. tonight its all the time"),
    "ch_right_now.means": ("home", "its in the other room"),
    "ch_right_now.plan": ("unknown", "i dont know"),
    "ch_right_now.alone": ("yes", "just the dog"),
}
_IMMINENT = {
    "ch_right_now.safe_to_talk": ("yes", "yes"),
    "asq.q1": ("yes", "yes"),
    "asq.q3": ("yes", "yes"),
    "asq.q5": ("yes", "right now yes"),
    "ch_right_now.attempt_now": ("no", "not yet"),
    "ch_overdose_withdrawal.o1": ("yes", "i took the pills an hour ago"),
}
_SPANISH = {
    "ch_right_now.safe_to_talk": ("yes", "sí, estoy sola en la cocina"),
    "asq.q1": ("yes", "sí, a veces"),
    "asq.q2": ("no", "no, mis hijos me necesitan"),
    "asq.q3": ("no", "no"),
    "asq.q4": ("no", "nunca"),
    "asq.q5": ("no", "ahora no"),
}

STORIES: tuple[Story, ...] = (
    Story(
        "high",
        Channel.TEXT,
        "+15550100901",
        ("i lost the job and now the flat. nobody knows. not even my sister",),
        _HIGH,
        ("im here", "i just want it to stop", "ok", "the dog is asleep on my feet"),
        outcome="Clinician took over, plan made together",
    ),
    Story(
        "moderate",
        Channel.TEXT,
        "+15550100902",
        ("hi. is somebody there",),
        _MODERATE,
        ("school mostly", "i cant sleep", "ok", "that helps a bit"),
    ),
    Story(
        "calm call", Channel.VOICE, "+15550100903", said=_CALM, talks=("I had a fight with my brother.", "Thank you.")
    ),
    Story(
        "Spanish",
        Channel.TEXT,
        "+15550100904",
        ("hola, no sé con quién hablar. perdí a mi mamá en marzo",),
        _SPANISH,
        ("gracias por estar ahí", "sí", "mi hermana vive cerca"),
    ),
    Story("hangs up", Channel.VOICE, "+15550100905", gives_up_after=25),
    Story(
        "imminent",
        Channel.TEXT,
        "+15550100906",
        ("tell my mom i love her",),
        _IMMINENT,
        ("im tired", "in the kitchen", "ok", "i hear the door"),
        outcome="Emergency services reached them",
    ),
    Story(
        "moderate call",
        Channel.VOICE,
        "+15550100907",
        said=_MODERATE,
        talks=("It has been like this since the summer.", "I can call my aunt.", "All right."),
    ),
    Story(
        "repeat caller",
        Channel.VOICE,
        "+15550100903",
        said=_CALM,
        talks=("It is me again.", "He will not talk to me.", "I will try to sleep."),
    ),
    Story(
        "calm text",
        Channel.TEXT,
        "+15550100908",
        ("is this private",),
        _CALM,
        ("ok", "i just wanted to tell someone", "thanks", "bye"),
    ),
)


def person_of(story: Story, rulebook: Rulebook) -> Person:
    """Return how the story's person behaves on the simulated telephone, whoever talks to them."""
    if story.channel is Channel.VOICE:
        says = tuple(Line(words, after=6.0) for words in story.talks)
        return Person(gives_up_after=story.gives_up_after or 240.0, says=says)
    asked = tuple(
        Line(words, after=5.0, when=pattern)
        for item, (_, words) in story.said.items()
        if (pattern := _pattern(item, rulebook))
    )
    # Somebody who writes their own questions still gets answers.
    other = tuple(Line(words, after=6.0, when=r"^(?!.*(988|911)).") for words in story.talks)
    return Person(opens=tuple(Line(words, after=1.0) for words in story.opens), replies=(*asked, *other))


def _pattern(place: str, rulebook: Rulebook) -> str:
    """Match the item's own words in any language, or nothing when the rulebook does not ask it."""
    instrument_id, _, item_id = place.partition(".")
    instrument = rulebook.instrument(instrument_id)
    item = instrument.item(item_id) if instrument else None
    words = item.say.values() if item else ()
    return "|".join(re.escape(text[:60]) for text in words)
