"""The web chat's JSON, for the OpenAPI description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class ChatConfig(BaseModel):
    """What the page needs before it knows the resident."""

    title: str
    max_file_bytes: int
    file_types: list[str]
    greeting: str


class ChatSession(BaseModel):
    """A conversation and the token that opens it."""

    token: str
    conversation_id: str


class Stored(BaseModel):
    """Where a line was stored."""

    message_id: str
    seq: int


class ChatButton(BaseModel):
    """A quick reply."""

    title: str
    payload: str


class ChatMedia(BaseModel):
    """A kept file."""

    id: str
    kind: Literal["photo", "voice", "file"]
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
                    ]
                }
            },
            "multipart/form-data": {
                "schema": _line("file", {"type": "string", "format": "binary"})
            },
        },
    }
}
