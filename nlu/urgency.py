"""Whether a complaint cannot wait. The signs are data (``data/urgent.yml``)."""

from __future__ import annotations

from functools import cache
from typing import Final

import yaml

from nlu.crisis import Alarm
from nlu.lexicon import DATA
from nlu.sieve import Sieve

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _signs() -> Sieve:
    with (DATA / "urgent.yml").open(encoding="utf-8") as stream:
        content = yaml.load(stream, Loader=_LOADER)  # noqa: S506  # both loaders are safe ones
    return Sieve(content["urgent"])


def is_urgent(text: str, alarm: Alarm) -> bool:
    """Danger to life now, a necessity lost now, threatened violence, something irreversible."""
    if alarm.level in {"R2", "R3"}:
        return True
    return any(sign.search(text) for _, sign in _signs().candidates(text))
