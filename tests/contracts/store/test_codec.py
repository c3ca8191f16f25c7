"""Facts as bytes: every one comes back as it was, and history stays readable."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis_hub.adapters.store import codec
from crisis_hub.adapters.store.codec import UnreadableFact, decode, encode, fact_types
from crisis_hub.domain.events import SEALED, Fact, MessageReceived, private
from crisis_hub.domain.risk import Risk
from tests.contracts.store.samples import CANARY, NOW, message

_ANY_CHARACTER = st.characters(exclude_categories=())


def _values(hint: Any, text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type hint
    """Return whatever a field of this type may hold."""
    hint = getattr(hint, "__supertype__", hint)
    simple = {
        str: text,
        int: st.integers(-(2**53), 2**53),
        bool: st.booleans(),
        datetime: st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-6))])),
        NoneType: st.none(),
    }
    if hint in simple:
        return simple[hint]
    if get_origin(hint) in {Union, UnionType}:
        return st.one_of(*(_values(option, text) for option in get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(_values(get_args(hint)[0], text), max_size=3).map(tuple)
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    assert is_dataclass(hint)
    return _records(cast(type, hint), text)


def _records(kind: type, text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{name: _values(hint, text) for name, hint in get_type_hints(kind).items()})


@pytest.mark.parametrize("name", sorted(fact_types()))
def test_every_fact_comes_back_as_it_was(name: str) -> None:
    @settings(max_examples=30)
    @given(fact=_records(fact_types()[name], st.text()))
    def comes_back(fact: Fact) -> None:
        type_name, payload, words, _ = encode(fact)
        assert type_name == name
        assert decode(name, payload, words) == fact

    comes_back()


@pytest.mark.parametrize("name", sorted(fact_types()))
def test_no_text_whatever_keeps_a_fact_from_being_stored(name: str) -> None:
    @settings(max_examples=20)
    @given(fact=_records(fact_types()[name], st.text(_ANY_CHARACTER)))
    def is_stored(fact: Fact) -> None:
        _, payload, words, kept = encode(fact)
        assert decode(name, payload, words) == kept
        assert b"\x00" not in payload

    is_stored()


@pytest.mark.parametrize("name", sorted(fact_types()))
def test_what_anybody_may_see_of_a_fact_holds_no_private_field(name: str) -> None:
    kind = fact_types()[name]
    hidden = {part.name for part in dataclasses.fields(kind) if part.metadata.get("private")}

    @settings(max_examples=10)
    @given(fact=_records(kind, st.text()))
    def holds_none(fact: Fact) -> None:
        _, payload, words, _ = encode(fact)
        assert not hidden & set(orjson.loads(payload))
        assert set(orjson.loads(words or b"{}")) == hidden
        seen = decode(name, payload)
        for part in dataclasses.fields(kind):
            value = getattr(seen, part.name)
            assert value in (SEALED, ()) if part.name in hidden else value == getattr(fact, part.name)

    holds_none()


def test_fields_of_newer_versions_are_passed_over() -> None:
    _, payload, words, _ = encode(message())
    newer = {**orjson.loads(payload), "mood": "low"}
    assert decode("MessageReceived", orjson.dumps(newer), words) == message()


def test_a_missing_field_takes_its_default() -> None:
    old = {"escalation": "e1", "ladder": "clinical", "urgency": "high", "steps": [], "why": "asq"}
    fact = decode("EscalationStarted", orjson.dumps(old))
    assert (fact.about, fact.urgency) == ("risk", Risk.HIGH)  # type: ignore[union-attr]


def test_a_missing_private_field_is_empty() -> None:
    _, payload, _, _ = encode(message())
    assert cast(MessageReceived, decode("MessageReceived", payload, b"{}")).text == ""


def test_a_missing_field_without_default_is_said_by_name() -> None:
    with pytest.raises(UnreadableFact, match="MessageReceived has no contact"):
        decode("MessageReceived", b'{"message":"m1"}')


def test_a_type_of_a_newer_version_is_said_by_name() -> None:
    with pytest.raises(UnreadableFact, match="MoodRecorded is not known"):
        decode("MoodRecorded", b"{}")


def test_a_value_that_is_not_known_is_told_by_field_and_never_shown() -> None:
    with pytest.raises(UnreadableFact, match="urgency of a recorded EscalationStarted") as caught:
        decode("EscalationStarted", orjson.dumps({"escalation": "", "ladder": "", "urgency": CANARY}))
    assert CANARY not in str(caught.value)


@dataclass(frozen=True)
class _Inner:
    word: str = private()


@dataclass(frozen=True)
class _Outer:
    inner: _Inner


@dataclass(frozen=True)
class _Loose:
    any_of: dict[str, str]


def test_a_private_field_that_would_not_be_sealed_is_refused() -> None:
    with pytest.raises(TypeError, match=r"_Outer\.inner: a private field inside _Inner"):
        encode(cast(Fact, _Outer(_Inner("x"))))


def test_a_field_that_could_not_be_read_back_is_refused() -> None:
    with pytest.raises(TypeError, match=r"_Loose\.any_of"):
        encode(cast(Fact, _Loose({})))


@given(one=st.datetimes(timezones=st.just(UTC)), other=st.datetimes(timezones=st.just(UTC)))
def test_written_instants_sort_in_order_of_time_and_come_back(one: datetime, other: datetime) -> None:
    assert (codec.stamp(one) < codec.stamp(other)) == (one < other)
    assert codec.instant(codec.stamp(one)) == one


def test_an_instant_is_written_in_utc_whatever_its_zone() -> None:
    assert codec.stamp(NOW.astimezone(timezone(timedelta(hours=5)))) == "2026-03-01T03:00:00.000000Z"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        codec.stamp(datetime(2026, 3, 1))  # noqa: DTZ001 - that is the point
