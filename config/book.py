"""The configuration of a city as one thing: what the dialogue, the desk and the console read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from casework.alerts import SERIOUS
from casework.case import Case
from casework.clusters import Nearby
from casework.copying import replace
from casework.deadlines import DeadlineClass
from casework.desk.alerts import Response
from casework.desk.bookable import Booker
from casework.desk.whistle_telling import Practice
from casework.events import Kind
from casework.hours import Hours
from casework.intake import Form
from casework.mediation import Rule as MediationRule
from casework.organisation import Role
from casework.quiet import Quiet
from casework.reminders import Reminder
from casework.routing import Routing
from casework.statutory import Statutes
from casework.turn import Line
from casework.whistle_rules import de_identified
from casework.working_calendar import WorkingCalendar
from config import countdowns
from config.booking import Appointments
from config.booking_words import AppointmentWords
from config.calendar import missing_years
from config.crisis import AlertTexts, CrisisPlan
from config.english import Vocabulary
from config.hotlines import Hotlines
from config.language import HOME, Books, Tongues
from config.mediation import told as mediation_told
from config.organisation import OrganisationWords
from config.phrases import Phrases
from config.privacy import Privacy
from config.supervision import Watch
from config.whistle import WhistleBook
from config.whistle_words import WhistleTexts
from config.words import Words


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure the engine must be of a category, all 0 to 1."""

    sure: float
    likely: float
    margin: float
    hint: float


@dataclass(frozen=True, slots=True)
class Book:
    """Everything configured that the dialogue, the desk and the console read, in one language.

    ``speaking`` gives the same book in another language, ``officers`` the one officers read.
    """

    words: Words
    forms: Mapping[str, Form]
    categories: Mapping[str, str]
    category_buttons: Mapping[str, str]
    category_words: Mapping[str, str]
    thresholds: Thresholds
    deadlines: Mapping[str, DeadlineClass]
    urgent_deadline: str
    crisis_deadline: str
    crisis: CrisisPlan
    hotlines: Hotlines
    phrases: Phrases
    consent_version: str
    calendar: WorkingCalendar
    statutes: Statutes
    hours: Hours
    routing: Routing
    organisation: OrganisationWords
    quiet: Quiet
    urge_again: timedelta
    booking: Appointments
    mediation: MediationRule
    watch: Watch
    nearby: Nearby
    whistle: WhistleBook
    privacy: Privacy
    tongues: Tongues
    vocabulary: Vocabulary
    language: str = HOME
    books: Books = field(default_factory=Books, repr=False, compare=False)

    def speaking(self, language: str) -> Book:
        """This city's book in ``language``; in Chinese when there is none."""
        return self if language == self.language else self.books.of(language)

    def appointments(self, language: str) -> AppointmentWords:
        """What residents are told about appointments in their language."""
        return AppointmentWords(self.speaking(language).words)

    @property
    def booker(self) -> Booker:
        """What may be booked, and on which days."""
        return Booker(self.booking.rule, self.calendar, self.quiet)

    @property
    def officers(self) -> Book:
        """The book in the language of officers: Chinese."""
        return self.speaking(HOME)

    def notice(
        self, kind: Kind, case: Case, owner: str, language: str, said: str = ""
    ) -> Line | None:
        """What a resident is told in their language when a case changes, if anything."""
        words, filed_at = self.speaking(language).words, case.filed_at
        held = filed_at is not None and self.silent_until(case, filed_at) is not None
        return words.notice(kind, self.promised(case), owner, said, dated=held)

    def silent_until(self, case: Case, now: datetime) -> datetime | None:
        """When the quiet hours end; None by day, and at any hour when there is danger."""
        return None if case.urgent or case.crisis in SERIOUS else self.quiet.until(now)

    @property
    def sees_restricted(self) -> Collection[Role]:
        """The roles that may own and see restricted cases."""
        return self.crisis.procedure.sees_restricted

    def for_neighbours(self, text: str, case: Case, called: str) -> str:
        """Without what gives the resident away, and always without the door."""
        record = self.privacy.record
        return record.clues.doorless(de_identified(text, case, record, called))

    def working(self, now: datetime) -> bool:
        """Whether the moment lies in working hours."""
        return self.hours.reading(now)

    def countdown(self, reminder: Reminder, now: datetime, language: str) -> Line:
        """What a resident is told of a period that is their own, in their language."""
        book = self.speaking(language)
        return countdowns.told(book.words, book.statutes, reminder, now)

    def told(
        self,
        key: str,
        language: str,
        now: datetime,
        params: Mapping[str, str | int | date | datetime],
        buttons: Sequence[tuple[str, str]] = (),
    ) -> Line:
        """A text about a mediation in this language; with none in the officers'."""
        words = self.speaking(language or HOME).words
        return mediation_told(words, key, now, params, buttons)

    @property
    def whistling(self) -> Practice:
        """How departments are called."""
        texts = WhistleTexts(self.whistle, lambda spoken: self.speaking(spoken or HOME).words)
        return Practice(self.whistle.rules, self.privacy.record, texts)

    def missing_years(self, now: datetime) -> tuple[int, ...]:
        """The years without holidays that a promise made now can reach into."""
        return missing_years(self.calendar, self.deadlines.values(), now)

    @property
    def response(self) -> Response:
        """How danger is answered, in each resident's language."""

        def words(language: str) -> AlertTexts:
            return AlertTexts(self.speaking(language or HOME).words, self.crisis.nobody)

        return Response(self.crisis.procedure, words)

    def promised(self, case: Case) -> Case:
        """The case with the contact a resident may be promised: never for a closed hour."""
        if case.contact_by is None or case.filed_at is None:
            return case
        pressing = self.pressing(self.deadline(case))
        kept = self.hours.promise(case.contact_by, case.filed_at, urgent=pressing)
        return case if kept == case.contact_by else replace(case, contact_by=kept)

    def pressing(self, length: DeadlineClass) -> bool:
        """Whether a case of this class is read in duty hours too."""
        return length.answer.about <= self.deadlines[self.urgent_deadline].answer.about

    def deadline(self, case: Case) -> DeadlineClass:
        """The shortest deadline class a case's form, urgency or crisis level calls for."""
        codes = [self.forms[case.category].of(case.kind).deadline]
        if case.urgent:
            codes.append(self.urgent_deadline)
        if case.crisis in SERIOUS:
            codes.append(self.crisis_deadline)
        return min((self.deadlines[code] for code in codes), key=lambda length: length.answer.about)
