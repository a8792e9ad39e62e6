"""A lean HTTP server for ``jiesu nlu serve``: one process, one thread, one answer after another.

Understanding a line takes a fraction of a millisecond and waits for nothing, so every answer is
computed where the request ends: no tasks, no queues. httptools parses (docs/decisions/0010).
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol, cast

import httptools

from cli.nlu_answers import Answer, failure

MOST_BYTES = 1024 * 1024
"""Of one request, head and body together."""
IDLE_SECONDS = 75
"""A connection that sends nothing for so long is closed; Rasa's own clients keep theirs open."""
_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}


class Desk(Protocol):
    """Answers requests."""

    def answer(self, method: bytes, target: bytes, body: bytes) -> Answer:
        """The answer to one whole request; never raises."""
        ...


@dataclass(slots=True)
class Room:
    """What all connections share."""

    desk: Desk
    connections: set[Connection]
    second: int = 0
    date: bytes = b""

    def tick(self) -> None:
        """Another second has passed."""
        self.second += 1
        self.date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()).encode()
        for connection in list(self.connections):
            connection.close_when_idle()


class Connection(asyncio.Protocol):
    """One client. Pipelined requests are answered in their order, for each is answered at once."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._target = b""
        self._body = b""
        self._bytes = 0
        self._heard = room.second

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        self._transport = cast("asyncio.Transport", transport)
        self._room.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The client is gone."""
        self._room.connections.discard(self)
        self._transport = None

    def pause_writing(self) -> None:
        """The client does not fetch its answers: take no more questions from it."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """It does again."""
        if self._transport is not None:
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """A piece of a request, or several requests."""
        self._heard = self._room.second
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            self._give_up(failure(413, "BadRequest", "The request is too large."))
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.close()  # answered already, in the only protocol we speak
        except httptools.HttpParserError:
            self._give_up(failure(400, "BadRequest", "This is not HTTP."))

    def on_url(self, url: bytes) -> None:
        """The parser met (a piece of) the request's target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: ARG002
        """The parser met a header; only one of them asks for anything."""
        if len(name) == 6 and name.lower() == b"expect" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """The parser met (a piece of) the body."""
        self._body = self._body + body if self._body else body

    def on_message_complete(self) -> None:
        """A whole request is here."""
        target, body = self._target, self._body
        self._target, self._body, self._bytes = b"", b"", 0
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        parser = self._parser
        answer = self._room.desk.answer(parser.get_method(), target, body)
        goes_on = parser.should_keep_alive()
        if parser.get_http_version() == "1.1" and goes_on:
            connection = b""
        else:
            connection = b"connection: keep-alive\r\n" if goes_on else b"connection: close\r\n"
        transport.write(self._framed(answer, connection))
        if not goes_on:
            transport.close()

    def close_when_idle(self) -> None:
        """Called each second."""
        if self._room.second - self._heard > IDLE_SECONDS:
            self.close()

    def close(self) -> None:
        """Send what is still to be sent, then hang up."""
        if self._transport is not None:
            self._transport.close()

    def _framed(self, answer: Answer, connection: bytes) -> bytes:
        status = answer.status
        return (
            b"HTTP/1.1 %d %b\r\ncontent-type: %b\r\ncontent-length: %d\r\ndate: %b\r\n%b\r\n%b"
            % (
                status,
                _REASONS[status],
                answer.kind,
                len(answer.body),
                self._room.date,
                connection,
                answer.body,
            )
        )

    def _give_up(self, answer: Answer) -> None:
        transport = self._transport
        if transport is not None and not transport.is_closing():
            transport.write(self._framed(answer, b"connection: close\r\n"))
            transport.close()


async def serve(
    desk: Desk, host: str, port: int, each_second: Callable[[], None] = lambda: None
) -> None:
    """Answer until SIGTERM or SIGINT; say on stdout where. Raises OSError when it cannot listen."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    room = Room(desk, set())
    room.tick()
    server = await loop.create_server(lambda: Connection(room), host, port, backlog=1024)
    at = server.sockets[0].getsockname()
    where = f"[{at[0]}]" if ":" in at[0] else at[0]
    sys.stdout.write(f"jiesu nlu serves on http://{where}:{at[1]}\n")
    sys.stdout.flush()
    while not stop.is_set():
        try:
            async with asyncio.timeout(1):
                await stop.wait()
        except TimeoutError:
            room.tick()
            each_second()
    server.close()
    for connection in list(room.connections):
        connection.close()
    await server.wait_closed()
