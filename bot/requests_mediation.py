"""Carries out what a resident says to mediations and promises, inside the turn's transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.dialogue import mediation as talk
from bot.dialogue import requests
from bot.dialogue.requests import Reply
from casework import mediators
from casework.desk import confirmations, promises
from casework.desk import mediation as desk
from casework.desk.mediating import live
from casework.desk.mediators import choices, rooms
from casework.errors import NotAllowed
from casework.mediation import Answer, Excluded

if TYPE_CHECKING:
    from bot.requests_desk import Progress

_OTHERS = 3  # mediators who are offered beside the one suggested


def _mediate(on: Progress, request: requests.Mediate) -> None:
    try:
        _ACTS[request.act](on, request)
    except NotAllowed:  # settled meanwhile, by an officer or by time
        _say(on, Reply("stale"))
        on.state = replace(on.state, asking=None)


def _say(on: Progress, *replies: Reply) -> None:
    """These replies instead; where the step says nothing, somebody else is speaking."""
    if on.replies:
        on.replies = replies


def _apply(on: Progress, request: requests.Mediate) -> None:
    on.learn(on.tx.cases.get(request.number))
    try:
        desk.apply_for(on.tx, request.number, on.book, on.now)
    except Excluded:
        _refused(on, "mediation_unfit")
    except NotAllowed:
        _refused(on, "mediation_too_late")


def _refused(on: Progress, key: str) -> None:
    _say(on, *talk.instead(on.replies, key))
    on.state = replace(on.state, asking=None)


def _answer(said: Answer) -> Callable[[Progress, requests.Mediate], None]:
    def answer(on: Progress, request: requests.Mediate) -> None:
        desk.answer(on.tx, request.number, said, on.now)

    return answer


def _name(*, named: bool) -> Callable[[Progress, requests.Mediate], None]:
    def name(on: Progress, request: requests.Mediate) -> None:
        desk.name(on.tx, request.number, named, on.now)
        if _learn_mediators(on, request.number):
            _say(on, *on.replies, Reply("mediation_who"))

    return name


def _learn_mediators(on: Progress, number: str) -> bool:
    """Make known who mediates and who else could; False where there is nothing to choose."""
    found = live(on.tx, number)
    case = on.tx.cases.get(number)
    if found is None or found.started_at is not None:
        return False
    known = choices(on.tx, case, found, on.book.mediation, on.now)
    mine = next((each.name for each in known if each.id == found.mediator_id), None)
    others = [each.name for each in known if each.id != found.mediator_id][:_OTHERS]
    if mine is None or not others:
        return False
    on.facts["mediator"] = mine
    on.facts["others"] = on.book.words.text("between").join(others)
    return True


def _choose(on: Progress, request: requests.Mediate) -> None:
    """点名调解: somebody who is none of those is answered with who there is."""
    case = on.tx.cases.get(request.number)
    found = live(on.tx, request.number)
    if found is None:
        raise NotAllowed
    known = choices(on.tx, case, found, on.book.mediation, on.now)
    who = mediators.called_for(request.words, known, rooms(on.tx, case))
    if who is not None:
        desk.choose(on.tx, request.number, who, on.book.mediation, on.now)
        on.facts["mediator"] = on.tx.people.officer(who).name
    elif _learn_mediators(on, request.number):
        _say(on, Reply("mediation_who"))
    else:
        on.learn(case)
        _say(on, Reply("mediation_open"))


def _leave(on: Progress, request: requests.Mediate) -> None:
    desk.leave(on.tx, request.number, on.book, on.now)


def _court(on: Progress, request: requests.Mediate) -> None:
    on.learn(on.tx.cases.get(request.number))
    found = confirmations.wish(on.tx, request.number, on.now)
    if found is None:
        _say(on, Reply("judicial_none"))
        return
    on.facts["liaison"] = on.tx.people.officer(found.liaison_id).name
    on.facts["until"] = on.book.words.day(found.apply_by - timedelta.resolution)


def _promise(*, kept: bool) -> Callable[[Progress, requests.Mediate], None]:
    def answer(on: Progress, request: requests.Mediate) -> None:
        outcome = promises.answer(on.tx, request.key, kept, on.book, on.now)
        key, params = promises.words(on.tx, outcome)
        on.facts.update({name: str(value) for name, value in params.items()})
        _say(on, Reply(key))

    return answer


_ACTS: dict[str, Callable[[Progress, requests.Mediate], None]] = {
    "apply": _apply,
    "yes": _answer(Answer.YES),
    "no": _answer(Answer.NO),
    "later": _answer(Answer.LATER),
    "named": _name(named=True),
    "unnamed": _name(named=False),
    "choose": _choose,
    "leave": _leave,
    "court": _court,
    "kept": _promise(kept=True),
    "broken": _promise(kept=False),
}
RUN: dict[type[Any], Callable[[Progress, Any], None]] = {requests.Mediate: _mediate}
