"""The ``jiesu`` command. Parts are imported by the command that needs them: a start stays quick."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.digest import digest_app
from cli.nlu import nlu_app
from cli.officer import officer_app
from cli.organisation import grid_app
from config.settings import WrongSetting, load_settings

app = typer.Typer(
    help="接诉: residents tell a bot what is wrong; officers take over the same chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
db_app = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(nlu_app, name="nlu")
app.add_typer(db_app, name="db")
app.add_typer(officer_app, name="officer")
app.add_typer(grid_app, name="grid")
app.add_typer(digest_app, name="digest")

DataDir = Annotated[
    Path | None, typer.Option("--data", help="Data directory (JIESU_DATA_DIR; default: data).")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]
Demo = Annotated[
    bool, typer.Option("--demo", help="A made-up street with officers demo-grid, demo-street ….")
]


@app.command()
def serve(
    host: Host = "127.0.0.1", port: Port = 8000, data: DataDir = None, demo: Demo = False
) -> None:
    """Everything in one process: residents' channels, the console and the clock."""
    from cli.serve import Role, run  # noqa: PLC0415

    run(load_settings(data_dir=data), Role.ALL, host, port, demo=demo)


@app.command()
def bot(host: Host = "127.0.0.1", port: Port = 8001, data: DataDir = None) -> None:
    """Only the residents' channels: web chat, and Telegram when a token is set."""
    from cli.serve import Role, run  # noqa: PLC0415

    run(load_settings(data_dir=data), Role.BOT, host, port)


@app.command()
def console(host: Host = "127.0.0.1", port: Port = 8002, data: DataDir = None) -> None:
    """Only the officers' console."""
    from cli.serve import Role, run  # noqa: PLC0415

    run(load_settings(data_dir=data), Role.CONSOLE, host, port)


@app.command()
def clock(host: Host = "127.0.0.1", port: Port = 8003, data: DataDir = None) -> None:
    """Only the clock: deadlines, digests and what others left undone."""
    from cli.serve import Role, run  # noqa: PLC0415

    run(load_settings(data_dir=data), Role.CLOCK, host, port)


@app.command()
def chat(
    data: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per turn.")] = False,
    resume: Annotated[
        str | None, typer.Option("--as", help="Go on as this resident; default: a new one.")
    ] = None,
) -> None:
    """One resident at the terminal: each line on stdin is a message."""
    from cli.chat import chat as talk  # noqa: PLC0415
    from cli.house import open_house  # noqa: PLC0415
    from cli.logs import set_up_logging  # noqa: PLC0415

    settings = load_settings(data_dir=data)
    set_up_logging(settings.log_level)

    async def run() -> None:
        async with open_house(settings) as house:
            await talk(house, as_json=as_json, resume=resume)

    asyncio.run(run())


@app.command()
def doctor(data: DataDir = None) -> None:
    """What is missing, and how to mend it."""
    from cli.doctor import examine  # noqa: PLC0415

    raise typer.Exit(examine(load_settings(data_dir=data)))


@app.command()
def openapi() -> None:
    """Print the HTTP interface as OpenAPI JSON."""
    from cli.serve import openapi_document  # noqa: PLC0415

    sys.stdout.write(json.dumps(openapi_document(), ensure_ascii=False, indent=2) + "\n")


@db_app.command()
def upgrade(data: DataDir = None) -> None:
    """Create the tables, or bring them up to date."""
    from storage import schema  # noqa: PLC0415

    settings = load_settings(data_dir=data)
    asyncio.run(schema.upgrade(settings.url))
    sys.stdout.write(f"schema {schema.HEAD}\n")


def main() -> None:
    """Run the command; a mistake of the operator is one line on stderr, not a traceback."""
    from casework.errors import CaseworkError  # noqa: PLC0415
    from cli.mistakes import Mistake  # noqa: PLC0415

    try:
        app()
    except (WrongSetting, Mistake, CaseworkError) as error:
        sys.stderr.write(f"jiesu: {error}\n")
        raise SystemExit(1) from None
    except OSError as error:
        sys.stderr.write(f"jiesu: {error.strerror or error}\n")
        raise SystemExit(1) from None
