"""``docs/lifecycle.md`` is what the lifecycle table generates."""

from casework.case import Status
from casework.lifecycle import LIFECYCLE
from cli.lifecycle_page import PAGE, page
from config.load import load_book
from handoff_console.texts import console_texts


def test_the_page_is_what_the_table_generates() -> None:
    wanted = page(load_book(), console_texts())
    told = "write it anew: python -m cli.lifecycle_page"
    assert PAGE.read_text(encoding="utf-8") == wanted, told


def test_every_step_is_drawn() -> None:
    """Each status is a box, and each verb that moves a case is on an arrow."""
    drawn = PAGE.read_text(encoding="utf-8").split("```")[1]
    for status in Status:
        assert f" as {status.value}\n" in drawn
    arrows = [line.split(": ", 1) for line in drawn.splitlines() if "-->" in line and ": " in line]
    verbs = {verb for _, said in arrows for verb in said.split(", ")}
    assert verbs == {row.verb for row in LIFECYCLE if row.target is not None}
