"""When a human reads it: said honestly outside the hours in which somebody does."""

from __future__ import annotations

from bot.dialogue.requests import Reply
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft


def after_hours(scene: Scene, draft: Draft | None) -> tuple[Reply, ...]:
    """One line for closed hours, nothing while somebody reads; what is urgent is read longer."""
    book, now = scene.book, scene.now
    pressing = False
    if draft is not None:
        pressing = draft.urgent or book.pressing(book.deadlines[scene.form(draft).deadline])
    reads = book.hours.next_read(now, urgent=pressing)
    if reads == now:
        return ()
    return (Reply("after_hours", {"when": scene.moment(reads)}),)
