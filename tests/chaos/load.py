"""What goes on while hubs die: people who write, responders who ask and answer, staff who are paged and behave."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from crisis_hub.adapters.telephony.simulator import Call
from crisis_hub.adapters.telephony.simulator import Message as Text
from tests.chaos.outside import Luck, Outside, case_of, link_of

RESPONDERS = ("rui", "ria")

KINDS = ("high", "imminent", "high", "calm")
"""What comes of a talk; most of them call for a page, since that is what must not be lost."""

STORIES = 44
"""So many for each way of staff to behave with each kind of talk."""

WAYS = (
    "nobody",
    "number",
    "one",
    "button",
    "only looks",
    "digit",
    "wrong digit first",
    "voicemail",
    "passes",
    "two at once",
    "declines",
)
"""How staff behave when they are paged for a case."""

_ANSWERS = {
    "calm": (("asq.q1", "no", ""), ("asq.q2", "no", ""), ("asq.q3", "no", ""), ("asq.q4", "no", "")),
    "high": (("asq.q1", "yes", ""), ("asq.q5", "yes", "clinical")),
    "imminent": (("asq.q1", "no", ""), ("ch_violence_inquiry.v10", "yes", "imminent")),
}
_MOST_STORIES = 400


@dataclass
class Story:
    """One person who writes, and what comes of it."""

    number: int
    kind: str
    way: str
    texts: int
    case: str = ""
    case_number: str = ""
    acted: set[str] = field(default_factory=set)

    @property
    def sender(self) -> str:
        """Return the person's telephone number."""
        return f"+15550{200000 + self.number}"


class Load:
    """Stories, some at a time, until there were enough and `enough` says so."""

    def __init__(self, outside: Outside, luck: Luck, *, at_once: int, enough: Callable[[], bool]) -> None:
        self._outside, self._luck, self._at_once, self._enough = outside, luck, at_once, enough
        self._by_case: dict[str, Story] = {}
        self._acts: set[asyncio.Task[None]] = set()
        self.stories: list[Story] = []
        outside.on_page = self._paged

    async def play(self) -> None:
        """Play every story to its end."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._at_once):
                group.create_task(self._one_after_the_other())
        while self._acts:
            await asyncio.gather(*self._acts)

    async def acts(self) -> None:
        """Wait until staff have done everything they began."""
        while self._acts:
            await asyncio.gather(*self._acts)

    def listed(self) -> set[str]:
        """Return what the carrier lists of what people wrote."""
        return {line.value["sid"] for line in self._outside.history.of("text", "invoke")}

    async def _one_after_the_other(self) -> None:
        while len(self.stories) < STORIES or not self._enough():
            number = len(self.stories)
            assert number < _MOST_STORIES, "the load went on for too long"
            kind = KINDS[number % len(KINDS)]
            # Every way with every kind, whatever the seed: chance decides over the rest.
            story = Story(number, kind, WAYS[number % len(WAYS)], self._luck.whole(1, 3))
            self.stories.append(story)
            await self._tell(story)

    # ------------------------------------------------------------------ a story

    async def _tell(self, story: Story) -> None:
        outside, luck = self._outside, self._luck
        # The later texts may overtake the first: each of them may be the one that opens the case.
        sids = [outside.new_sid() for _ in range(story.texts)]
        late = luck.happens(0.3) and story.texts > 1
        order = [*sids[1:], sids[0]] if late else sids
        first = await outside.text(story.sender, self._words(story), copies=self._copies(), sid=order[0])
        story.case = case_of(first)
        self._by_case[story.case] = story
        async with asyncio.TaskGroup() as group:
            for sid in order[1:]:
                copies, words = self._copies(), self._words(story)
                group.create_task(
                    outside.text(story.sender, words, copies=copies, sid=sid, late=late and sid == sids[0])
                )
            if story.kind != "calm" or luck.happens(0.5):  # some write and nobody has time for them yet
                group.create_task(self._care(story))

    async def _care(self, story: Story) -> None:
        """Let responders ask for the case, one have it, and that one work on it."""
        outside, case = self._outside, story.case
        asking = RESPONDERS if self._luck.happens(0.5) else (self._luck.one(RESPONDERS),)
        answers = await asyncio.gather(*(outside.claim(person, case) for person in asking))
        has = [person for person, answer in zip(asking, answers, strict=True) if answer.status == 200]
        assert len(has) == 1, answers
        story.case_number = next(a.data["case"]["number"] for a in answers if a.status == 200)
        for question, said, calls_for in _ANSWERS[story.kind]:
            await outside.answer(has[0], case, question, said, calls_for=calls_for)
        if self._luck.happens(0.5):
            await outside.write(has[0], case, f"I am here with you, {story.number}.")

    def _copies(self) -> int:
        return 5 if self._luck.happens(0.35) else 1

    def _words(self, story: Story) -> str:
        return f"story {story.number}: {self._luck.one(('i need help', 'please', 'are you there', 'it is bad'))}"

    # ------------------------------------------------------------------ staff

    def _paged(self, case: str, attempt: str, person: str, what: Text | Call) -> None:
        story = self._by_case.get(case)
        assert story is not None, f"{person} was paged for {case}, of which nobody heard"
        if isinstance(what, Call):
            self._rung(story, attempt, person, what)
            return
        link = link_of(what.body, story.case_number)
        assert link, f"{person} was told of case {story.case_number} without a link: {what.body!r}"
        act = self._act_on_text(story, attempt, person, link)
        task = asyncio.get_running_loop().create_task(act)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _act_on_text(self, story: Story, attempt: str, person: str, link: str) -> None:
        outside, case, number = self._outside, story.case, story.case_number
        first = not story.acted
        story.acted.add(person)
        match story.way:
            case "number" if first:
                await outside.take_by_reply(person, case, number)
            case "one" if first:
                await outside.take_by_reply(person, case, number, words="1")
            case "button" if first:
                await outside.open(link)  # a preview, as telephones make them by themselves
                await outside.take_by_button(person, case, attempt, link)
            case "only looks":
                await outside.open(link)
                await outside.open(link, "HEAD")
            case "two at once":
                await asyncio.gather(
                    outside.take_by_reply(person, case, number), outside.take_by_button(person, case, attempt, link)
                )
            case "passes" if not first:
                await outside.take_by_reply(person, case, number)

    def _rung(self, story: Story, attempt: str, person: str, call: Call) -> None:
        outside, case = self._outside, story.case
        match story.way:
            case "digit":
                outside.press(person, case, attempt, call, "4")
            case "wrong digit first":
                outside.press(person, case, attempt, call, "74")
            case "passes":
                outside.press(person, case, attempt, call, "5")
            case "voicemail":
                call.decide("machine_start")
            case "declines":
                call.decide("busy")
