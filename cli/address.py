"""Where a server is to listen, looked at before anything is loaded."""

from __future__ import annotations

import contextlib
import socket

from cli.mistakes import Mistake


def must_be_free(host: str, port: int) -> None:
    """Raises Mistake when nobody may listen there, or somebody else does already."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found:
            with contextlib.closing(socket.socket(family, kind, protocol)) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except socket.gaierror as error:
        raise Mistake(f"--host {host}: {error.strerror}") from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Mistake(
            f"cannot listen on {host}:{port} ({why}): stop what listens there, or give another "
            "--port (make run PORT=8001)"
        ) from error
