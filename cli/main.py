"""The ``jiesu`` command: where every start begins, and what a mistake looks like.

Nothing is imported here that one of the commands can do without.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cli.commands import app

__all__ = ["app", "main"]


def __getattr__(name: str) -> Any:
    """``app``, all the commands, when somebody asks for them."""
    if name != "app":
        raise AttributeError(name)
    from cli.commands import app  # noqa: PLC0415

    return app


def main() -> None:
    """Run the command; a mistake of the operator is one line on stderr, not a traceback."""
    try:
        if sys.argv[1:3] == ["nlu", "serve"]:
            # Reading the other commands' options would cost it a fifth of its memory and time.
            from cli.nlu_serve import serve_nlu  # noqa: PLC0415

            serve_nlu(sys.argv[3:])
        else:
            from cli.commands import app  # noqa: PLC0415

            app()
    except OSError as error:
        _end(error.strerror or str(error))
    except Exception as error:
        if not isinstance(error, _mistakes()):
            raise
        _end(str(error))


def _end(why: str) -> None:
    sys.stderr.write(f"jiesu: {why}\n")
    raise SystemExit(1) from None


def _mistakes() -> tuple[type[Exception], ...]:
    """What an operator did wrong; looked up only when something was raised."""
    from casework.errors import CaseworkError  # noqa: PLC0415
    from cli.mistakes import Mistake  # noqa: PLC0415
    from config.settings import WrongSetting  # noqa: PLC0415

    return WrongSetting, Mistake, CaseworkError
