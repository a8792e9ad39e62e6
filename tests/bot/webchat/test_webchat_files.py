"""Files over the web chat: several are one line, the bytes decide, strangers get none."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.channels.webchat_lines import MOST_FILES
from tests.bot.webchat.street import MOST_FILE_BYTES, ChatStreet
from tests.bot.webchat.test_webchat import PNG, lines

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(50)
WEBM = (
    bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d") + b"A_OPUS" + bytes(9)
)
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(40)
PDF = b"%PDF-1.4\n%\xe2\xe3\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>alert(1)</script>"


async def send(
    client: httpx.AsyncClient, *files: tuple[str, bytes, str], client_id: str = "f", text: str = ""
) -> httpx.Response:
    """Files chosen together."""
    form = {"client_id": client_id, **({"text": text} if text else {})}
    parts = [("file", file) for file in files]
    return await client.post("/api/chat/messages", data=form, files=parts)


async def own_lines(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return [line for line in await lines(client) if line["from"] == "resident"]


async def test_files_chosen_together_are_one_line(street: ChatStreet) -> None:
    async with street.resident() as client:
        chosen = [(f"{n}.png", PNG, "image/png") for n in range(3)]
        first = await send(client, *chosen, text="门口的路面")
        again = await send(client, *chosen, text="门口的路面")
        assert (first.status_code, first.json()) == (202, again.json())
        assert "refused" not in first.json()
        await street.inbox.idle()
        (line,) = await own_lines(client)
        assert len(await lines(client)) == 2
    assert line["text"] == "门口的路面"
    assert [media["name"] for media in line["media"]] == ["0.png", "1.png", "2.png"]


async def test_one_bad_file_is_told_and_does_not_hold_up_the_rest(street: ChatStreet) -> None:
    async with street.resident() as client:
        answer = await send(
            client,
            ("a.png", PNG, "image/png"),
            ("b.svg", SVG, "image/svg+xml"),
            ("c.png", PNG + b"0" * MOST_FILE_BYTES, "image/png"),
        )
        assert answer.status_code == 202
        refused = [(each["name"], each["code"]) for each in answer.json()["refused"]]
        assert refused == [("b.svg", "wrong_type"), ("c.png", "too_large")]
        (line,) = await own_lines(client)
    assert [media["name"] for media in line["media"]] == ["a.png"]


async def test_too_many_or_too_much_at_once_leave_nothing(street: ChatStreet) -> None:
    async with street.resident() as client:
        many = [("x.png", PNG, "image/png")] * (MOST_FILES + 1)
        assert (await send(client, *many)).status_code in {400, 413, 422}
        heavy = [("x.png", PNG + b"0" * (MOST_FILE_BYTES - 200), "image/png")] * 4
        assert (await send(client, *heavy)).status_code == 413
        long = await send(client, ("x.png", PNG, "image/png"), text="长" * 4001)
        assert (long.status_code, long.json()["error"]["code"]) == (422, "text_too_long")
        assert await own_lines(client) == []


@pytest.mark.parametrize(
    ("sent", "kind", "mime", "shown"),
    [
        (("voice.webm", WEBM, "audio/webm;codecs=opus"), "voice", "audio/webm", "inline"),
        (("voice.m4a", MP4, "audio/mp4"), "voice", "audio/mp4", "inline"),
        (("v.mp4", MP4, "video/mp4"), "video", "video/mp4", "inline"),
        (("x.jpg", PNG, "image/jpeg"), "photo", "image/png", "inline"),
        (("照片.html", JPEG, "text/html"), "photo", "image/jpeg", "inline"),
        (
            ("合同.pdf", b"%PDF-1.4\n%\xe2\xe3\n", "text/html"),
            "file",
            "application/pdf",
            "attachment",
        ),
    ],
)
async def test_the_bytes_decide_and_a_recording_is_a_voice(
    street: ChatStreet, sent: tuple[str, bytes, str], kind: str, mime: str, shown: str
) -> None:
    async with street.resident() as client, street.resident() as stranger:
        assert (await send(client, sent)).status_code == 202
        ((media,),) = [line["media"] for line in await own_lines(client)]
        assert (media["kind"], media["mime"]) == (kind, mime)
        got = await client.get(media["url"])
        assert got.content == sent[1]
        assert got.headers["content-type"] == mime
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-disposition"].startswith(shown)
        assert "sandbox" in got.headers["content-security-policy"]
        assert "default-src 'none'" in got.headers["content-security-policy"]
        assert (await stranger.get(media["url"])).status_code == 404
        async with street.visitor() as nobody:
            assert (await nobody.get(media["url"])).status_code == 401


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", SVG),
        ("a.png", HTML),
        ("a.gif", b"MZ\x90\x00" + bytes(64)),
        ("a.jpg", b"#!/bin/sh\nrm"),
        ("a.pdf", b"PK\x03\x04" + bytes(50)),
        ("a.xml", b"<?xml version='1.0'?><html/>"),
    ],
)
async def test_what_a_browser_might_run_is_never_kept(
    street: ChatStreet, name: str, data: bytes
) -> None:
    async with street.resident() as client:
        answer = await send(client, (name, data, "image/png"))
        assert (answer.status_code, answer.json()["error"]["code"]) == (415, "wrong_type")
        assert await own_lines(client) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\me\\a.png", "a.png"),
        ('"><img src=x onerror=alert(1)>.png', '"><img src=x onerror=alert(1)>.png'),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie: x=1.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("长" * 300 + ".png", None),
    ],
)
async def test_names_cannot_do_harm(street: ChatStreet, given: str, kept: str | None) -> None:
    async with street.resident() as client:
        await send(client, (given, PNG, "image/png"))
        found = await own_lines(client)
        if not found:  # the form itself refused such a name
            return
        (media,) = found[0]["media"]
        assert kept is None or media["name"] == kept or "%" in media["name"]
        assert len(media["name"]) <= 120
        assert "/" not in media["name"].replace("/b>", "")
        got = await client.get(media["url"])
        assert "\n" not in got.headers["content-disposition"]
        assert "set-cookie" not in got.headers


async def test_a_made_up_file_id_is_not_found(street: ChatStreet) -> None:
    async with street.resident() as client:
        for made_up in ("0" * 32, "..%2f..%2fetc%2fpasswd", "x", "é" * 32):
            assert (await client.get(f"/api/chat/files/{made_up}")).status_code == 404


async def test_the_page_knows_what_may_be_sent(street: ChatStreet) -> None:
    async with street.visitor() as client:
        config = (await client.get("/api/chat/config")).json()
    assert config["max_files"] == MOST_FILES
    assert config["max_line_bytes"] == 3 * MOST_FILE_BYTES
    assert "image/heic" not in config["file_types"]
    assert {"image/jpeg", "audio/webm", "video/mp4"} <= set(config["file_types"])
    assert config["leave_to"].startswith("https://")
