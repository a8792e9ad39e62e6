"""Companies and institutions."""

import pytest

from tests.nlu.found import values

COMPANIES = {
    "鼎盛劳务拖欠我们工资": "鼎盛劳务",
    "越秀物业乱收费": "越秀物业",
    "投诉A市宏达置业有限公司延期交房": "A市宏达置业有限公司",
    "老周烧烤店不给钱": "老周烧烤店",
    "在顺达驾校学车": "顺达驾校",
    "云帆科技扣了我两个月工资": "云帆科技",
    "干活的是中铁二局": "中铁二局",
    "丽都酒店欠薪": "丽都酒店",
}


@pytest.mark.parametrize(("text", "company"), COMPANIES.items())
def test_finds_companies(text: str, company: str) -> None:
    assert company in values(text, "employer")


@pytest.mark.parametrize(
    "text",
    [
        "公司不给钱",
        "物业不管",
        "我们物业公司换了",
        "这家公司",
        "去医院看病",
        "物业费太贵",
        "社保断缴",
    ],
)
def test_a_bare_word_is_no_company(text: str) -> None:
    assert values(text, "employer") == []
