"""First passwords of many officers, written into a file only its owner can read."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from argon2 import PasswordHasher

from casework.organisation import Officer
from cli.mistakes import Mistake
from cli.progress import bar
from storage.engine import open_store
from storage.unit_of_work import SqlTransaction

SIDE_BY_SIDE = 2  # argon2 takes 64 MiB and a core each time
KEPT_AT_ONCE = 50


async def give_passwords(url: str, officers: Sequence[Officer], file: Path) -> None:
    """A random password for each, kept as a hash; the file is the only place they are written.

    The file is made first: a password nobody has read is none. Raises Mistake when it is there
    already or cannot be written.
    """
    given = {officer.id: secrets.token_urlsafe(12) for officer in officers}
    _write(file, officers, given)
    hasher = PasswordHasher()
    store = open_store(url)
    try:
        with bar() as shown, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for start in range(0, len(officers), KEPT_AT_ONCE):
                some = officers[start : start + KEPT_AT_ONCE]
                hashed = list(pool.map(hasher.hash, [given[each.id] for each in some]))
                pairs = list(zip(some, hashed, strict=True))

                def work(tx: SqlTransaction, pairs: list[tuple[Officer, str]] = pairs) -> None:
                    for officer, kept in pairs:
                        tx.people.set_password(officer.id, kept)

                await store.write(work)
                list(shown.track(some, "passwords"))
    finally:
        await store.close()


def _write(file: Path, officers: Sequence[Officer], given: dict[str, str]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("username", "name", "password"))
    writer.writerows((each.username, each.name, given[each.id]) for each in officers)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Mistake(f"{file} cannot be made: {error.strerror}") from error
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as out:
        out.write(text.getvalue())
