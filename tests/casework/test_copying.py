"""Copies of cases and conversations are those ``dataclasses.replace`` makes."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import Case, Status
from casework.conversation import Conversation
from casework.copying import replace

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
CASE = Case("JS1", "c", "consumer", NOON, "zhou", "g", due_at=NOON, proof=("f",))
TALK = Conversation("c", "web", "1", NOON, NOON)
NAMES = [each.name for each in dataclasses.fields(Case) if each.name not in {"owner_id", "org_id"}]


@given(st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_a_copy_is_the_same_copy(changes: dict[str, str]) -> None:
    untouched = dataclasses.replace(CASE)
    assert replace(CASE, **changes) == dataclasses.replace(CASE, **changes)  # type: ignore[arg-type]
    assert untouched == CASE


def test_of_a_conversation_too() -> None:
    assert replace(TALK, title="王") == dataclasses.replace(TALK, title="王")


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no owner"):
        replace(CASE, owner_id="")
    with pytest.raises(TypeError, match="colour"):
        replace(CASE, colour="red")  # type: ignore[call-arg]
    with pytest.raises(dataclasses.FrozenInstanceError):
        replace(CASE, status=Status.WORKING).status = Status.DRAFT  # type: ignore[misc]
