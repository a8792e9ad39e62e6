"""The other side of a story: carries out what a step asks for, and lets officers and time act."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dialogue import policy, requests
from bot.dialogue.replies import lines, moment_text
from bot.dialogue.requests import ParamValue, Step
from bot.dialogue.state import DialogueState, Heard, KnownCase
from casework import case as rules
from casework import deadlines
from casework.case import Case, Status
from casework.events import ActorKind
from casework.turn import Line, Media
from config.load import Book
from nlu.engine import Engine

START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
OWNER = "林晓梅"


@dataclass
class Office:
    """One conversation. ``step`` and ``said`` are what the last line led to."""

    book: Book
    engine: Engine
    state: DialogueState = field(default_factory=DialogueState)
    cases: dict[str, Case] = field(default_factory=dict)
    now: datetime = START
    holder: str = "bot"
    crisis: str = "none"
    reasons: list[str] = field(default_factory=list)
    urged: list[str] = field(default_factory=list)
    consents: int = 0
    turns: int = 0
    step: Step = field(default_factory=lambda: Step(DialogueState()))
    line: Line | None = None
    latest: str = ""

    def hear(self, text: str = "", **extra: Any) -> Step:
        """One line of the resident, decided and carried out as the executor would."""
        self.turns += 1
        read = text[:4000]  # as the executor caps it
        understood = self.engine.understand(read, self.state.context) if read.strip() else None
        heard = Heard(f"t{self.turns}", text, understood, **extra)
        known = [KnownCase(case, OWNER) for case in self.cases.values()]
        decide = policy.step if self.holder == "bot" else policy.listen
        step = decide(self.state, heard, known, self.now, self.book)
        self.state, self.latest = step.state, ""
        for request in step.requests:
            self._carry_out(request)
        self.state = DialogueState.from_json(self.state.to_json())
        spoken = lines(step.replies, self._facts(), self.book.words)
        self.step, self.line = step, spoken[0] if spoken else None
        self.now += timedelta(seconds=20)
        return step

    def press(self, wanted: str) -> Step:
        """Press the shown button whose payload begins with ``wanted``, or a stale one as given."""
        shown = self.line.buttons if self.line else ()
        payload = next((b.payload for b in shown if b.payload.startswith(wanted)), wanted)
        title = next((b.title for b in shown if b.payload == payload), "")
        return self.hear(title, button=payload)

    def attach(self, kind: str, text: str = "") -> Step:
        """Send a photo, voice message, location or contact."""
        if kind == "location":
            return self.hear(text, location=(30.6712, 104.0987))
        if kind == "contact":
            return self.hear(text, contact="13700001111")
        media = Media(f"m{self.turns + 1}", kind, "x", "image/jpeg", 10)
        return self.hear(text, media=(media,))

    def officer(self, verb: str, given: str | None = None) -> None:
        """An officer acts on the newest case."""
        number = max(self.cases)
        moved, _ = rules.advance(self.cases[number], verb, ActorKind.OFFICER, self.now, given=given)
        self.cases[number] = moved

    def clock(self, verb: str) -> None:
        """The clock files a draft or lets an answered case lapse."""
        number = max(self.cases)
        moved, _ = rules.advance(self.cases[number], verb, ActorKind.SYSTEM, self.now)
        self.cases[number] = self._dispatched(moved) if verb == "file" else moved

    def _facts(self) -> dict[str, ParamValue]:
        case = self.cases.get(self.latest)
        if case is None:
            return {}
        facts: dict[str, ParamValue] = {"number": case.number, "owner": OWNER}
        if case.contact_by and case.due_at:
            facts["contact_text"] = moment_text(case.contact_by, self.now, self.book.words)
            facts["due_text"] = moment_text(case.due_at, self.now, self.book.words)
        return facts

    def _dispatched(self, case: Case) -> Case:
        contact_by, due_at = deadlines.due(self.now, self.book.deadline(case))
        return replace(case, filed_at=self.now, contact_by=contact_by, due_at=due_at)

    def _number(self, given: str) -> str:
        draft = self.state.draft
        number = given or self.latest or (draft.number if draft else "") or self.state.last_number
        assert number, "a request about no case"
        self.latest = number
        return number

    def _advance(self, number: str, verb: str, actor: ActorKind, given: str | None = None) -> None:
        moved, _ = rules.advance(self.cases[number], verb, actor, self.now, given=given)
        self.cases[number] = moved

    def _carry_out(self, request: requests.Request) -> None:
        match request:
            case requests.OpenCase():
                self._open(request)
            case requests.AmendCase():
                case = self.cases[self._number(request.number)]
                slots = {**case.slots, **request.slots}
                category = request.category or case.category
                self.cases[case.number] = replace(case, slots=slots, category=category)
            case requests.FileCase():
                number = self._number(request.number)
                self._advance(number, "file", ActorKind.BOT)
                self.cases[number] = self._dispatched(self.cases[number])
            case requests.RateCase():
                self._rate(request)
            case requests.HandOff():
                self.holder = "queue"
                self.reasons.append(request.reason)
            case requests.RaiseCrisis():
                self.crisis = max(self.crisis, request.level, key=("none", "R1", "R2", "R3").index)
            case requests.NoteConsent():
                self.consents += 1
            case requests.UrgeCase():
                self.urged.append(self._number(request.number))
            case requests.ReopenCase() | requests.ConfirmCase() | requests.WithdrawCase():
                self._resident_verb(request)

    def _resident_verb(
        self, request: requests.ReopenCase | requests.ConfirmCase | requests.WithdrawCase
    ) -> None:
        verb = type(request).__name__.removesuffix("Case").lower()
        reason = request.reason if isinstance(request, requests.ReopenCase) else None
        self._advance(self._number(request.number), verb, ActorKind.RESIDENT, reason)

    def _open(self, request: requests.OpenCase) -> None:
        self.latest = f"JS-{len(self.cases) + 1:04}"
        self.cases[self.latest] = Case(
            number=self.latest,
            conversation_id="c",
            category=request.category,
            opened_at=self.now,
            owner_id="o",
            unit_id="u",
            secondary=request.secondary,
            urgent=request.urgent,
            crisis=request.crisis,
            title=request.title,
            slots=dict(request.slots),
        )
        self.state = policy.opened(self.state, self.latest)

    def _rate(self, request: requests.RateCase) -> None:
        number = self._number(request.number)
        rated = rules.rate(self.cases[number], request.score, request.text)
        self.cases[number] = rated
        if request.score is not None and rated.status is Status.DONE_WAIT:
            self._advance(number, "confirm", ActorKind.RESIDENT)
