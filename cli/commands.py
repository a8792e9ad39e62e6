"""All commands. Parts are imported by the command that needs them: a start stays quick."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from cli.lazy import LazyGroup

if TYPE_CHECKING:
    from config.settings import Settings


class Commands(LazyGroup):
    """The groups below, each in a module of its own."""

    places: ClassVar = {
        "nlu": "cli.nlu:nlu_app",
        "officer": "cli.officer:officer_app",
        "grid": "cli.regrouping:grid_app",
        "place": "cli.places:place_app",
        "link": "cli.links:link_app",
        "digest": "cli.digest:digest_app",
        "crisis": "cli.crisis:crisis_app",
    }


app = typer.Typer(
    cls=Commands,
    help="接诉: residents tell a bot what is wrong; officers take over the same chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
db_app = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(db_app, name="db")

DataDir = Annotated[
    Path | None, typer.Option("--data", help="Data directory (JIESU_DATA_DIR; default: data).")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Demo = Annotated[
    bool, typer.Option("--demo", help="A made-up street with officers demo-grid, demo-street ….")
]
Lively = Annotated[
    bool,
    typer.Option("--lively", help="With --demo: a day of work done on it."),
]


def _collect_nothing_yet() -> None:
    """What a server makes while it starts stays: looking for garbage in it takes a tenth of the
    start. cli.serve begins with that when all is there."""
    gc.disable()


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data: DataDir = None,
    demo: Demo = False,
    lively: Lively = False,
) -> None:
    """Everything in one process: residents' channels, the console and the clock."""
    _collect_nothing_yet()
    from cli.serve import Demo as Begins  # noqa: PLC0415
    from cli.serve import Role, run  # noqa: PLC0415

    if lively and not demo:
        raise typer.BadParameter("--lively goes with --demo", param_hint="--lively")
    begins = Begins.STREET if demo else Begins.NONE
    run(_settings(data), Role.ALL, host, port, demo=begins | Begins.LIVELY if lively else begins)


@app.command()
def bot(host: Host = "127.0.0.1", port: Port = 8001, data: DataDir = None) -> None:
    """Only the residents' channels: web chat, and Telegram when a token is set."""
    _collect_nothing_yet()
    from cli.serve import Role, run  # noqa: PLC0415

    run(_settings(data), Role.BOT, host, port)


@app.command()
def console(host: Host = "127.0.0.1", port: Port = 8002, data: DataDir = None) -> None:
    """Only the officers' console."""
    _collect_nothing_yet()
    from cli.serve import Role, run  # noqa: PLC0415

    run(_settings(data), Role.CONSOLE, host, port)


@app.command()
def clock(host: Host = "127.0.0.1", port: Port = 8003, data: DataDir = None) -> None:
    """Only the clock: deadlines, digests and what others left undone."""
    _collect_nothing_yet()
    from cli.serve import Role, run  # noqa: PLC0415

    run(_settings(data), Role.CLOCK, host, port)


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

    settings = _settings(data)
    set_up_logging(settings.log_level)

    async def run() -> None:
        async with open_house(settings) as house:
            await talk(house, as_json=as_json, resume=resume)

    asyncio.run(run())


@app.command()
def doctor(data: DataDir = None) -> None:
    """What is missing, and how to mend it."""
    from cli.doctor import examine  # noqa: PLC0415

    raise typer.Exit(examine(_settings(data)))


@app.command()
def openapi() -> None:
    """Print the HTTP interface as OpenAPI JSON."""
    from cli.serve import openapi_document  # noqa: PLC0415

    sys.stdout.write(json.dumps(openapi_document(), ensure_ascii=False, indent=2) + "\n")


@db_app.command()
def upgrade(data: DataDir = None) -> None:
    """Create the tables, or bring them up to date."""
    from storage import schema  # noqa: PLC0415

    settings = _settings(data)
    asyncio.run(schema.upgrade(settings.url))
    sys.stdout.write(f"schema {schema.HEAD}\n")


def _settings(data: Path | None) -> Settings:
    """From the environment. Raises WrongSetting."""
    from config.settings import load_settings  # noqa: PLC0415

    return load_settings(data_dir=data)
