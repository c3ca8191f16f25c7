"""What the line itself says, in the person's language: from the rulebook's wording, with a floor of our own.

The built-in sentences are for the night on which no file could be read. Wording for people in need must be signed off
by a clinician, like every rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook

_PLACE = re.compile(r"\{(\w+)\}")

BUILT_IN: Mapping[str, str] = {
    "text_first_reply": "You have reached the crisis line. A person will write to you here as soon as they can. "
    "If you are in danger right now, call 911. You can also call or text 988.",
    "call_greeting": "You have reached the crisis line. Please stay on the line. A person will be with you soon. "
    "If you are in danger right now, hang up and call 911.",
    "hold": "We are still here. A person will be with you soon.",
    "page_sms": "{drill}{urgency}. Crisis line, case {number}. Reply 1 or {number} to take it, 2 to pass. {link}",
    "page_call": "{drill}This is the crisis line. {urgency}. Case {number_spoken}. "
    "To take it, press 4. To pass it to the next person, press 5. To hear it again, press star.",
    "page_call_join": "To take it and join the call, press 1.",
    "page_sms_many": "{drill}{pages}Reply the number of a case to take it, ALL to take all, 2 and a number to pass.",
    "page_sms_one_of_many": "{urgency}. Crisis line, case {number}. {link}",
    "page_mail_subject": "{drill}{urgency}. Crisis line, case {number}",
    "page_mail": "{drill}{urgency}. Crisis line, case {number}.\n\n"
    "To take it or to pass it to the next person, open this page and press a button:\n{link}\n\n"
    "An answer to this e-mail is not read by anybody.",
    "code_text": "{code} is your code for being paged by the crisis line. It counts for 15 minutes.",
    "code_call": "Your code for being paged by the crisis line is {code}. Once more: {code}. And once more: {code}.",
    "code_mail_subject": "Your code for being paged by the crisis line",
    "test_sms": "TEST page of the crisis line. Nobody is in danger. Reply 1 to show that it reached you. {link}",
    "test_call": "This is a test page of the crisis line. Nobody is in danger. To show that it reached you, press 4.",
    "test_mail_subject": "TEST. A test page of the crisis line",
    "test_mail": "TEST. Nobody is in danger.\n\nTo show that it reached you, open this page and press the button:\n"
    "{link}\n\nAn answer to this e-mail is not read by anybody.",
    "test_title": "TEST",
    "test_taken": "Thank you. The test page reached you.",
    "staff_stopped": "No more pages come to this number by text. Text START to be paged here again.",
    "staff_started": "Pages come to this number by text again.",
    "staff_started_waiting": "Pages come to this number by text again. This text took no page. Still waiting for you: "
    "{numbers}. Reply with the number of the case to take it.",
    "notice_before": "You are on call for {rota} from {start} until {end}.",
    "notice_start": "You are on call for {rota} now, until {end}.",
    "notice_subject": "On call: {rota}",
    "cover_asked": "On {rota} cover is asked for: the shift of {whose} from {start} until {end} ({zone}). {link}",
    "cover_asked_of": "On {rota} you are asked to take the shift of {whose} from {start} until {end} ({zone}). {link}",
    "cover_asked_swap": "On {rota} you are asked to swap: the shift of {whose} from {start} until {end} for yours "
    "from {other_start} until {other_end} ({zone}). {link}",
    "cover_taken": "On {rota} {name} now has the shift of {whose} from {start} until {end} ({zone}). {link}",
    "cover_given": "On {rota} you now have the shift of {whose} from {start} until {end} ({zone}), arranged "
    "by {by}. {link}",
    "cover_swapped": "On {rota} {name} now has the shift of {whose} from {start} until {end}, and {whose} that "
    "of {name} from {other_start} until {other_end} ({zone}). {link}",
    "cover_declined": "On {rota} {name} declined the shift of {whose} from {start} until {end} ({zone}). Nobody "
    "took it. {link}",
    "cover_declined_by_all": "On {rota} everybody who was asked declined the shift of {whose} from {start} until {end} "
    "({zone}). Nobody took it. {link}",
    "cover_withdrawn": "On {rota} the shift from {start} until {end} ({zone}) is with {whose} again and no longer "
    "with {name}. {link}",
    "cover_withdrawn_swap": "On {rota} the swap was taken back: {whose} has the shift from {start} until {end} again, "
    "and {name} the one from {other_start} until {other_end} ({zone}). {link}",
    "cover_lapsed": "On {rota} nobody took the shift of {whose} from {start} until {end} ({zone}). It stays "
    "with {whose}. {link}",
    "cover_lapsed_nobody": "On {rota} nobody took the shift of {whose} from {start} until {end} ({zone}), and for "
    "some or all of it nobody who can be paged is on call. {link}",
    "cover_subject": "Shifts: {rota}",
    "cover_mail": "{told}\n\nAn answer to this e-mail is not read by anybody.",
    "page_taken": "You have case {number}. Open it now; while you are on it, nobody else is paged. {link}",
    "page_taken_call": "You have case {number_spoken}. Open it; while you are on it, nobody else is paged. Goodbye.",
    "page_taken_join_call": "You have case {number_spoken}. You are put through to the call now.",
    "page_taken_more": "You have case {number}. One more person is wanted and still being asked. Open it at {link}",
    "page_taken_more_call": "You have case {number_spoken}. One more person is wanted and still being asked. Goodbye.",
    "page_taken_together": "You have case {number} together with {name}. Open it at {link}",
    "page_taken_together_call": "You have case {number_spoken} together with {name}. Goodbye.",
    "page_stood_down_call": "Case {number_spoken} was stood down. There is nothing left to do. Goodbye.",
    "page_stood_down": "Case {number} was stood down. There is nothing left to do. Thank you.",
    "page_taken_other": "{name} has case {number}. There is nothing left to do.",
    "page_taken_other_call": "{name} has case {number_spoken}. There is nothing left to do. Goodbye.",
    "page_passed": "Case {number} goes to the next person now.",
    "page_passed_call": "It goes to the next person now. Goodbye.",
    "page_passed_others": "You passed on case {number}. Others are being asked.",
    "page_passed_others_call": "You passed it on. Others are being asked. Goodbye.",
    "page_passed_last": "Nobody is left to ask for case {number}. The alarm stands at every desk until it is taken.",
    "page_passed_last_call": "Nobody is left to ask. The alarm stands at every desk until somebody has it. Goodbye.",
    "page_unknown_reply": "That was not understood, so nothing was taken. Reply 1 to take the page, 2 to pass it.",
    "page_which": "You have more than one page. Reply with the number of the case to take, or ALL: {numbers}.",
    "page_none": "No page waits for you: it was taken, passed or stood down. "
    "If you are in need of help yourself, call or text 988.",
    "coverage_text": "{drill}{told} {link}",
    "coverage_mail_subject": "{drill}On call: {about}",
    "coverage_mail": "{drill}{told}\n\nThe rotas: {link}\n\nAn answer to this e-mail is not read by anybody.",
    "coverage_mended": "No longer so: {told}",
    "drill": "DRILL. ",
    "urgency_imminent": "IMMINENT",
    "urgency_high": "HIGH",
    "urgency_moderate": "MODERATE",
    "urgency_low": "LOW",
    "urgency_none": "A supervisor is needed",
    "urgency_not_assessed": "NOT ASSESSED",
}


def say(rulebook: Rulebook, language: str, key: str, **values: str) -> str:
    """Return the sentence `key` in that language, with its places filled; never fails on a place that is not known."""
    for wording in (rulebook.wording.get(language, {}), rulebook.wording.get("en", {}), BUILT_IN):
        if wording.get(key):
            return _fill(wording[key], values)
    return ""


def urgency(rulebook: Rulebook, language: str, risk: Risk) -> str:
    """Return the word for how urgent a page is."""
    return say(rulebook, language, f"urgency_{risk.value}")


def spoken_number(number: str) -> str:
    """Return a case number so that a voice reads it figure by figure."""
    return " ".join(number)


def language_of(rulebook: Rulebook, text: str, default: str) -> str:
    """Guess the language of a first text from the words that each language's wording names; the default when unsure."""
    words = {word.strip(".,;:!?¿¡\"'()").lower() for word in text.split()}
    counts = {
        language: len(words & _listed(wording.get("recognise", ""))) for language, wording in rulebook.wording.items()
    }
    best = max(counts, key=lambda language: counts[language], default=default)
    return best if counts.get(best, 0) > 0 else default


@lru_cache(maxsize=32)
def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _fill(sentence: str, values: Mapping[str, str]) -> str:
    """Fill the places; whatever else stands in braces is said as it is, since no typing error may silence the line."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), sentence)
