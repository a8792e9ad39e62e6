"""What cannot wait."""

from pathlib import Path

import pytest
import yaml

from nlu.engine import EmbeddedEngine

URGENT = [
    "整栋楼停水三天了",
    "物业把我家电掐了，老人在家等氧机",
    "井盖没了，刚才有小孩差点掉下去",
    "他们说明天就来强拆",
    "食堂饭菜吃倒了十几个孩子，都在吐",
    "电梯把人关在里面了",
    "工头威胁要打断我的腿",
    "变压器冒火星，天天有孩子在底下玩",
    "插座里往外冒水，不敢合闸",
    "污水倒灌进屋，没地方下脚",
]
CALM = [
    "老板欠我两个月工资",
    "小区绿化太差",
    "办卡退不了费",
    "房产证什么时候能办",
    "公交车间隔太长",
    "楼上晚上走路声音大",
    "建议增设图书馆",
    "学校收补课费",
]


@pytest.mark.parametrize("line", URGENT)
def test_urgent(engine: EmbeddedEngine, line: str) -> None:
    assert engine.understand(line).urgent


@pytest.mark.parametrize("line", CALM)
def test_not_urgent(engine: EmbeddedEngine, line: str) -> None:
    assert not engine.understand(line).urgent


def test_the_figures_of_the_whole_set(engine: EmbeddedEngine) -> None:
    path = Path(__file__).parent / "crisis" / "urgent.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    urgent = [entry["text"] for entry in entries if entry["urgent"]]
    calm = [entry["text"] for entry in entries if not entry["urgent"]]
    missed = [line for line in urgent if not engine.understand(line).urgent]
    alarmed = [line for line in calm if engine.understand(line).urgent]
    assert len(urgent) + len(calm) >= 80
    assert len(missed) <= 0.1 * len(urgent), missed
    assert len(alarmed) <= 0.05 * len(calm), alarmed
