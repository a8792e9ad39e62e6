"""How a city watches its cases: as shipped, and what a wrong file says."""

from datetime import time, timedelta
from pathlib import Path

import pytest
import yaml

from casework.case import Supervision
from casework.sponsors import Duty
from config.reading import BadConfiguration, Source
from config.supervision import Watch, read_watch

SHIPPED = Path(__file__).parents[2] / "config" / "supervision.yaml"


def read(folder: Path | None = None) -> Watch:
    return read_watch(Source(folder).read("supervision.yaml"))


def test_as_shipped() -> None:
    watch = read()
    assert watch.slips.workdays == {Supervision.ORDINARY: 5, Supervision.RED: 2}
    assert watch.slips.number.format(year=2026, serial=7) == "督〔2026〕7号"
    assert watch.sponsors.remind_after == timedelta(days=30)
    assert watch.sponsors.backlog_after == timedelta(days=90)
    assert watch.sponsors.look_at == time(8)
    assert set(watch.duties) == set(Duty)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("slips", "number", "督{year}"), "slips.number"),
        (("slips", "number", "督{serial}"), "slips.number"),
        (("slips", "number", "督{year}{seriol}"), "slips.number"),
        (("slips", "number", "督{year"), "slips.number"),
        (("slips", "workdays", {"ordinary": 5}), "red"),
        (("slips", "workdays", {"ordinary": 99, "red": 2}), "slips.workdays.ordinary"),
        (("slips", "reasons", {}), "slips.reasons"),
        (("slips", "reasons", {"Over Due": "超时"}), "slips.reasons.Over Due"),
        (("sponsors", "look_at", "8点"), "sponsors.look_at"),
        (("sponsors", "remind_after", "soon"), "sponsors.remind_after"),
        (("sponsors", "duties", {"guide": "指导"}), "follow"),
        (("sponsors", "persons", "重点人员"), "persons"),
    ],
)
def test_a_wrong_file_says_where(
    tmp_path: Path, change: tuple[str, str, object], says: str
) -> None:
    part, key, value = change
    given = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    given[part][key] = value
    (tmp_path / "supervision.yaml").write_text(
        yaml.safe_dump(given, allow_unicode=True), encoding="utf-8"
    )
    with pytest.raises(BadConfiguration, match=says.replace(".", r"\.")):
        read(tmp_path)
