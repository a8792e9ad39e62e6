"""`python -m cli.bootstrap VERB`: the set-up, the checks and the locks behind the Makefile."""

import sys

if sys.version_info[:2] != (3, 11):
    sys.exit(
        "jiesu needs Python 3.11: apt-get install python3.11, or make PYTHON=/path/to/python3.11"
    )

from cli.bootstrap.checks import lint, test
from cli.bootstrap.environment import ensure_environment, ensure_tools
from cli.bootstrap.locks import lock
from cli.bootstrap.model import ensure_model
from cli.bootstrap.pages import ensure_pages
from cli.bootstrap.rasa import ensure_rasa
from cli.bootstrap.steps import StepFailed


def setup() -> None:
    """Leave a working .venv/bin/jiesu, built pages and a trained model."""
    ensure_environment()
    ensure_pages()
    ensure_model()


def tools() -> None:
    """Everything of `setup`, and what tests and linters need."""
    setup()
    ensure_tools()


VERBS = {
    "setup": setup,
    "tools": tools,
    "web": ensure_pages,
    "rasa": ensure_rasa,
    "lint": lint,
    "test": test,
    "lock": lock,
}


def main(arguments: list[str]) -> None:
    """Do one verb; exit 1 with the reason when it cannot be done, 2 when it is not known."""
    if len(arguments) != 1 or arguments[0] not in VERBS:
        sys.stderr.write(f"usage: python -m cli.bootstrap {'|'.join(VERBS)}\n")
        sys.exit(2)
    try:
        VERBS[arguments[0]]()
    except StepFailed as reason:
        sys.exit(f"✗ {reason}")


if __name__ == "__main__":
    main(sys.argv[1:])
