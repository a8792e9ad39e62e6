"""The console's own words: event summaries, verbs, channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from casework.events import Event


class _Blank(dict[str, str]):
    """A place nothing is known for stays empty instead of breaking a timeline."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class ConsoleTexts:
    """Names and templates by code."""

    channels: Mapping[str, str]
    verbs: Mapping[str, str]
    codes: Mapping[str, str]
    rates: Mapping[str, str]
    formulas: Mapping[str, str]
    levels: Mapping[str, str]
    actors: Mapping[str, str]
    holders: Mapping[str, str]
    reasons: Mapping[str, str]
    events: Mapping[str, str]
    identity: Mapping[str, str]
    doubts: Mapping[str, str]
    dangers: Mapping[str, str]
    chain: Mapping[str, str]
    safe: Mapping[str, str]
    with_whom: Mapping[str, str]
    tasks: Mapping[str, str]
    outcomes: Mapping[str, str]
    mediation: Mapping[str, str]

    def actor(self, event: Event) -> str:
        """Who did it, by name where there is one."""
        return event.actor.name or self.actors.get(event.actor.kind.value, "")

    def summary(self, event: Event, names: Mapping[str, str]) -> str:
        """One line about an event. ``names`` are officers' names by id."""
        template = self.events.get(event.kind.value, event.kind.value)
        data = event.data
        to = names.get(str(data.get("to_officer")), self.holders.get(str(data.get("to")), ""))
        another = self.codes.get("another_case", "")
        reason, level = str(data.get("reason", "")), str(data.get("level", ""))
        return template.format_map(
            _Blank(
                actor=self.actor(event),
                owner=names.get(str(data.get("owner", data.get("officer"))), ""),
                to=to,
                reason=self.reasons.get(reason, reason),
                code=self.codes.get(str(data.get("code")), ""),
                level=self.codes.get(level, level),
                round=str(data.get("round", "")),
                before=str(data.get("before_name", "")),
                category=str(data.get("category_name", "")),
                leading=str(data.get("leading", another)),
                slip=str(data.get("slip_number", "")),
                joined=str(data.get("joined", another)),
                department=str(data.get("department_name", "")),
                whistle=str(data.get("whistle_number", "")),
                linked="、".join(data.get("linked", ())) or another,
            )
        )


@cache
def console_texts() -> ConsoleTexts:
    """The texts as they are shipped."""
    text = resources.files("handoff_console").joinpath("texts.zh.yaml").read_text(encoding="utf-8")
    return ConsoleTexts(**yaml.safe_load(text))
