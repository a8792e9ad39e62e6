"""The web chat's JSON, for the OpenAPI description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class ChatConfig(BaseModel):
    """What the page needs before it knows the resident."""

    title: str
    max_file_bytes: int
    max_files: int
    max_line_bytes: int
    file_types: list[str]
    greeting: str
    leave_to: str


class ChatSession(BaseModel):
    """A conversation and the token that opens it."""

    token: str
    conversation_id: str


class RefusedFile(BaseModel):
    """A file of the line that was not kept, and why: too_large, empty or wrong_type."""

    name: str
    code: Literal["too_large", "empty", "wrong_type"]


class Stored(BaseModel):
    """Where a line was stored; ``refused`` only where some of its files were not kept."""

    message_id: str
    seq: int
    refused: list[RefusedFile] | None = None


class ChatButton(BaseModel):
    """A quick reply."""

    title: str
    payload: str


class ChatMedia(BaseModel):
    """A kept file."""

    id: str
    kind: Literal["photo", "voice", "video", "file"]
    name: str
    mime: str
    size: int
    url: str


class ChatMessage(BaseModel):
    """One line of the conversation."""

    model_config = ConfigDict(validate_by_name=True)

    seq: int
    speaker: Literal["resident", "bot", "officer"] = Field(alias="from")
    text: str
    buttons: list[ChatButton]
    at: str
    media: list[ChatMedia]
    location: tuple[float, float] | None
    officer_name: str | None
    client_id: str | None


class Messages(BaseModel):
    """Lines in order."""

    messages: list[ChatMessage]


_CLIENT_ID = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}


def _line(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["client_id", name],
        "properties": {"client_id": _CLIENT_ID, name: schema},
    }


# The body is read by hand: this is the one route every turn passes.
MESSAGE_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        _line("text", {"type": "string", "minLength": 1, "maxLength": 4000}),
                        _line(
                            "location",
                            {
                                "type": "array",
                                "items": {"type": "number"},
                                "minItems": 2,
                                "maxItems": 2,
                            },
                        ),
                        _line("button", {"type": "string", "minLength": 1, "maxLength": 64}),
                        _line("start", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}),
                    ]
                }
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["client_id", "file"],
                    "description": "Several parts named file are one line; text is its caption.",
                    "properties": {
                        "client_id": _CLIENT_ID,
                        "text": {"type": "string", "maxLength": 4000},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            },
        },
    }
}
