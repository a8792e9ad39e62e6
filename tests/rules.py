"""The smallest rulebook there is: one class of deadlines for every case, and not a word said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from casework.case import Case
from casework.deadlines import DeadlineClass
from casework.events import Kind
from casework.lengths import Length, Unit
from casework.organisation import Role
from casework.reminders import Reminder
from casework.routing import Routing
from casework.statutory import Statutes
from casework.turn import Line
from casework.working_calendar import WEEKENDS, WorkingCalendar

WEEK = DeadlineClass("C7", Length(24, Unit.HOUR), Length(7, Unit.DAY))


@dataclass(frozen=True, slots=True)
class OneClass:
    """casework.desk.rulebook.Rulebook; ``by_category`` for the few that have their own class."""

    length: DeadlineClass = WEEK
    by_category: Mapping[str, DeadlineClass] = field(default_factory=dict)
    routing: Routing = field(default_factory=Routing)
    calendar: WorkingCalendar = WEEKENDS
    statutes: Statutes = field(default_factory=Statutes)
    sees_restricted: Collection[Role] = frozenset({Role.STREET, Role.ADMIN})

    def deadline(self, case: Case) -> DeadlineClass:
        """The class of its category, else the one class."""
        return self.by_category.get(case.category, self.length)

    def notice(
        self,
        kind: Kind,
        case: Case,
        owner: str,
        language: str,
        said: str = "",
    ) -> Line | None:
        """Nothing."""
        return None

    def countdown(self, reminder: Reminder, now: datetime, language: str) -> Line:
        """The rule's key."""
        return Line(reminder.rule)

    def silent_until(self, case: Case, now: datetime) -> datetime | None:
        """Never: nobody is woken by what is not said."""
        return None

    def for_neighbours(self, text: str, case: Case, called: str) -> str:
        """As it stands."""
        return text

    def working(self, now: datetime) -> bool:
        """Always."""
        return True
