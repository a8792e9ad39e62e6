"""Mediations as the console shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from casework import mediation as rules
from casework.confirmations import Confirmation, Stage
from casework.lengths import last_day
from casework.mediation import Mediation, Phase, Rule, Source
from casework.mediation_rates import Rates, Share
from casework.mediation_sessions import PRESENT, next_session
from casework.organisation import Officer, Organisation
from casework.promises import Party, Promise
from casework.working_calendar import CHINA
from handoff_console.shapes_crisis import ChoiceShape
from handoff_console.shapes_mediation import (
    AgreementShape,
    ConfirmationShape,
    MediationRow,
    MediationShape,
    MediatorShape,
    PromiseShape,
    SessionShape,
    ShareShape,
    SourceRates,
)
from handoff_console.texts import console_texts
from storage.views_mediation import MediationLine


def named(code: str) -> str:
    """What officers read for a code of mediation."""
    return console_texts().mediation.get(code, code)


def _attending(code: str) -> str:
    """Who was in the room: some share their code with where a mediation comes from."""
    return console_texts().mediation.get(f"present_{code}", named(code))


def choice_shapes(codes: Iterable[str]) -> list[ChoiceShape]:
    """Codes with their names."""
    return [ChoiceShape(code=code, name=named(code)) for code in codes]


def choices_of() -> dict[str, list[ChoiceShape]]:
    """Every list of codes the panel offers."""
    return {
        "sources": choice_shapes(each for each in Source if each is not Source.APPLICATION),
        "how_asked": choice_shapes(rules.HOW_ASKED),
        "present": [ChoiceShape(code=each, name=_attending(each)) for each in PRESENT],
        "parties": choice_shapes(Party),
        "no_agreement": choice_shapes(rules.REASONS[Phase.NO_AGREEMENT]),
        "stopped": choice_shapes(rules.REASONS[Phase.STOPPED]),
    }


def mediator_shape(officer: Officer, organisation: Organisation) -> MediatorShape:
    """Somebody who may mediate, with their room and what they are for."""
    room = organisation.units.get(officer.unit_id or "")
    posts = [named(post) for post in officer.posts if post in console_texts().mediation]
    return MediatorShape(
        id=officer.id, name=officer.name, room=room.name if room else "", posts=posts
    )


def mediation_shape(
    found: Mediation,
    promises: Iterable[Promise],
    confirmation: Confirmation | None,
    names: Mapping[str, str],
    rule: Rule,
    now: datetime,
) -> MediationShape:
    """One mediation with its promises and its confirmation."""
    return MediationShape(
        **{name: getattr(found, name) for name in _PLAIN},
        proposed_by=names.get(found.proposed_by or ""),
        other_by=names.get(found.other_by or ""),
        source=found.source.value,
        source_name=named(found.source),
        phase=found.phase.value,
        phase_name=named(found.phase),
        mediator=names.get(found.mediator_id or ""),
        long_running=rules.long_running(found, rule, now),
        reason_name=named(found.reason) if found.reason else None,
        sessions=[
            SessionShape(
                **{name: getattr(each, name) for name in _OF_SESSION},
                present=[_attending(code) for code in each.present],
                index=index,
            )
            for index, each in enumerate(found.sessions)
        ],
        agreement=_agreement(found),
        promises=[_promise(each, names, now) for each in promises],
        confirmation=_confirmation(confirmation, names, now) if confirmation else None,
    )


_PLAIN = (
    *("id", "mediator_id", "proposed_at", "since_year", "resident", "resident_at", "named"),
    *("other", "other_at", "other_how", "started_at", "until", "ended_at"),
)
_OF_SESSION = ("at", "place", "online", "apart", "minutes", "held")


def _agreement(found: Mediation) -> AgreementShape | None:
    if found.agreement is None:
        return None
    return AgreementShape(**asdict(found.agreement), form_name=named(found.agreement.form))


def _promise(promise: Promise, names: Mapping[str, str], now: datetime) -> PromiseShape:
    return PromiseShape(
        id=promise.id,
        party=promise.party.value,
        party_name=named(promise.party),
        what=promise.what,
        due_on=promise.due_on,
        asked_at=promise.asked_at,
        kept=promise.kept,
        answered_by=names.get(promise.answered_by or ""),
        escalated=promise.escalated_at is not None,
        overdue=promise.open and promise.due_on < now.astimezone(CHINA).date(),
    )


def _confirmation(
    found: Confirmation, names: Mapping[str, str], now: datetime
) -> ConfirmationShape:
    runs = {Stage.OPEN: found.apply_by, Stage.FILED: found.court_by}.get(found.stage)
    left = (last_day(runs) - now.astimezone(CHINA).date()).days if runs else None
    return ConfirmationShape(
        stage=found.stage.value,
        stage_name=named(f"stage_{found.stage}"),
        liaison=names.get(found.liaison_id, ""),
        apply_by=last_day(found.apply_by),
        days_left=left,
        court=found.court,
        filed_on=found.filed_on,
        court_by=last_day(found.court_by) if found.court_by else None,
        late=found.late_at is not None,
        number=found.number,
        ruled_on=found.ruled_on,
        file_id=found.file_id,
    )


def row_of(line: MediationLine, names: Mapping[str, str], now: datetime) -> MediationRow:
    """A line of the list with what comes next."""
    found = line.mediation
    session = next_session(found, now) if found.phase is Phase.UNDER_WAY else None
    ahead = {
        "next_session": session.at if session else None,
        "next_promise": line.promise_at,
        # A period ends at the 24:00 of its last day.
        "next_court": line.court_at - timedelta.resolution if line.court_at else None,
        "next_month": found.until if found.phase is Phase.UNDER_WAY else None,
    }
    known = {what: at for what, at in ahead.items() if at is not None}
    what = min(known, key=lambda each: known[each], default=None)
    if found.phase in {Phase.ASKING, Phase.READY} and what is None:
        waiting = "next_begin" if found.phase is Phase.READY else "next_answers"
    else:
        waiting = what or ""
    return MediationRow(
        id=found.id,
        case_number=found.case_number,
        title=line.title,
        phase=found.phase.value,
        phase_name=named(found.phase),
        mediator=names.get(found.mediator_id or ""),
        next_at=known.get(what or ""),
        next_what=named(waiting) if waiting else "",
        at_hour=what == "next_session",
    )


def rates_shape(found: Rates) -> SourceRates:
    """The rates of a source with their numbers; no share of too few."""
    return SourceRates(
        source=found.source.value,
        source_name=named(found.source),
        diverted=_share(found.diverted),
        success=_share(found.success),
    )


def _share(share: Share) -> ShareShape:
    percent = round(share.share * 100, 1) if share.share is not None else None
    return ShareShape(part=share.part, whole=share.whole, percent=percent)
