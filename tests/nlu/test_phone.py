"""Telephone numbers."""

import pytest

from tests.nlu.found import first, value, values

NUMBERS = {
    "打13800138000": "13800138000",
    "电话15800000067": "15800000067",
    "打177 0000 8821别白天打": "17700008821",
    "138-0013-8000": "13800138000",
    "+86 138 0013 8000": "13800138000",
    "幺三八零零幺三八零零零": "13800138000",
    "一三八 零零一三 八零零零": "13800138000",
    "座机 0577-88812345": "057788812345",
    "座机行吗 02300004471": "02300004471",
    "（010）62345678": "01062345678",
    "家里电话63551234": "63551234",
    "微信同号１７７００００００９８": "17700000098",
}


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_reads_numbers(text: str, number: str) -> None:
    assert value(text, "phone") == number


@pytest.mark.parametrize(
    "text",
    [
        "身份证330102199001011234",
        "工单20240101000123",
        "打了12345和12315",
        "1380013800",
        "138001380001",
    ],
)
def test_other_figures_are_no_phone(text: str) -> None:
    assert value(text, "phone") == "none"


def test_the_other_sides_number_is_kept_apart() -> None:
    entity = first("老板电话13912345678，我的是13800138000", "phone")
    assert entity is not None
    assert entity.value == "13800138000"
    assert values("老板电话13912345678", "phone_other") == ["13912345678"]


def test_a_number_is_neither_money_nor_people() -> None:
    text = "我13800138000，欠三千"
    assert values(text, "amount_yuan") == [3000]
