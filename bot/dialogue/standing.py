"""Where a case stands: progress, who has it, and a nudge to them, limited kindly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogue.requests import Reply, Step, UrgeCase
from bot.dialogue.scene import Scene, case_params
from bot.dialogue.state import KnownCase
from casework.case import CLOSED, Status


def standing(scene: Scene, known: KnownCase) -> Reply:
    """One case's standing, honest about a date that is past."""
    case = known.case
    params = case_params(case, known.owner_name, scene.book)
    if case.status is Status.DONE_WAIT:
        return Reply("progress_done", {**params, "result": case.result or ""})
    if case.status is Status.WITHDRAWN:
        return Reply("progress_withdrawn", params)
    if case.status is Status.REFERRED:
        buttons = (scene.button("appeal", f"reopen:{case.number}"),)
        return Reply("progress_referred", {**params, "result": case.result or ""}, buttons)
    if case.status in CLOSED:
        return Reply("progress_closed", params)
    key = "progress_overdue" if overdue(scene, known) else "progress"
    return Reply(key, {**params, "due": scene.moment(case.due_at)})


def overdue(scene: Scene, known: KnownCase) -> bool:
    """Whether the answer was due by now."""
    due_at = known.case.due_at
    return due_at is not None and scene.now >= due_at


def progress(scene: Scene, known: KnownCase) -> Step:
    """到哪了; of a matter of many households, how many are done as well."""
    return scene.answer(standing(scene, known), *_of_many(scene, known))


def _of_many(scene: Scene, known: KnownCase) -> list[Reply]:
    """Behind few households stand known people: those are not counted aloud."""
    group = known.group
    if (
        group is None
        or known.case.status in CLOSED
        or group.households < scene.book.nearby.count_from
    ):
        return []
    return [Reply("group_count", {"households": group.households, "done": group.done})]


def who(scene: Scene, known: KnownCase) -> Step:
    """谁在管, 要个准信: the name, the office and the date."""
    if known.case.status in CLOSED | {Status.DONE_WAIT}:
        return progress(scene, known)
    params = case_params(known.case, known.owner_name, scene.book)
    reply = Reply("who_has_it", {**params, "office": known.office})
    return scene.answer(reply, _date(scene, known))


def urge(scene: Scene, known: KnownCase) -> Step:
    """催一下: once in a while it reaches the owner; sooner, what became of the first."""
    case = known.case
    if case.status in CLOSED | {Status.DONE_WAIT}:
        return progress(scene, known)
    params = case_params(case, known.owner_name, scene.book)
    before = scene.state.urged.get(case.number)
    at = datetime.fromisoformat(before) if before else None
    if at is not None and scene.now - at < scene.book.urge_again:
        told = Reply("urged_before", {**params, "when": scene.moment(at)})
        return scene.answer(told, _date(scene, known))
    urged = {**scene.state.urged, case.number: scene.now.isoformat()}
    scene = scene.with_state(replace(scene.state, urged=urged))
    requests = [UrgeCase(case.number)]
    return scene.answer(Reply("urged", params), _date(scene, known), requests=requests)


def _date(scene: Scene, known: KnownCase) -> Reply:
    params = case_params(known.case, known.owner_name, scene.book)
    key = "overdue" if overdue(scene, known) else "answer_due"
    return Reply(key, {**params, "due": scene.moment(known.case.due_at)})
