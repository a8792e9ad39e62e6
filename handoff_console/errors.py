"""Losers are told who won: the answer to a refusal names the present holder, or what changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from casework.case import Case
from casework.errors import ForbiddenTransition, Superseded, VersionConflict
from config.load import Book
from config.problems import Problem, of_casework
from handoff_console.render import holder_shape
from handoff_console.verbs import moves_of
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


@contextmanager
def told_changes(tx: SqlTransaction, case: Case, known: int | None, book: Book) -> Iterator[None]:
    """Turn a refusal about a case that changed into the 409 that says what changed, and who did
    it; ``known`` is the version the officer saw."""
    try:
        yield
    except (VersionConflict, ForbiddenTransition) as refused:
        problem = of_casework(refused)
        now = tx.cases.get(case.number)  # as it is under the lock, not as it was before
        since = known if known is not None else min(case.version, now.version - 1)
        told = [each.model_dump(mode="json") for each in moves_of(tx, case.number, since)]
        status = book.words.statuses.get(now.status, now.status)
        beside = {**problem.beside, "status": now.status, "status_name": status, "changed": told}
        code, values, fields = problem.code, problem.values, problem.fields
        raise Problem(code, values=values, fields=fields, beside=beside) from None
