"""What a resident told an officer about a mediation is written down, and said back to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casework import mediation as rules
from casework.desk.mediating import Mediating, Value, open_one, speak
from casework.desk.mediation import answer, leave, name, naming
from casework.desk.moving import locked
from casework.mediation import Answer, Mediation
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Line

_ANSWERED = {
    Answer.YES: "mediation_glad",
    Answer.NO: "mediation_declined",
    Answer.LATER: "mediation_thinking",
}


def write_down(
    tx: Transaction,
    number: str,
    said: Answer | None,
    named: bool | None,
    officer: Officer,
    book: Mediating,
    now: datetime,
) -> Mediation:
    """What the resident told an officer. They hear what was noted in the words the bot would have
    used, so that a wrong note does not stay unseen; who said yes is asked whether they may be
    named, where nobody has asked. Raises NotAllowed."""
    conversation, case = locked(tx, number)
    changed = open_one(tx, number)
    if said is Answer.NO:
        changed = leave(tx, number, book, now, officer=officer)
    elif said is not None:
        changed = answer(tx, number, said, now, officer=officer)
    if named is not None and changed.phase in rules.LIVE:
        changed = name(tx, number, named, now, officer=officer)
    asks = said is Answer.YES and changed.question == "named"
    keys = ["mediation_recorded", *([_ANSWERED[said]] if said else [])]
    if named is not None and said is not Answer.NO:
        keys.append("mediation_named" if named else "mediation_unnamed")
    keys += ["mediation_named_ask"] if asks else []
    params: dict[str, Value] = {"number": number, "owner": tx.people.officer(case.owner_id).name}
    texts = [book.told(key, conversation.language, now, params).text for key in keys]
    line = Line("\n".join(texts))
    if asks:
        buttons = naming(number)
        asked = book.told("mediation_named_ask", conversation.language, now, params, buttons)
        line = replace(asked, text=line.text)
    seq = speak(tx, case, line, book, now, officer)
    if asks:
        changed = replace(changed, asked_seq=seq)
        tx.mediations.save(changed)
    return changed
