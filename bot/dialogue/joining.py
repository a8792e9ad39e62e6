"""The same issue nearby: asking whether it is the same, and what the answer does.

The resident's own case is filed before anything is asked; silence joins nothing.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.requests import JoinCase, LoosenCase, ParamValue, Reply, Step
from bot.dialogue.scene import Scene
from bot.dialogue.state import DialogueState, Offer
from casework.case import CLOSED, Case
from casework.clusters import Found
from config.language import ENGLISH
from config.load import Book


def found(
    state: DialogueState, case: Case, known: Found, book: Book
) -> tuple[DialogueState, Reply | None]:
    """The state after the executor found the same issue for a case just filed, and the question.

    While something else is being asked the question waits its turn.
    """
    named = known.thing if book.language != ENGLISH else None  # things have Chinese names only
    subject = named or book.categories[case.category]
    count = known.reporters if known.reporters >= book.nearby.count_from else 0
    state = replace(state, offer=Offer(case.number, known.leading, subject, count))
    return due(state, book)


def due(state: DialogueState, book: Book) -> tuple[DialogueState, Reply | None]:
    """The question that waited, once nothing else is asked."""
    offer = state.offer
    if offer is None or offer.asked or state.asking is not None or state.draft is not None:
        return state, None
    buttons = tuple(
        book.words.button(f"same_{answer}", f"same:{answer}:{offer.number}")
        for answer in ("yes", "no")
    )
    key = "same_many" if offer.count else "same_one"
    params: dict[str, ParamValue] = {"subject": offer.subject, "count": offer.count}
    state = replace(state, offer=replace(offer, asked=True), asking=f"same:{offer.number}")
    return state, Reply(key, params, buttons)


def answered(scene: Scene) -> Step | None:
    """是同一件 or 不是, in words; anything else leaves the cases apart."""
    if scene.asking[0] != "same":
        return None
    said, number = scene.said, scene.asking[1]
    if said.has("apart") or "deny" in said.whole or "another" in said.whole:
        return pressed(scene, "no", number)
    if said.has("same", "more") or "affirm" in said.whole:
        return pressed(scene, "yes", number)
    if said.short and (said.does("dont_know") or said.does("skip") or said.has("dont_know")):
        return pressed(scene, "no", number)
    return None


def pressed(scene: Scene, answer: str, number: str) -> Step | None:
    """The answer by button or by word; None when it is not open any more."""
    offer, known = scene.state.offer, scene.case(number)
    if offer is None or known is None or offer.number != number or known.case.joined:
        return None
    scene = scene.with_state(replace(scene.state, offer=None))
    asking = scene.state.asking if scene.asking[0] != "same" else None
    if answer != "yes" or known.case.status in CLOSED:
        return scene.answer(Reply("same_apart", {"number": number}), asking=asking)
    requests = [JoinCase(number, offer.leading)]
    return scene.answer(Reply("same_joined", {"number": number}), requests=requests, asking=asking)


def too_late(replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """What is said instead when the other case was past joining after all."""
    late = {"same_joined": "same_late"}
    return tuple(replace(each, key=late.get(each.key, each.key)) for each in replies)


def came_loose(scene: Scene) -> Step | None:
    """不是同一件, about a case that was joined: it goes on by itself."""
    if "apart" not in scene.said.parts or not scene.said.short:
        return None
    joined = [known for known in scene.open_cases() if known.case.joined]
    meant = scene.meant()
    known = meant if meant in joined else next(iter(joined), None)
    if known is None:
        return None
    number = known.case.number
    params = {"number": number, "owner": known.owner_name}
    return scene.answer(Reply("same_loosened", params), requests=[LoosenCase(number)])
