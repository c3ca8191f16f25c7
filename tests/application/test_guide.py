"""What to say and ask next, with what each answer would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crisis_hub.application.guide import Guide, Guides
from crisis_hub.application.outline import label_of
from crisis_hub.domain.case import Answer
from crisis_hub.domain.commands import CloseCase, SkipSection
from crisis_hub.domain.errors import Wrong
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import EMPTY, Rulebook
from crisis_hub.domain.script import Ask, Saying, Script, Section
from crisis_hub.domain.vocabulary import PersonId
from tests.application.hands import BOOK, Hands, hands
from tests.domain.given import DANGER, MOOD, Is, both

SCRIPT = Script(
    "first",
    "1",
    {"en": "First"},
    (
        Section("mood", {"en": "Mood"}, (Saying({"en": "I will ask you some questions.", "es": "Voy a preguntar."}),)),
        Section("danger", {"en": "Danger"}, asks=(Ask("danger", "weapon"), Ask("danger", "how_far"))),
        Section("again", {"en": "Again"}, asks=(Ask("mood", "sad"), Ask("danger", "weapon"))),
    ),
)
SCRIPTED = replace(BOOK, scripts={"first": SCRIPT}, sign_off="none")


async def guide(here: Hands, case: str, wanted: str = "") -> Guide:
    guides = Guides(here.clock, lambda: here.book, here.paging)
    return guides.guide(await here.case(case), wanted)


async def test_the_next_question_is_the_first_that_was_not_asked() -> None:
    async with hands(SCRIPTED) as here:
        case = await here.a_case()
        first = await guide(here, case)
        await here.answer(case, "danger.weapon=no")
        second = await guide(here, case)

        assert first.next is not None
        assert second.next is not None
        assert [q.item for q in (first.next, second.next)] == ["weapon", "how_far"]
        assert (first.asked, first.of, second.asked, second.of) == (0, 3, 1, 4)


async def test_any_question_can_be_asked_for() -> None:
    async with hands(SCRIPTED) as here:
        case = await here.a_case()
        await here.answer(case, "danger.weapon=no")
        wanted = await guide(here, case, "danger.weapon")
        strange = await guide(here, case, "no.such")

        assert wanted.next is not None
        assert (wanted.next.item, wanted.next.answer) == ("weapon", "no")
        assert strange.next is not None
        assert strange.next.item == "how_far"


async def test_each_answer_says_what_it_would_do_and_whom_it_would_wake() -> None:
    """Nobody should be surprised by what a yes sets in motion."""
    async with hands(SCRIPTED) as here:
        case = await here.a_case()
        question = (await guide(here, case)).next

        assert question is not None
        outlooks = {choice.answer: (choice.outlook.risk, choice.outlook.pages) for choice in question.options}
        assert outlooks == {
            "no": (None, []),
            "yes": (Risk.HIGH, ["Ana", "Ben"]),
            "refused": (None, []),
            "unknown": (None, []),
        }


async def test_looking_ahead_writes_and_pages_nothing() -> None:
    async with hands(SCRIPTED) as here:
        case = await here.a_case()
        head = await here.ledger.head()
        await guide(here, case)
        await here.seconds(3)

        assert await here.ledger.head() == head
        assert here.telephony.accepted == []


async def test_who_would_not_say_and_what_nobody_knows_can_always_be_chosen_quietly() -> None:
    async with hands(SCRIPTED) as here:
        question = (await guide(here, await here.a_case())).next

        assert question is not None
        assert [(c.answer, c.quiet) for c in question.options] == [
            ("no", False),
            ("yes", False),
            ("refused", True),
            ("unknown", True),
        ]
        assert [c.hint for c in question.options if c.quiet] == ["never counts as no", "stays on the list"]


async def test_what_nobody_knows_stays_on_the_list_of_what_is_missing() -> None:
    async with hands(SCRIPTED) as here:
        case = await here.a_case()
        await here.answer(case, "danger.weapon=unknown")
        now = await guide(here, case)

        assert [(line.item, line.answer, line.answer_label) for line in now.missing] == [
            ("weapon", "unknown", "Not known"),
            ("how_far", None, None),
            ("sad", None, None),
            ("plan", None, None),
        ], "the plan is in no part of the script, and was begun all the same"
        assert now.flags == ["refused_or_unknown"]


async def test_with_no_file_at_all_the_questions_of_the_floor_are_asked() -> None:
    """On the night on which no file could be read, imminent danger must still be findable."""
    async with hands(EMPTY) as here:
        case = await here.a_case()
        now = await guide(here, case)

        assert now.next is not None
        assert (now.next.instrument, now.next.item) == ("ch_right_now", "attempt_now")
        armed = await guide(here, case, "ch_violence_inquiry.v10")
        assert armed.next is not None
        yes = next(choice for choice in armed.next.options if choice.answer == "yes")
        assert (yes.outlook.risk, yes.outlook.pages) == (Risk.IMMINENT, ["Ana", "Ben", "Sam"])


async def test_a_closed_case_can_be_read_and_asks_nothing_more() -> None:
    async with hands(SCRIPTED) as here:
        case = await here.a_case()
        await here.answer(case, "danger.weapon=no")
        await here.do(case, CloseCase(PersonId("rui"), "safe", ""))
        now = await guide(here, case)

        assert now.next is None
        assert [line.answer for line in now.outline[1].items] == ["no", None]


async def test_words_are_shown_in_the_persons_language_and_a_missing_one_is_marked() -> None:
    item = replace(DANGER.items[0], say={"en": "Is a weapon near?", "es": "¿Hay un arma cerca?"})
    worded = replace(DANGER, items=(item, *DANGER.items[1:]))
    book: Rulebook = replace(SCRIPTED, instruments={"danger": worded, "mood": MOOD})
    async with hands(book) as here:
        case = await here.case(await here.a_case())
        guides = Guides(here.clock, lambda: book, here.paging)
        said = {language: guides.guide(replace(case, language=language)) for language in ("en", "es", "pl")}

        questions = {language: one.next for language, one in said.items()}
        assert {k: (q.say, q.language, q.wording) for k, q in questions.items() if q} == {
            "en": ("Is a weapon near?", "en", "own"),
            "es": ("¿Hay un arma cerca?", "es", "own"),
            "pl": ("Is a weapon near?", "en", "missing"),
        }
        assert said["es"].outline[0].say == ["Voy a preguntar."]


async def test_an_answer_carries_the_mark_of_the_risk_that_it_helped_to_raise() -> None:
    async with hands(SCRIPTED) as here:
        case = await here.a_case()
        await here.answer(case, "danger.weapon=yes")
        await here.answer(case, "danger.how_far=far")
        lines = {line.item: line.risk for line in (await guide(here, case)).outline[1].items}

        assert lines == {"weapon": Risk.HIGH, "how_far": None}


def test_answers_are_shown_in_words() -> None:
    how_far = DANGER.item("how_far")
    assert how_far is not None

    said = ["near", "unknown", "refused", "yes", "no", "17"]
    assert [label_of(how_far, one) for one in said] == ["Near", "Not known", "Does not want to say", "Yes", "No", "17"]
    assert label_of(how_far, None) is None


SKIPPABLE = replace(
    SCRIPT,
    sections=(
        replace(
            SCRIPT.sections[1],
            about={"en": "Weapons.", "es": "Armas."},
            listen={"en": "Steps."},
            calm={"en": "Slowly."},
            may_skip={"en": "When it can wait."},
        ),
        replace(SCRIPT.sections[2], urgent=True),
        Section(
            "later",
            {"en": "Later", "es": "Luego"},
            asks=(Ask("mood", "tired"),),
            opens_when=both(Is("mood.sad", "yes")),
        ),
    ),
)


async def test_a_part_that_was_laid_aside_survives_a_colleague_and_a_reload() -> None:
    async with hands(replace(SCRIPTED, scripts={"first": SKIPPABLE})) as here:
        case = await here.a_case()
        await here.do(case, SkipSection(PersonId("rui"), "danger", skip=True))
        await here.do(case, SkipSection(PersonId("rui"), "danger", skip=True))
        aside = await guide(here, case)
        await here.do(case, SkipSection(PersonId("sam"), "danger", skip=False))
        again = await guide(here, case)

        assert aside.next is not None
        assert (aside.next.item, aside.outline[0].skipped) == ("sad", True)
        assert [line.item for line in aside.missing] == ["sad", "weapon", "how_far"]
        assert again.next is not None
        assert (again.next.item, again.outline[0].skipped) == ("weapon", False)


@pytest.mark.parametrize("section", ["again", "no_such_part"])
async def test_what_cannot_be_skipped_says_so(section: str) -> None:
    async with hands(replace(SCRIPTED, scripts={"first": SKIPPABLE})) as here:
        case = await here.a_case()
        with pytest.raises(Wrong):
            await here.do(case, SkipSection(PersonId("rui"), section, skip=True))
        assert (await here.case(case)).skipped == frozenset()


async def test_a_part_says_what_it_is_for_and_what_else_could_be_asked_in_it() -> None:
    async with hands(replace(SCRIPTED, scripts={"first": SKIPPABLE})) as here:
        case = await here.a_case()
        danger, _, later = (await guide(here, case)).outline

        assert (danger.about, danger.listen, danger.calm, danger.may_skip) == (
            "Weapons.",
            "Steps.",
            "Slowly.",
            "When it can wait.",
        )
        assert (later.opened, later.items, [line.item for line in later.others]) == (False, [], ["tired"])
        asked = await guide(here, case, "mood.tired")
        assert asked.next is not None
        assert asked.next.item == "tired", "a guide, never a cage"


async def test_while_it_is_imminent_the_rest_waits_and_says_so() -> None:
    async with hands(replace(SCRIPTED, scripts={"first": SKIPPABLE})) as here:
        case = await here.case(await here.a_case())
        guides = Guides(here.clock, lambda: here.book, here.paging)
        imminent = guides.guide(replace(case, risk=Risk.IMMINENT))
        said = {"mood": {"sad": an_answer("no")}, "danger": {"weapon": an_answer("no")}}
        answered = replace(case, risk=Risk.IMMINENT, answers=said)
        waiting = guides.guide(answered)

        assert imminent.next is not None
        assert imminent.next.section == "again"
        assert (waiting.next, waiting.waiting) == (None, True)
        assert waiting.missing != []


async def test_the_reader_is_spoken_to_in_their_own_language() -> None:
    async with hands(replace(SCRIPTED, scripts={"first": SKIPPABLE})) as here:
        case = await here.case(await here.a_case())
        read = Guides(here.clock, lambda: here.book, here.paging).guide(case, "", "es")

        assert read.next is not None
        assert [choice.label for choice in read.next.options] == [
            "No",
            "Sí",
            "No quiere decirlo",
            "Sin respuesta todavía, seguir",
        ]
        assert (read.outline[0].about, read.outline[2].title, read.reader) == ("Armas.", "Luego", "es")


async def test_every_result_so_far_is_told_in_words() -> None:
    async with hands(SCRIPTED) as here:
        case = await here.a_case()
        await here.answer(case, "danger.weapon=yes")
        await here.answer(case, "mood.sad=unknown")
        found = {result.instrument: result for result in (await guide(here, case)).results}

        assert set(found) == {"mood"}, "what has no levels has no result"
        assert (found["mood"].complete, found["mood"].band) == (False, None)
        assert found["mood"].open > 0


async def test_what_may_not_be_shown_is_marked_and_shows_its_label_alone() -> None:
    locked = replace(DANGER, licence="B", notice="Somebody's own.", wording="published", validated=True)
    book = replace(SCRIPTED, instruments={"danger": locked, "mood": MOOD})
    async with hands(book) as here:
        case = await here.a_case()
        await here.answer(case, "danger.plan=no")
        asked = (await guide(here, case, "danger.weapon")).next
        pushed = (await guide(here, case)).next

        assert asked is not None
        assert (asked.worded, asked.wording, asked.licence, asked.notice) == (False, "missing", "B", "Somebody's own.")
        assert asked.say == asked.concept
        assert pushed is not None
        assert pushed.instrument == "mood", "what has no words is never put forward"


def an_answer(said: str) -> Answer:
    return Answer(said, "", PersonId("rui"), datetime(2026, 3, 2, tzinfo=UTC), "1")
