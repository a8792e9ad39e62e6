"""The least FastAPI can do: take a line, give it back. The yardstick of chat_turns."""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Line(BaseModel):
    """What a resident's page sends."""

    client_id: str
    text: str


app = FastAPI()


@app.post("/api/chat/messages", status_code=202)
async def echo(line: Line) -> Line:
    """Give it back."""
    return line


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", loop="uvloop")
