"""What a caller over HTTP is told when something is refused: one table for both doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from casework import errors

LANGUAGES = ("zh", "en")
MIB = 1024 * 1024

# The most special class first: the first that fits names the problem.
_OF_CASEWORK: tuple[tuple[type[errors.CaseworkError], str], ...] = (
    (errors.NotFound, "not_found"),
    (errors.Superseded, "superseded"),
    (errors.VersionConflict, "version_conflict"),
    (errors.Unchanged, "unchanged"),
    (errors.InOtherHands, "in_other_hands"),
    (errors.ForbiddenTransition, "forbidden_transition"),
    (errors.NotAllowed, "not_allowed"),
    (errors.Incomplete, "invalid"),
    (errors.Misconfigured, "misconfigured"),
)


class Problem(Exception):
    """A refusal. ``code`` is a key of ``problems.yaml``; ``values`` fill its words.

    ``fields`` names what is wrong where (the reasons are keys under ``fields``), ``beside`` is put
    beside ``error`` in the answer, ``headers`` go with it.
    """

    def __init__(
        self,
        code: str,
        *,
        values: Mapping[str, object] | None = None,
        fields: Mapping[str, str] | None = None,
        beside: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.values = values or {}
        self.fields = fields or {}
        self.beside = beside or {}
        self.headers = headers or {}


def too_large(most_bytes: int) -> Problem:
    """More bytes than are taken."""
    most = f"{most_bytes // MIB} MB" if most_bytes >= MIB else f"{max(1, most_bytes // 1024)} KB"
    return Problem("too_large", values={"most": most})


def too_many(seconds: float) -> Problem:
    """Tried too often; may try again after ``seconds``."""
    whole = max(1, int(seconds + 0.999))
    return Problem("too_many", values={"seconds": whole}, headers={"Retry-After": str(whole)})


def of_casework(error: errors.CaseworkError) -> Problem:
    """The problem for what casework refused."""
    code = next((code for kind, code in _OF_CASEWORK if isinstance(error, kind)), "internal")
    if isinstance(error, errors.Unfit):
        return Problem(f"unfit_{error.reason}")
    if isinstance(error, errors.Incomplete):
        return Problem(code, fields={error.field: error.code})
    if isinstance(error, errors.InOtherHands):
        who = {"owner": error.owner, "org": error.org}
        return Problem(code, values=who, beside={"allowed": list(error.allowed), **who})
    if isinstance(error, errors.ForbiddenTransition):
        return Problem(code, beside={"allowed": list(error.allowed)})
    return Problem(code)


@dataclass(frozen=True, slots=True)
class ProblemTexts:
    """Statuses and words, by code."""

    problems: Mapping[str, Mapping[str, Any]]
    reasons: Mapping[str, Mapping[str, str]]

    def status(self, code: str) -> int:
        """The HTTP status of a code."""
        return int(self.problems[code]["status"])

    def answer(self, problem: Problem, language: str) -> dict[str, Any]:
        """The body: ``{"error": {code, message, fields?}, …}``."""
        words: str = self.problems[problem.code][language]
        error: dict[str, Any] = {
            "code": problem.code,
            "message": words.format_map(dict(problem.values)),
        }
        if problem.fields:
            error["fields"] = {
                name: self.reasons[reason][language] for name, reason in problem.fields.items()
            }
        return {"error": error, **problem.beside}


@cache
def problem_texts() -> ProblemTexts:
    """The table as it is shipped."""
    text = resources.files("config").joinpath("problems.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    return ProblemTexts(data["problems"], data["fields"])


def language_of(accept_language: str | None) -> str:
    """Chinese unless the caller prefers English to it."""
    best, best_weight = LANGUAGES[0], 0.0
    for part in (accept_language or "").split(",")[:20]:
        tag, _, rest = part.strip().lower().partition(";")
        language = tag.split("-")[0]
        weight = _weight(rest)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
