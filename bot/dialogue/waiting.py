"""After an alarm, before anybody has come: one short word to whoever goes on writing, no more."""

from __future__ import annotations

from bot.dialogue.requests import Reply, Step
from bot.dialogue.safe_contact import VIOLENCE, guards
from bot.dialogue.scene import Scene
from bot.dialogue.story import says_something
from casework.copying import replace


def acknowledged(scene: Scene, step: Step) -> Step:
    """The step with that word, the first time something is told. Who waits for another reason was
    told that all is kept, and is not talked into.

    Silence is safer where whoever hurts them may read the telephone.
    """
    state, heard = scene.state, scene.heard
    watched = state.alarm == VIOLENCE or bool(state.contact) or guards(state)
    tells = heard.media or heard.location or heard.contact or says_something(scene)
    quiet = not state.alarm or watched or state.waited or not tells
    if step.replies or quiet or heard.button is not None:
        return step
    return replace(step, state=replace(step.state, waited=True), replies=(Reply("crisis_here"),))
