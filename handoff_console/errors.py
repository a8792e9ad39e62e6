"""Losers are told who won: the answer to a refusal names the present holder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from casework.errors import Superseded
from config.problems import Problem
from handoff_console.render import holder_shape
from storage.unit_of_work import SqlTransaction
from storage.views import officer_names


@contextmanager
def told_holder(tx: SqlTransaction) -> Iterator[None]:
    """Turn Superseded into the 409 that says who holds the conversation, under which epoch."""
    try:
        yield
    except Superseded as refused:
        raise superseded(tx, refused) from None


def superseded(tx: SqlTransaction, refused: Superseded) -> Problem:
    """The 409 for a refusal."""
    holder = holder_shape(refused.holder, officer_names(tx))
    return Problem(
        "superseded", beside={"holder": holder.model_dump(mode="json"), "epoch": refused.epoch}
    )
