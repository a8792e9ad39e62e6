"""What can go wrong in casework. Each class's docstring is its default message.

CaseworkError
 ├─ NotFound               no such conversation, case, officer …
 ├─ Superseded             the holder or epoch changed since the caller decided
 ├─ StillSpeaking          a line of the bot is on its way; ask again in a moment
 ├─ VersionConflict        the case changed since the caller read it
 ├─ Unchanged              it is so already
 ├─ ForbiddenTransition    the lifecycle table does not allow this verb now
 │   └─ InOtherHands       the officer might, but somebody else has the case
 ├─ NotAllowed             this officer may not do this
 ├─ Unfit                  this case cannot be part of that
 ├─ Incomplete             something the verb needs was not given
 └─ Misconfigured          the organisation or settings cannot work as they are

Busy is no refusal of casework's: the store could not begin, and what was asked may be asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casework.conversation import Holder


class CaseworkError(Exception):
    """Casework refused."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class NotFound(CaseworkError):
    """There is nothing with this id."""


class Superseded(CaseworkError):
    """Somebody else holds this conversation now."""

    def __init__(self, holder: Holder, epoch: int) -> None:
        super().__init__()
        self.holder = holder
        self.epoch = epoch


class StillSpeaking(CaseworkError):
    """A line of the bot is on its way to the resident at this very moment."""


class VersionConflict(CaseworkError):
    """The case changed since it was read."""


class Unchanged(CaseworkError):
    """The case is of this category already."""


class ForbiddenTransition(CaseworkError):
    """The case cannot do this in its present status."""

    def __init__(self, verb: str, status: str, allowed: Sequence[str]) -> None:
        super().__init__(f"{verb} is not possible while {status}")
        self.verb = verb
        self.status = status
        self.allowed = tuple(allowed)


class InOtherHands(ForbiddenTransition):
    """Somebody else has the case now; ``owner`` and ``org`` are the names of who."""

    def __init__(
        self, verb: str, status: str, allowed: Sequence[str], owner: str, org: str
    ) -> None:
        super().__init__(verb, status, allowed)
        self.owner = owner
        self.org = org


class NotAllowed(CaseworkError):
    """This officer may not do this."""


class Unfit(CaseworkError):
    """The case cannot be part of this."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the case does not fit: {reason}")
        self.reason = reason


class Incomplete(CaseworkError):
    """Something needed was not given."""

    code = "required"

    def __init__(self, field: str, message: str | None = None) -> None:
        super().__init__(message or f"{field} is required")
        self.field = field


class WrongValue(Incomplete):
    """Something was given that will not do."""

    code = "not_a_choice"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, f"{field}: {reason}")


class Misconfigured(CaseworkError):
    """The organisation cannot work as configured."""


class Busy(Exception):
    """The store cannot take this now: another process is writing. Raised by ``Store.write``."""
