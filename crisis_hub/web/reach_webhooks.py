"""What the carrier tells us of codes and test pages: signed like everything else that comes from there."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from crisis_hub.application.carrier_states import ATTEMPT_STATES
from crisis_hub.domain.vocabulary import AttemptState, TakenBy
from crisis_hub.web.parts import Parts
from crisis_hub.web.webhooks import Handler, Otherwise, Told, no_more_words, noted, twiml

_TAKE = frozenset({"1", "4"})


async def _code(parts: Parts, told: Told) -> Response:
    words = parts.reachability.spoken_code(told.query.get("person", ""), told.query.get("way", ""))
    return twiml(parts.words.say_and_hang_up(*words))


async def _test(parts: Parts, told: Told) -> Response:
    person, _ = parts.trials.by_id(told.query.get("person", ""), told.query.get("test", ""))
    words, language = parts.trials.spoken(person, "test_call")
    return twiml(parts.words.page_menu(words, language, f"/twilio/reach/digits?{told.raw_query}"))


async def _digits(parts: Parts, told: Told) -> Response:
    person, test = parts.trials.by_id(told.query.get("person", ""), told.query.get("test", ""))
    if told.form.word("Digits")[:1] not in _TAKE:
        return await _test(parts, told)
    await parts.trials.take(person, test, TakenBy.DIGIT)
    return twiml(parts.words.say_and_hang_up(*parts.trials.spoken(person, "test_taken")))


async def _status(parts: Parts, told: Told) -> Response:
    word = told.form.word("CallStatus", "MessageStatus", "SmsStatus")
    state = ATTEMPT_STATES.get(word)
    person, test = told.query.get("person", ""), told.query.get("test", "")
    if state is not None:
        code = told.form.text("ErrorCode", 20)
        await parts.trials.progressed(person, test, state, " ".join(x for x in (word, code) if x))
        if state is AttemptState.FAILED and code == "21610":
            known, found = parts.trials.by_id(person, test)
            await parts.reachability.closed(known, found.method, found.address)
    return noted(parts)


HANDLERS: Mapping[str, tuple[Handler, Otherwise]] = {
    "/twilio/reach/code": (_code, no_more_words),
    "/twilio/reach/test": (_test, no_more_words),
    "/twilio/reach/digits": (_digits, no_more_words),
    "/twilio/reach/status": (_status, noted),
}
"""The doors of codes and test pages, and what each answers when there is nothing that the carrier could mean."""
