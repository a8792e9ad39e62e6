"""The bot's texts: data in ``replies.zh.yaml``, filled by name.

A template holds plain ``{name}`` places. Values are put in once and never read as templates
again, so nothing a resident writes can act as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from casework.case import Case
from casework.events import Kind
from casework.turn import Button, Line

ParamValue = str | int | float
_PLACE = re.compile(r"\{([a-z_]+)\}")
CHINA = timezone(timedelta(hours=8))
"""Residents read one clock, whatever zone the machine keeps."""


class MissingWords(Exception):
    """A text, or a value a text needs, is not there."""


def fill(key: str, template: str, params: Mapping[str, ParamValue]) -> str:
    """The template with its places filled. Raises MissingWords naming ``key`` and the place."""

    def value(place: re.Match[str]) -> str:
        name = place.group(1)
        if name not in params:
            raise MissingWords(f"text {key!r} needs {name!r}")
        return str(params[name])

    return _PLACE.sub(value, template)


def places(template: str) -> frozenset[str]:
    """The names a template needs."""
    return frozenset(_PLACE.findall(template))


def in_a_row(sentences: Iterable[str]) -> str:
    """Sentences one after another; English ones with a space between them."""
    text = ""
    for each in sentences:
        text += f" {each}" if text and text[-1].isascii() else each
    return text


def _open_ended(said: str) -> str:
    """Words without their full stop: the sentence they stand in has its own."""
    text = said.strip()
    while text and unicodedata.category(text[-1]) == "Po":
        text = text[:-1]
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """``texts`` by key, ``buttons`` (titles) by key, the names of case statuses and of months.

    Without names of months they are numbers.
    """

    texts: Mapping[str, str]
    buttons: Mapping[str, str]
    statuses: Mapping[str, str]
    months: tuple[str, ...] = ()

    def text(self, key: str, params: Mapping[str, ParamValue] | None = None) -> str:
        """The filled text. Raises MissingWords for an unknown key or a missing value."""
        template = self.texts.get(key)
        if template is None:
            raise MissingWords(f"there is no text {key!r}")
        return fill(key, template, params or {})

    def line(self, key: str, params: Mapping[str, ParamValue] | None = None) -> Line:
        """The filled text as a line without buttons. Raises as ``text`` does."""
        return Line(self.text(key, params))

    def moment(self, at: datetime, now: datetime) -> str:
        """A moment as people say it: 今天16:30, 明天9:00, 11月29日."""
        # The 00:00 at which a period is over is the 24:00 of its last day.
        local, today = (at - timedelta.resolution).astimezone(CHINA), now.astimezone(CHINA).date()
        midnight = local.date() != at.astimezone(CHINA).date()
        local = local if midnight else at.astimezone(CHINA)
        days = (local.date() - today).days
        if at - now >= timedelta(hours=2):
            local = local.replace(minute=0)  # sooner than promised, and easier to read
        clock = "24:00" if midnight else f"{local.hour}:{local.minute:02}"
        if days == 0:
            return self.text("moment_today", {"clock": clock})
        if days == 1:
            return self.text("moment_tomorrow", {"clock": clock})
        month = self.months[local.month - 1] if self.months else local.month
        return self.text("moment_day", {"month": month, "day": local.day})

    def day(self, at: datetime) -> str:
        """The day of a moment: 11月29日."""
        local = at.astimezone(CHINA)
        month = self.months[local.month - 1] if self.months else local.month
        return self.text("moment_day", {"month": month, "day": local.day})

    def button(self, key: str, payload: str) -> Button:
        """A button titled in ``replies.zh.yaml`` under ``buttons``."""
        title = self.buttons.get(key)
        if title is None:
            raise MissingWords(f"there is no button title {key!r}")
        return Button(title, payload)

    def notice(
        self, kind: Kind, case: Case, owner_name: str, said: str = "", *, dated: bool = False
    ) -> Line | None:
        """What the resident is told when a case changes; None when it is not worth a message.

        ``said`` is what an officer wrote for them: what is needed, why it takes longer, where to
        turn.

        ``CASE_FILED`` is for a case the clock filed: a case filed by the resident's own word gets
        its receipt as the reply to it. ``dated``: it is read on another day than it is written,
        so that it says no "tomorrow".
        """
        key = f"notice_{kind.value}"
        if key not in self.texts:
            return None
        params: dict[str, ParamValue] = {
            "number": case.number,
            "owner": owner_name,
            "result": case.result or "",
            "said": said,
            "asked": _open_ended(said),
        }
        if case.due_at is not None:
            params["new_due"] = self.day(case.due_at)
        if case.resume_at is not None:
            params["until"] = self.day(case.resume_at)
        if kind is Kind.CASE_FILED and case.filed_at and case.contact_by and case.due_at:
            contact, due = case.contact_by, case.due_at
            for key, at in (("contact_text", contact), ("due_text", due)):
                params[key] = self.day(at) if dated else self.moment(at, case.filed_at)
        return Line(self.text(f"notice_{kind.value}", params), self._buttons(kind, case))

    def _buttons(self, kind: Kind, case: Case) -> tuple[Button, ...]:
        if kind is Kind.CASE_RESOLVED:
            return self._rating(case)
        if kind is Kind.CASE_REFERRED:
            return (self.button("appeal", f"reopen:{case.number}"),)
        return ()

    def _rating(self, case: Case) -> tuple[Button, ...]:
        scores = tuple(
            self.button(f"score_{score}", f"rate:{case.number}:{score}")
            for score in (5, 4, 3, 2, 1)
        )
        return (*scores, self.button("not_solved", f"reopen:{case.number}"))
