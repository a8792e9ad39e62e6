"""A case goes one level up, by the resident's second no or their wish: they hear who has it."""

from casework.case import Case
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Transaction
from tests.dialogue.office import Office


def _grid(tx: Transaction) -> None:
    """A grid below the street's desk."""
    tx.people.add_unit(Unit("g", "grid", "第一网格", "street"))
    tx.people.add_place(Place("翠湖花园", "g"))
    tx.people.add_officer(Officer("zhou", "zhou", "周小兰", Role.GRID, "g"))


def _told(office: Office) -> str:
    assert office.line is not None
    return office.line.text


def test_the_second_no_names_who_has_it_one_level_up(office: Office) -> None:
    office.write(_grid)
    office.hear("翠湖花园3栋电梯坏了半个月了，物业一直不修")
    office.hear("13900001111")
    office.press("file")
    office.officer("resolve", "修好了")
    office.hear("还没解决，昨天又停在五楼了")
    assert "往上报了一级" not in _told(office)
    assert _only(office).owner_id == "zhou"
    office.officer("resolve", "换了门板")
    office.hear("还没解决，昨天又停在五楼了")
    assert _only(office).owner_id == "owner"
    assert "往上报了一级，现在由林晓梅负责" in _told(office)
    # There is nobody above: it stays, and nobody says that it went anywhere.
    office.officer("resolve", "换了电机")
    office.hear("没解决")
    assert _only(office).owner_id == "owner"
    assert "往上报了一级" not in _told(office)


def test_a_bare_second_no_is_asked_what_is_wrong(office: Office) -> None:
    office.write(_grid)
    office.hear("翠湖花园3栋电梯坏了半个月了，物业一直不修")
    office.hear("13900001111")
    office.press("file")
    for _ in range(2):
        office.officer("resolve", "修好了")
        office.hear("没解决")
    assert "往上报了一级" in _told(office)
    assert "哪里还没解决" in _told(office)


def test_who_asked_for_it_hears_who_has_it_now(office: Office) -> None:
    office.write(_grid)
    office.hear("翠湖花园3栋电梯坏了半个月了，物业一直不修")
    office.hear("13900001111")
    office.press("file")
    office.hear("帮我往上报")
    assert "现在由林晓梅负责" in _told(office)
    office.hear("帮我往上报")
    assert "最上面一级" in _told(office)


def _only(office: Office) -> Case:
    (case,) = office.cases.values()
    return case
