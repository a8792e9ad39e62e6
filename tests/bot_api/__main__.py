"""``python -m tests.bot_api --port 8081``: a Telegram of one's own, with a page to chat on."""

from __future__ import annotations

import argparse

from aiohttp import web

from tests.bot_api.control import Control
from tests.bot_api.server import BotApi


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.bot_api", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default="42:TEST", help="the only token it accepts")
    parser.add_argument("--residents", default="张三,李四", help="names, separated by commas")
    given = parser.parse_args()

    async def make() -> web.Application:
        api = BotApi(token=given.token)
        people = [api.world.person(name) for name in given.residents.split(",") if name]
        if people:
            api.world.group("幸福里业主群", admins=people[:1], members=people[1:])
        app = api.application()
        Control(api).add_to(app)
        return app

    where = f"http://{given.host}:{given.port}"
    print(  # noqa: T201
        f"Local Telegram: {where}\n  JIESU_TELEGRAM_API_BASE={where} "
        f"JIESU_TELEGRAM_TOKEN={given.token}",
        flush=True,
    )
    web.run_app(make(), host=given.host, port=given.port, print=None)


main()
