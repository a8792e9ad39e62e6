"""Whether a complaint cannot wait. The signs are data (``data/urgent.yml``)."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import yaml

from nlu.crisis import Alarm
from nlu.lexicon import DATA

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _signs() -> re.Pattern[str]:
    with (DATA / "urgent.yml").open(encoding="utf-8") as stream:
        content = yaml.load(stream, Loader=_LOADER)  # noqa: S506  # both loaders are safe ones
    return re.compile("|".join(f"(?:{pattern})" for pattern in content["urgent"]))


def is_urgent(text: str, alarm: Alarm) -> bool:
    """Danger to life now, a necessity lost now, threatened violence, something irreversible."""
    return alarm.level in {"R2", "R3"} or _signs().search(text) is not None
