"""Which slot the bot has just asked for, from a slot's name or from the question's own words."""

from __future__ import annotations

import re
from typing import Final

SLOTS: Final = frozenset({
    "amount_yuan", "period_months", "people_n", "phone", "place", "name", "respondent", "employer", "project",
    "contract", "happened_since", "last_paid", "identity_mode", "issue", "demand", "evidence",
})  # fmt: skip

_QUESTIONS: Final = (
    (
        "amount_yuan",
        re.compile(
            r"多少钱|金额|欠了?多少|欠款|损失.{0,4}多少|摊多少|花了?多少|收了?多少|交了?多少|费用|赔.{0,3}多少"
        ),
    ),
    ("people_n", re.compile(r"几个人|多少人|多少户|几户|几位|人数|几口人")),
    (
        "last_paid",
        re.compile(r"(?:上次|最后一次|最近一次).{0,6}(?:发|给|工资)|发到什么时候|发到哪"),
    ),
    (
        "happened_since",
        re.compile(r"什么时候|啥时候|何时|哪天|哪年|几号|哪一年|哪个月|从.{0,6}开始"),
    ),
    ("period_months", re.compile(r"多久|多长时间|几个月|多少个月|几天|多少天|几年")),
    ("phone", re.compile(r"电话|手机号|联系方式|号码")),
    ("contract", re.compile(r"合同")),
    ("identity_mode", re.compile(r"实名|匿名|保密")),
    ("employer", re.compile(r"公司|单位叫|全称|哪个厂|老板或公司")),
    ("respondent", re.compile(r"对方|老板叫|包工头|谁家|哪一家|是谁")),
    (
        "place",
        re.compile(r"哪个小区|在哪|哪里|地址|地点|位置|几号楼|什么地方|哪个工地|哪条路|哪个村"),
    ),
    ("name", re.compile(r"称呼|姓名|贵姓|您叫|名字")),
    ("demand", re.compile(r"怎么解决|什么诉求|希望|要求")),
    ("evidence", re.compile(r"证据|照片|材料|凭证")),
)


def asked_slot(context: str | None) -> str | None:
    """The slot that ``context`` asks for, or None."""
    if not context:
        return None
    if context in SLOTS:
        return context
    return next((slot for slot, pattern in _QUESTIONS if pattern.search(context)), None)
