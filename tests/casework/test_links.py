"""What a code on a wall carries, and that nobody can make one up."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import links
from casework.errors import Incomplete, Misconfigured
from casework.links import Link, LinkKeys, LinkKind, Standing
from casework.organisation import Officer, Role

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
LINK = Link("a" * 12, LinkKind.ENTERPRISE, "宏达电子厂", "", "", "g", NOW)
ALPHABET = string.ascii_letters + string.digits + "_-"
ids = st.text(ALPHABET, min_size=12, max_size=12)
secrets = st.text(min_size=1, max_size=64)
KEYS = LinkKeys(["the secret of this test"])


@given(ids, secrets)
def test_what_was_sealed_is_read(link_id: str, secret: str) -> None:
    keys = LinkKeys([secret])
    assert keys.read(keys.seal(link_id)) == link_id


@given(ids)
def test_a_payload_fits_into_a_deep_link(link_id: str) -> None:
    payload = KEYS.seal(link_id)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
    assert links.is_link(payload)


@given(ids, st.integers(0, 38), st.sampled_from(ALPHABET))
def test_not_one_character_may_change(link_id: str, at: int, other: str) -> None:
    payload = KEYS.seal(link_id)
    changed = payload[:at] + other + payload[at + 1 :]
    assert (KEYS.read(changed) == link_id) == (changed == payload)


@given(ids, st.integers(0, 38))
def test_a_part_of_one_is_none(link_id: str, length: int) -> None:
    assert KEYS.read(KEYS.seal(link_id)[:length]) is None
    assert KEYS.read(KEYS.seal(link_id) + "A") is None


@given(ids, secrets, secrets)
def test_another_secret_opens_nothing(link_id: str, mine: str, other: str) -> None:
    payload = LinkKeys([mine]).seal(link_id)
    assert (LinkKeys([other]).read(payload) == link_id) == (mine == other)


@given(st.text(max_size=80))
def test_any_text_is_read_as_nothing(text: str) -> None:
    assert KEYS.read(text) is None


def test_codes_outlive_a_change_of_the_secret() -> None:
    old, new = LinkKeys(["old"]), LinkKeys(["new", "old"])
    assert new.read(old.seal(LINK.id)) == LINK.id
    assert old.read(new.seal(LINK.id)) is None  # and the new one signs from now on
    assert LinkKeys(["new"]).read(new.seal(LINK.id)) == LINK.id


def test_the_payload_tells_nothing_of_the_place() -> None:
    assert KEYS.seal(links.new_id()) != KEYS.seal(links.new_id())
    with pytest.raises(ValueError, match="not a link id"):
        KEYS.seal("宏达电子厂")


def test_without_a_secret_nothing_is_sealed() -> None:
    with pytest.raises(Misconfigured, match="JIESU_SECRET_KEY"):
        LinkKeys().seal(LINK.id)
    assert LinkKeys().read(KEYS.seal(LINK.id)) is None


def test_no_category_is_taken_for_a_link() -> None:
    for payload in ("wage_arrears", "digest", "group", "", None):
        assert not links.is_link(payload)


def test_at_an_enterprise_the_enterprise_is_answerable() -> None:
    made = links.checked(replace(LINK, name=" 宏达电子厂 "))
    assert (made.name, made.respondent, made.place) == ("宏达电子厂",) * 3
    named = links.checked(replace(LINK, respondent="宏达公司", place="柳岸街8号"))
    assert (named.respondent, named.place) == ("宏达公司", "柳岸街8号")
    assert links.checked(replace(LINK, kind=LinkKind.BUILDING)).respondent == ""


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": " "}, "name"), ({"valid_until": NOW}, "valid_until")],
)
def test_what_a_link_cannot_do_without(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        links.checked(replace(LINK, **wrong))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_how_long_it_counts() -> None:
    second = timedelta(seconds=1)
    assert LINK.standing(NOW) is Standing.GOOD
    until = replace(LINK, valid_until=NOW)
    assert [until.standing(NOW - second), until.standing(NOW)] == [Standing.GOOD, Standing.EXPIRED]
    gone = replace(until, revoked_at=NOW)
    assert gone.standing(NOW) is Standing.REVOKED
    assert replace(LINK, revoked_at=NOW).standing(NOW - second) is Standing.GOOD


def test_who_puts_codes_up() -> None:
    may = {role for role in Role if links.may_make(Officer("x", "x", "x", role, "g"))}
    assert may == {Role.COMMUNITY, Role.STREET, Role.ADMIN}
