"""The rules page: every rule in a sentence, what it has done, and who answers for it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request

from crisis_hub.application import rights
from crisis_hub.application.rule_words import action_words, lines, sentence
from crisis_hub.application.rulebooks import Fired, Rulebooks
from crisis_hub.domain.instrument import Instrument, spoken
from crisis_hub.domain.reading import RuleOnFile
from crisis_hub.domain.rules import Rulebook
from crisis_hub.web import schemas as s
from crisis_hub.web.auth import Asker, parts_of
from crisis_hub.web.ids import name_of
from crisis_hub.web.parts import Parts

router = APIRouter(prefix="/api/rules", tags=["rules"], generate_unique_id_function=name_of)


@router.get("")
async def get_rules(request: Request, asker: Asker) -> s.RulesOut:
    """Return every rule in a sentence, with its examples and how often it fired."""
    rights.must_read_rules(asker)
    return await _rules_out(parts_of(request))


@router.post("/sign-off")
async def sign_off(request: Request, body: s.SignOffIn, asker: Asker) -> s.RulesOut:
    """Answer for the version in force; once a second person does too, it is signed."""
    parts = parts_of(request)
    await parts.rulebooks.sign(asker, body.version, body.reason)
    return await _rules_out(parts)


async def _rules_out(parts: Parts) -> s.RulesOut:
    book = parts.rulebook()
    fired = await parts.rulebooks.tally()
    place = book.jurisdiction
    return s.RulesOut(
        version=book.version,
        loaded_at=parts.rulebooks.standing().loaded_at,
        sign_off=book.sign_off,
        signature=_signature_out(parts.rulebooks),
        problems=list(book.problems),
        rules=[_rule_out(rule, book, fired) for rule in parts.rules_on_file()],
        instruments=[_instrument_out(one) for one in book.instruments.values()],
        ladders=list(book.ladders),
        jurisdiction=place.name if place else None,
    )


def _rule_out(rule: RuleOnFile, book: Rulebook, fired: Mapping[str, Fired]) -> s.RuleOut:
    reading, done = rule.reading, fired.get(rule.reading.id)
    return s.RuleOut(
        id=reading.id,
        file=rule.file,
        version=reading.version,
        sentence=sentence(reading, book),
        when=[s.LineOut(depth=depth, words=words, line=line) for depth, words, line in lines(reading.when, book)],
        then=[action_words(action, book) for action in reading.then],
        because=reading.because,
        source=reading.source,
        fires=list(rule.fires),
        stays_calm=list(rule.stays_calm),
        fired=done.times if done else 0,
        last_fired_at=done.last_at if done else None,
    )


def _instrument_out(instrument: Instrument) -> s.InstrumentOut:
    return s.InstrumentOut(
        id=instrument.id,
        title=instrument.title,
        version=instrument.version,
        licence=instrument.licence,
        wording=instrument.wording,
        shown=instrument.worded,
        validated=instrument.validated,
        items=len(instrument.items),
        source=instrument.source,
        outside=_outside_out(instrument),
    )


def _outside_out(instrument: Instrument) -> s.OutsideToolOut | None:
    if instrument.outside is None:
        return None
    return s.OutsideToolOut(results=_codes(instrument.outside.results), headings=_codes(instrument.outside.headings))


def _codes(labels: Mapping[str, Mapping[str, str]]) -> list[s.CodeOut]:
    return [s.CodeOut(code=code, label=spoken(words, "en") or code) for code, words in labels.items()]


def _signature_out(rulebooks: Rulebooks) -> s.SignatureOut:
    standing = rulebooks.standing()
    if standing.signed is not None:
        names = [rulebooks.name_of(id) for id in (standing.signed.by, standing.signed.second)]
        return s.SignatureOut(
            state="signed",
            proposed_by=None,
            proposed_by_id=None,
            signed_by=names,
            reason=standing.signed.why,
            first_reason=standing.proposed.why if standing.proposed else "",
            at=standing.signed_at,
        )
    if standing.proposed is not None:
        by = rulebooks.name_of(standing.proposed.by)
        id, why = standing.proposed.by, standing.proposed.why
        return s.SignatureOut(
            state="proposed", proposed_by=by, proposed_by_id=id, signed_by=[], reason=why, first_reason=why, at=None
        )
    return s.SignatureOut(
        state="none", proposed_by=None, proposed_by_id=None, signed_by=[], reason="", first_reason="", at=None
    )
