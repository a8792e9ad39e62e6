"""All of the console's routes in one router."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from handoff_console.deps import ConsoleDeps
from handoff_console.routes import (
    alerts,
    beside,
    booking,
    capture,
    cases,
    check_in,
    collective,
    conversations,
    digests,
    duty,
    events,
    files,
    links,
    logins,
    mediation,
    mediation_papers,
    organisation,
    placing,
    promises,
    proof,
    rates,
    regrouping,
    supervision,
    tasks,
    whistle,
)

ROUTERS = (
    logins.router,
    conversations.router,
    beside.router,
    placing.router,
    rates.router,
    whistle.router,
    check_in.router,
    capture.router,
    links.router,
    collective.router,
    supervision.router,
    mediation_papers.router,
    mediation.router,
    promises.router,
    proof.router,
    cases.router,
    alerts.router,
    tasks.router,
    booking.router,
    organisation.router,
    duty.router,
    regrouping.router,
    digests.router,
    files.router,
    events.router,
)


def create_console(deps: ConsoleDeps) -> APIRouter:
    """The console's routes, bound to what they work with."""

    async def bind(request: Request) -> None:
        request.state.console = deps

    router = APIRouter(dependencies=[Depends(bind)])
    for each in ROUTERS:
        router.include_router(each)
    return router
