"""Keeps a platform's sending limits: token buckets over all chats, per chat and per group.

Pure: the caller passes ``now``. One Pacing serves one process; where several relays share a bot
the platform's own answer (429) keeps the peace.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

FORGET_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Rate:
    """``per_second`` on the long run; ``burst`` at once after a rest."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a platform; None where there is none."""

    overall: Rate | None = None
    chat: Rate | None = None
    group: Rate | None = None


UNLIMITED = Limits()


def telegram_limits(per_second: float) -> Limits:
    """Telegram's, for ``per_second`` over all chats (30 is theirs); 0 lifts all of them.

    A bucket lets through its burst and what flows in meanwhile, so both together keep the limit in
    any second (overall) and any minute (group). "1/s per chat" is what Telegram asks for on the
    long run; it forgives short bursts, and a greeting of three lines need not take three seconds.
    """
    if per_second <= 0:
        return UNLIMITED
    burst = max(1, int(per_second / 6))
    return Limits(
        overall=Rate(max(per_second - burst, per_second / 2), burst),
        chat=Rate(1, 3),
        group=Rate(15 / 60, 5),
    )


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    tokens: float
    filled_at: datetime

    def wait(self, now: datetime) -> timedelta:
        """How long until there is a token; zero when there is one."""
        passed = max(0.0, (now - self.filled_at).total_seconds())
        self.tokens = min(self.rate.burst, self.tokens + passed * self.rate.per_second)
        self.filled_at = max(now, self.filled_at)
        if self.tokens >= 1 - 1e-9:
            return timedelta(0)
        # Rounded up: a wait must never end a microsecond early.
        return timedelta(seconds=(1 - self.tokens) / self.rate.per_second, microseconds=1)


class Pacing:
    """What may be sent now, and when the rest may."""

    def __init__(self, limits: Limits = UNLIMITED) -> None:
        self._limits = limits
        self._overall: _Bucket | None = None
        self._chats: OrderedDict[str, _Bucket] = OrderedDict()
        self._held: dict[str, datetime] = {}
        self._pause_until: datetime | None = None

    def room(self, now: datetime) -> int:
        """How many messages may leave at once, to whichever chats; large without limits."""
        if self._pause_until is not None and now < self._pause_until:
            return 0
        if self._limits.overall is None:
            return 1_000_000
        bucket = self._whole(self._limits.overall, now)
        bucket.wait(now)
        return int(bucket.tokens + 1e-9)

    def room_at(self, now: datetime) -> datetime:
        """When there is room again."""
        at = now
        if self._limits.overall is not None:
            at = now + self._whole(self._limits.overall, now).wait(now)
        return max(at, self._pause_until or at)

    def take(self, chat: str, now: datetime, *, group: bool = False) -> datetime | None:
        """Take a place for one message to this chat; else the moment when it may be asked again."""
        held = self._held.get(chat)
        if held is not None and now < held:
            return held
        rate = self._limits.group if group else self._limits.chat
        bucket = self._of_chat(chat, rate, now) if rate is not None else None
        wait = bucket.wait(now) if bucket is not None else timedelta(0)
        if wait:
            return now + wait
        if bucket is not None:
            bucket.tokens -= 1
        if self._limits.overall is not None:
            self._whole(self._limits.overall, now).tokens -= 1
        return None

    def hold(self, chat: str, until: datetime, now: datetime) -> None:
        """The platform said when this chat may be written to again.

        When it says so for a second chat at the same time, it means the bot: nothing is sent to
        anyone until the earliest of them may be tried.
        """
        self._held = {each: at for each, at in self._held.items() if at > now}
        self._held[chat] = until
        if len(self._held) > 1:
            self._pause_until = min(self._held.values())

    def _whole(self, rate: Rate, now: datetime) -> _Bucket:
        if self._overall is None:
            self._overall = _Bucket(rate, rate.burst, now)
        return self._overall

    def _of_chat(self, chat: str, rate: Rate, now: datetime) -> _Bucket:
        bucket = self._chats.get(chat)
        if bucket is None:
            bucket = self._chats[chat] = _Bucket(rate, rate.burst, now)
        self._chats.move_to_end(chat)
        while len(self._chats) > 1:
            first = next(iter(self._chats.values()))
            if now - first.filled_at < FORGET_AFTER:
                break
            self._chats.popitem(last=False)
        return bucket
