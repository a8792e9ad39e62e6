"""The ``jiesu`` command: where every start begins, and what a mistake looks like.

Nothing is imported here that one of the commands can do without.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cli.commands import app

__all__ = ["app", "main"]

DOCTOR = "`jiesu doctor` says how to mend it"


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
        named = f"{error.filename}: " if error.filename is not None else ""
        mend = "" if named else f"; {DOCTOR}"
        _end(f"{named}{error.strerror or error}{mend}")
    except Exception as error:
        why = str(error) if isinstance(error, _mistakes()) else _of_database(error)
        if why is None:
            raise
        _end(why)


def _end(why: str) -> None:
    sys.stderr.write(f"jiesu: {why}\n")
    raise SystemExit(1) from None


def _of_database(error: Exception) -> str | None:
    """What to say when the database cannot be used; None for every other error, which is a bug."""
    from storage.probe import unusable  # noqa: PLC0415

    why = unusable(error)
    return None if why is None else f"the database cannot be used: {why}; {DOCTOR}"


def _mistakes() -> tuple[type[Exception], ...]:
    """What an operator did wrong; looked up only when something was raised."""
    from casework.errors import CaseworkError  # noqa: PLC0415
    from cli.mistakes import Mistake  # noqa: PLC0415
    from config.settings import WrongSetting  # noqa: PLC0415

    return WrongSetting, Mistake, CaseworkError
