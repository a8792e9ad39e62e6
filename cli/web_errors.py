"""Every error as the one JSON shape, whoever raised it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from casework.errors import CaseworkError
from cli.web_guard import error_response
from config.problems import Problem, language_of, of_casework

_BY_STATUS = {
    400: "malformed",
    401: "not_logged_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    503: "unavailable",
}
_REASONS = {
    "missing": "required",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "literal_error": "not_a_choice",
    "enum": "not_a_choice",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "extra_forbidden": "unknown",
}


def install_errors(app: FastAPI) -> None:
    """Answer every refusal in the shared shape."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(CaseworkError, _casework)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def _answer(request: Request, problem: Problem) -> Response:
    language = language_of(request.headers.get("accept-language"))
    status, body, headers = error_response(problem, language)
    response = Response(body, status)
    response.raw_headers = headers
    return response


async def _problem(request: Request, error: Exception) -> Response:
    return _answer(request, error if isinstance(error, Problem) else Problem("internal"))


async def _casework(request: Request, error: Exception) -> Response:
    problem = of_casework(error) if isinstance(error, CaseworkError) else Problem("internal")
    return _answer(request, problem)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    fallback = "malformed" if status < 500 else "internal"
    # Such as Allow, which says what an address does answer to.
    headers = error.headers if isinstance(error, HTTPException) else None
    return _answer(request, Problem(_BY_STATUS.get(status, fallback), headers=headers))


async def _bug(request: Request, _error: Exception) -> Response:
    """Starlette raises the error again when this is sent; the guard writes it down."""
    return _answer(request, Problem("internal"))


async def _validation(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    if any(each["type"] == "json_invalid" for each in found):
        return _answer(request, Problem("malformed"))
    return _answer(request, Problem("invalid", fields=_fields(found)))


def _fields(found: Sequence[Any]) -> dict[str, str]:
    """The last name of each place, with why; what was given is never repeated."""
    fields = {}
    for each in found:
        names = [str(part) for part in each["loc"][1:]] or [str(each["loc"][0])]
        fields[".".join(names)] = _REASONS.get(each["type"], "malformed")
    return fields
