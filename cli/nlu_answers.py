"""What ``jiesu nlu serve`` answers: Rasa's interface for understanding, in Rasa's shapes."""

from __future__ import annotations

import json
import re
import secrets
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Final
from urllib.parse import parse_qs

from nlu.intents import INTENTS
from nlu.reload import ModelWatch
from nlu.tokenizer import words
from nlu.understanding import Entity, Ranked, Understanding

SPEAKS_LIKE: Final = "3.6.21"
"""The Rasa release whose interface this follows."""
MOST_CHARACTERS: Final = 100_000
JSON: Final = b"application/json"
TEXT: Final = b"text/plain; charset=utf-8"
EMULATIONS: Final = ("wit", "luis", "dialogflow")
NO_TEXT: Final = (
    "No text message defined in request_body. Add text message to request body "
    "in order to obtain the intent and extracted entities."
)

_HALVES: Final = re.compile(r"[\ud800-\udfff]")
_SLOTS: Final = {name: f'{{"name":"{name}","confidence":%.6f}}' for name in INTENTS}
_TRUTH: Final = {True: "true", False: "false"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes
    kind: bytes = JSON


def failure(status: int, reason: str, message: str, **details: str) -> Answer:
    """An error in Rasa's shape."""
    shape = {
        "version": SPEAKS_LIKE,
        "status": "failure",
        "message": message,
        "reason": reason,
        "details": details,
        "help": None,
        "code": status,
    }
    return Answer(status, json.dumps(shape).encode())


class RasaDesk:
    """``GET /``, ``/version`` and ``/status`` and ``POST /model/parse`` as Rasa has them."""

    def __init__(
        self, watch: ModelWatch, token: str | None = None, log: Callable[[str], None] = print
    ) -> None:
        """``token`` is what ``?token=`` must say; ``log`` is told of our own mistakes."""
        self._watch = watch
        self._token = token
        self._log = log

    def answer(self, method: bytes, target: bytes, body: bytes) -> Answer:
        """Answer one request. Supervised: whoever asked gets an answer."""
        try:
            if target == b"/model/parse" and method == b"POST" and self._token is None:
                return self._parse(body)
            return self._any(method, target, body)
        except Exception as error:  # noqa: BLE001 - supervised: a bug is a 500 of its own, not a dead connection
            # The kind and the place only: an error's text may carry what was sent.
            place = traceback.extract_tb(error.__traceback__)[-1]
            self._log(f"{type(error).__name__} at {place.name}:{place.lineno}")
            return failure(500, "ParsingError", "An unexpected error occurred.")

    def _any(self, method: bytes, target: bytes, body: bytes) -> Answer:
        path, _, query = target.partition(b"?")
        routes: dict[bytes, Callable[[], Answer]] = {
            b"/": self._hello,
            b"/version": self._version,
            b"/status": self._status,
            b"/model/parse": lambda: self._parse(body),
        }
        route = routes.get(path)
        if route is None:
            return failure(404, "NotFound", "There is nothing here but /, /status, /model/parse.")
        wanted = b"POST" if path == b"/model/parse" else b"GET"
        if method != wanted:
            return failure(405, "MethodNotAllowed", f"Use {wanted.decode()}.")
        given = parse_qs(query.decode("latin-1"))
        if path in {b"/status", b"/model/parse"} and not self._admits(given.get("token", [""])[0]):
            return failure(401, "NotAuthenticated", "User is not authenticated.")
        return self._emulation(given.get("emulation_mode")) or route()

    def _admits(self, token: str) -> bool:
        return self._token is None or secrets.compare_digest(
            token.encode(errors="replace"), self._token.encode(errors="replace")
        )

    def _emulation(self, asked: list[str] | None) -> Answer | None:
        if asked is None:
            return None
        message = "Invalid parameter value for 'emulation_mode'. "
        if asked[0].lower() in EMULATIONS:
            message += "jiesu answers in Rasa's own shape only."
        else:
            message += "Should be one of 'WIT', 'LUIS', 'DIALOGFLOW'."
        return failure(400, "BadRequest", message, parameter="emulation_mode", **{"in": "query"})

    def _hello(self) -> Answer:
        return Answer(200, f"Hello from Rasa: {SPEAKS_LIKE} (jiesu)".encode(), TEXT)

    def _version(self) -> Answer:
        shape = {"version": SPEAKS_LIKE, "minimum_compatible_version": SPEAKS_LIKE}
        return Answer(200, json.dumps(shape).encode())

    def _status(self) -> Answer:
        shape = {
            "model_file": self._watch.path.name,
            "model_id": self._watch.digest,
            "num_active_training_jobs": 0,
        }
        return Answer(200, json.dumps(shape).encode())

    def _parse(self, body: bytes) -> Answer:
        if not body:
            return failure(400, "BadRequest", NO_TEXT)
        try:
            given = json.loads(body.decode())
        except (ValueError, RecursionError):
            return failure(400, "ParsingError", "The request body is no JSON.")
        text = given.get("text") if isinstance(given, dict) else None
        if isinstance(text, list) and text:
            text = text[0]  # as Rasa does
        if not isinstance(text, str):
            return failure(400, "BadRequest", NO_TEXT)
        if len(text) > MOST_CHARACTERS:
            return failure(413, "BadRequest", f"text is longer than {MOST_CHARACTERS} characters.")
        return Answer(200, parse_answer(self._watch.engine.understand(text)))


def parse_answer(heard: Understanding) -> bytes:
    """The JSON of a parse: Rasa's own fields first, then ours.

    Written out by hand: the same through ``json.dumps`` takes as long as a good part of
    understanding the line.
    """
    text, quote = heard.text, encode_basestring
    if _HALVES.search(text):  # half a surrogate pair is no UTF-8; escaped it is JSON all the same
        quote = encode_basestring_ascii
        tokens = _tokens(words(_HALVES.sub("\ufffd", text)))
    else:
        tokens = _tokens(words(text))
    return (
        f'{{"text":{quote(text)},"intent":{_ranking((heard.intent,))},'
        f'"entities":[{",".join([_entity(entity, quote) for entity in heard.entities])}],'
        f'"text_tokens":[{tokens}],'
        f'"intent_ranking":[{_ranking(heard.ranking)}],'
        f'"category":{_name(heard.category)},"secondary":{_name(heard.secondary)},'
        f'"act":"{heard.act}","urgent":{_TRUTH[heard.urgent]},'
        f'"crisis":"{heard.crisis}","crisis_kind":{_name(heard.crisis_kind)}}}'
    ).encode()


def _ranking(ranking: tuple[Ranked, ...]) -> str:
    shape = ",".join([_SLOTS[entry.name] for entry in ranking])
    return shape % tuple([entry.confidence for entry in ranking])


def _name(name: str | None) -> str:
    return "null" if name is None else f'"{name}"'


def _tokens(pieces: Iterable[str]) -> str:
    spans, at = [], 0
    for piece in pieces:
        spans.append(f"[{at},{at + len(piece)}]")
        at += len(piece)
    return ",".join(spans)


def _entity(entity: Entity, quote: Callable[[str], str]) -> str:
    value = entity.value
    number = "null" if value is None else repr(value)
    written = quote(value) if isinstance(value, str) else number
    sure = f"{entity.confidence:.4f}"
    return (
        f'{{"entity":"{entity.entity}","start":{entity.start},"end":{entity.end},'
        f'"value":{written},"text":{quote(entity.text)},"confidence":{sure},'
        f'"vague":{_TRUTH[entity.vague]},"confidence_entity":{sure},"extractor":"jiesu"}}'
    )
