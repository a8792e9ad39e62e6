"""What the desk needs of a city's configuration; ``config.load.Book`` is one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from casework.case import Case
from casework.deadlines import DeadlineClass
from casework.events import Kind
from casework.organisation import Role
from casework.reminders import Reminder
from casework.routing import Routing
from casework.statutory import Statutes
from casework.turn import Line
from casework.working_calendar import WorkingCalendar


class Notices(Protocol):
    """The words a resident is told when a case changes; None where nothing is said.

    ``owner`` is who has it now, ``said`` what an officer wrote for the resident, ``language`` the
    conversation's.
    """

    def notice(
        self, kind: Kind, case: Case, owner: str, language: str, said: str = ""
    ) -> Line | None: ...

    def silent_until(self, case: Case, now: datetime) -> datetime | None:
        """When the quiet hours end in which a resident is not woken for this case; None to tell
        at once: by day, and whenever there is danger."""
        ...


class Rulebook(Notices, Protocol):
    """Deadlines, the working calendar, and who gets what, beside the words."""

    @property
    def calendar(self) -> WorkingCalendar: ...

    @property
    def statutes(self) -> Statutes: ...

    def countdown(self, reminder: Reminder, now: datetime, language: str) -> Line:
        """What a resident is told of a period that is their own."""
        ...

    @property
    def routing(self) -> Routing: ...

    @property
    def sees_restricted(self) -> Collection[Role]:
        """The roles that may own and see what is restricted."""
        ...

    def for_neighbours(self, text: str, case: Case, called: str) -> str:
        """What an officer wrote for one resident, whom the chat calls ``called``, as the others
        who follow the case may read it: without that resident's name, numbers and door."""
        ...

    def deadline(self, case: Case) -> DeadlineClass: ...

    def working(self, now: datetime) -> bool:
        """Whether the moment lies in working hours."""
        ...
