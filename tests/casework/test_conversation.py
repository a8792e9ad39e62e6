"""Who may speak: the holder rules and the epoch."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.conversation import (
    BOT,
    QUEUE,
    Conversation,
    Holder,
    HolderKind,
    bot_may_speak,
    hand_off,
    release,
    require_holder,
    take_over,
)
from casework.errors import CaseworkError, NotAllowed, Superseded

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
ANA, BO = Holder(HolderKind.OFFICER, "ana"), Holder(HolderKind.OFFICER, "bo")


def talk(holder: Holder = BOT, **values: object) -> Conversation:
    plain = Conversation("c", "telegram", "7", NOW, NOW, holder=holder, epoch=4, last_seq=9)
    return replace(plain, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "officer_id"),
    [(HolderKind.OFFICER, None), (HolderKind.BOT, "ana"), (HolderKind.QUEUE, "ana")],
)
def test_an_officer_and_only_an_officer_has_an_id(kind: HolderKind, officer_id: str | None) -> None:
    with pytest.raises(ValueError, match="officer"):
        Holder(kind, officer_id)


def test_the_bot_hands_off_to_the_queue() -> None:
    after = hand_off(talk(), "asked", NOW)
    assert (after.holder, after.epoch) == (QUEUE, 5)
    assert (after.waiting_since, after.handoff_reason) == (NOW, "asked")
    assert not bot_may_speak(after)


@pytest.mark.parametrize("holder", [QUEUE, ANA])
def test_only_the_bot_hands_off(holder: Holder) -> None:
    before = talk(holder, waiting_since=NOW)
    assert hand_off(before, "asked", LATER) == before


def test_who_waited_already_keeps_the_place_in_the_queue() -> None:
    assert hand_off(talk(waiting_since=NOW), "asked", LATER).waiting_since == NOW


@pytest.mark.parametrize("holder", [BOT, QUEUE])
def test_an_officer_takes_over(holder: Holder) -> None:
    after = take_over(talk(holder, waiting_since=NOW), "ana")
    assert (after.holder, after.epoch, after.waiting_since) == (ANA, 5, None)
    assert after.seen_seq == 9


def test_taking_over_twice_changes_nothing() -> None:
    before = talk(ANA)
    assert take_over(before, "ana") == before


def test_the_second_taker_is_told_who_was_first() -> None:
    with pytest.raises(Superseded) as lost:
        take_over(talk(ANA), "bo")
    assert (lost.value.holder, lost.value.epoch) == (ANA, 4)


def test_force_takes_it_from_a_colleague() -> None:
    after = take_over(talk(ANA), "bo", force=True)
    assert (after.holder, after.epoch) == (BO, 5)


@pytest.mark.parametrize(("to", "waits"), [(BOT, None), (QUEUE, LATER), (BO, None)])
def test_the_holder_gives_it_back(to: Holder, waits: datetime | None) -> None:
    before = talk(ANA, handoff_reason="asked")
    after = release(before, "ana", 4, to, LATER)
    assert (after.holder, after.epoch, after.waiting_since) == (to, 5, waits)
    assert after.handoff_reason == ("asked" if to is QUEUE else None)


def test_nobody_gives_it_to_themselves() -> None:
    with pytest.raises(NotAllowed):
        release(talk(ANA), "ana", 4, ANA, LATER)


@pytest.mark.parametrize(
    ("holder", "officer_id", "epoch"),
    [
        (ANA, "bo", 4),
        (ANA, "ana", 3),
        (ANA, "ana", 5),
        (BOT, "ana", 4),
        (QUEUE, "ana", 4),
    ],
)
def test_only_the_holder_under_the_present_epoch(
    holder: Holder, officer_id: str, epoch: int
) -> None:
    with pytest.raises(Superseded):
        require_holder(talk(holder), officer_id, epoch)
    with pytest.raises(Superseded):
        release(talk(holder), officer_id, epoch, BOT, LATER)


def test_the_holder_may_speak() -> None:
    require_holder(talk(ANA), "ana", 4)


@pytest.mark.parametrize(("holder", "may"), [(BOT, True), (QUEUE, False), (ANA, False)])
def test_the_bot_speaks_only_while_it_holds(holder: Holder, may: bool) -> None:
    assert bot_may_speak(talk(holder)) is may


VERB = st.sampled_from(["hand_off", "ana", "bo", "force_ana", "to_bot", "to_queue", "to_bo"])


def act(before: Conversation, verb: str) -> Conversation:
    holder = before.holder.officer_id or "ana"
    match verb:
        case "hand_off":
            return hand_off(before, "asked", LATER)
        case "ana" | "bo":
            return take_over(before, verb)
        case "force_ana":
            return take_over(before, "ana", force=True)
        case "to_bot":
            return release(before, holder, before.epoch, BOT, LATER)
        case "to_queue":
            return release(before, holder, before.epoch, QUEUE, LATER)
    return release(before, holder, before.epoch, BO, LATER)


@given(st.lists(VERB, max_size=30))
def test_the_epoch_grows_exactly_when_the_holder_changes(verbs: list[str]) -> None:
    now = talk()
    for verb in verbs:
        before = now
        try:
            now = act(before, verb)
        except CaseworkError:
            continue
        assert now.epoch - before.epoch == (now.holder != before.holder)
        if now.holder.kind is HolderKind.QUEUE:
            assert now.waiting_since is not None
        else:
            assert now.waiting_since is None
