"""Building sites that are named without a word for one in the name: 工地是滨江壹号, 翡翠城那个工地."""

from __future__ import annotations

import re
from typing import Final

from nlu.extract.span import Span

_NAMED: Final = re.compile(
    r"(?:项目|工地|工程)(?:名字|名称|全称|名)?(?:就|好像|应该)?(?:是|叫做?|在|:)+(?:在)?(?P<name>[^,。;!? ]{2,20})"
)
_CALLED: Final = re.compile(
    r"(?:项目|工地|工程)[^,。;!? ]{0,8}[ ,](?:名字?)?(?:就?叫做?|名叫)(?P<name>[^,。;!? ]{2,20})"
)
_BEFORE: Final = re.compile(
    r"(?:^|[,。;!? ]|在|是|给)(?P<name>[^\W_的在是给了我你他她]{3,14}?)(?:的)?(?:那个|这个|那边的?|这边的?)(?:工地|项目|工程)"
)
_FILLER: Final = re.compile(r"(?:那个|这个|那边的?|这边的?)")
_ENDS: Final = re.compile(
    r"(?:那个|这个|那边|这边|那里|这里|那儿|做的|干的|的)?(?:工地|项目)?(?:上|里)?(?:干活|做的?|干的?)?$"
)
_NO_NAME: Final = re.compile(r"[我你他她谁哪啥]|什么|老板|公司的|已经|一个|没有|停工|完工|干活")


def find_sites(text: str) -> list[Span]:
    """At most one ``project``; its value is the name without 那个 and the like inside it."""
    if "项目" not in text and "工地" not in text and "工程" not in text:
        return []
    for pattern in (_CALLED, _NAMED, _BEFORE):
        for match in pattern.finditer(text):
            words = match["name"]
            name = _FILLER.sub("", _ENDS.sub("", words))
            if len(name) >= 2 and _NO_NAME.search(name) is None:
                start = match.start("name")
                return [Span("project", start, start + len(words), name, 0.7)]
    return []
