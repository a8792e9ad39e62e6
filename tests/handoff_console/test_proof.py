"""Photos and papers kept with a case, as large as telephones make them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cli.web import WebParts, build_app
from cli.web_guard import Limits
from handoff_console.app import create_console
from storage.files import FileStore
from tests.handoff_console.street import Street
from tests.handoff_console.test_capture import PNG
from tests.handoff_console.test_mediation import owner_of, resident_says, room

MOST = 3 * 1024 * 1024
LARGE = PNG + bytes(MOST - len(PNG))  # more than a request without a file may hold


@pytest.fixture
def roomy(lone_street: Street, tmp_path: Path) -> Street:
    """The console as it is served: a file may be larger than any other request."""
    deps = replace(lone_street.deps, files=FileStore(tmp_path / "large", MOST))
    parts = WebParts([create_console(deps)], Limits(upload=MOST), tmp_path / "static")
    return replace(lone_street, app=build_app(parts), deps=deps)


async def test_a_photo_of_what_was_done_is_kept(roomy: Street) -> None:
    number = await roomy.case(await roomy.talk("老板欠我两万"))
    path = f"/api/cases/{number}/files"
    async with roomy.officer("alice") as alice:
        kept = await alice.post(path, files={"file": ("完工.png", LARGE, "image/png")})
        assert kept.status_code == 201, kept.text
        seen = await alice.get(f"/api/files/{kept.json()['file_id']}")
        assert len(seen.content) == MOST
        more = await alice.post(path, files={"file": ("完工.png", LARGE + b"0", "image/png")})
        assert (more.status_code, more.json()["error"]["message"]) == (413, "内容太大，最多 3 MB")


async def test_a_paper_of_a_mediation_is_kept(roomy: Street) -> None:
    number = await room(roomy)
    at = f"/api/cases/{number}/mediation"
    async with roomy.officer(await owner_of(roomy, number)) as owner:
        proposal = {"source": "proactive", "mediator_id": "sun"}
        assert (await owner.post(at, json=proposal)).status_code == 200
    await resident_says(roomy, number)
    async with roomy.officer("sun") as mediator:
        kept = await mediator.post(f"{at}/files", files={"file": ("协议.png", LARGE, "image/png")})
        assert kept.status_code == 201, kept.text
