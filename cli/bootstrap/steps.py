"""Steps of the set-up: done once per content of their inputs, each with a visible line."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAMPS = ROOT / ".make"
LOG_LINES_SHOWN = 25


class StepFailed(Exception):
    """A step could not be done; the text says why and what to do."""


def say(line: str) -> None:
    """Print one progress line at once, also when nobody watches."""
    print(line, flush=True)


def digest_of(files: Iterable[Path], *extra: str) -> str:
    """A fingerprint of the files' names and contents and of `extra`; missing files count too."""
    total = hashlib.sha256()
    for word in extra:
        total.update(word.encode() + b"\0")
    for path in sorted(files):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(path.read_bytes() if path.is_file() else b"missing")
    return total.hexdigest()


def files_under(folder: Path, *, without: Sequence[str] = ()) -> list[Path]:
    """Every file below `folder`, except below folders of the names in `without`."""
    found: list[Path] = []
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in without]
        found.extend(Path(here, name) for name in names)
    return found


def once(name: str, fingerprint: str, result: Path, title: str, do: Callable[[], None]) -> None:
    """Do a step unless `result` is there and was made from the same fingerprint."""
    stamp = STAMPS / name
    if result.exists() and stamp.is_file() and stamp.read_text() == fingerprint:
        return
    started = time.monotonic()
    say(f"▸ {title} …")
    stamp.unlink(missing_ok=True)
    do()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(fingerprint)
    say(f"✓ {title} ({time.monotonic() - started:.0f} s)")


def run(
    command: Sequence[str | Path],
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    show: Callable[[str], str | None] = str,
    mend: str = "",
) -> None:
    """Run a command, printing what `show` makes of each line.

    When it fails, StepFailed carries the last lines not printed yet, and `mend`.
    """
    tail: list[str] = []
    variables = {**os.environ, **(environment or {})}
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as child:
        for line in child.stdout or ():
            shown = show(line.rstrip())
            if shown:
                say(f"  {shown}")
            else:
                tail = [*tail[1 - LOG_LINES_SHOWN :], line.rstrip()]
    if child.returncode != 0:
        log = [f"  | {line}" for line in tail if line]
        raise StepFailed("\n".join([f"{' '.join(map(str, command))} failed", *log, mend]).rstrip())


def attached(command: Sequence[str | Path], *, folder: Path = ROOT) -> int:
    """Run a command on the caller's own terminal; gives its exit code."""
    sys.stdout.flush()
    return subprocess.run([str(part) for part in command], cwd=folder, check=False).returncode
