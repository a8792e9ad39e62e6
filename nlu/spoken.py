"""What was said without what was only stammered: 嗯, 那个, 就是说, words said twice, corrections.

Voice turned into text keeps all of these and drops every comma. They stand between a figure and
its unit and inside names, so facts are read from the fluent line; every span still indexes the
words as they were sent.
"""

from __future__ import annotations

import re
from typing import Final

from nlu.normalize import Normalized

_HUM: Final = r"(?:[嗯欸诶]+(?!呐)|呃+(?![钱人我你咗]))"
"""呃钱 is Cantonese for cheating; 唔 is its not, 额 the 我 of the northwest: those stay."""
_FILLER: Final = re.compile(
    rf"(?<!\w){_HUM}(?=[^\W_])|(?<=[^\W_]){_HUM}"
    r"|(?:就是说?)?(?:(?:那个|这个)(?:什么|啥)(?!时候|人|意思|情况|样)(?:就是)?|(?:那个){2,}|(?:这个){2,})"
    r"|就是说(?=[^\W_])(?![了的过着我他她你不要])|就是那个(?=[^\W_])"
    r"|那个(?=[^\W_])(?![月人男女点头年天]|星期|礼拜|时候|季度|学期|时间|钟头|小时)"
    r"|怎么[说讲]呢|(?<=[^\W_])然后(?=$)"
)
_MARKS: Final = (
    "嗯",
    "呃",
    "欸",
    "诶",
    "那个",
    "就是说",
    "这个这个",
    "这个什么",
    "这个啥",
    "怎么说呢",
    "怎么讲呢",
    "然后",
)
"""What every filler holds one of: looking for these is cheap."""
_NUMERAL: Final = r"[\d零〇一二两三四五六七八九十百千万亿半.]"
_UNIT: Final = r"(?:块钱?|元|个?月|天|年|个?人|个|号|栋|楼|单元)?"
_CORRECTED: Final = re.compile(
    rf"{_NUMERAL}{{1,8}}{_UNIT}[吧啊哦,. ]?(?:不对不对|不对|说错了|错了|哦不是?|不不+)[,. ]?"
    rf"(?:应该)?是?(?={_NUMERAL})"
)
"""两万不对是三万二: the first figure is taken back."""
_TWICE: Final = re.compile(
    r"(?!一[天个次年步点层遍回家件块]|[零〇一二两三四五六七八九十幺]{2,12}[^零〇一二两三四五六七八九十幺百千万亿个块月年天]|[零〇一二两三四五六七八九幺]{2})"
    r"([^\W_a-z\d]{2,6})[吧啊嘛]?\1|([我你他她从在欠就的没这那给有姓叫住找到跟因])\2+(?=[^\W_]{2})"
)
"""四万四万二, 我们我们, 在在: said again. A number dictated digit by digit is none."""
_PAUSE: Final = re.compile(r"[,。!?;:、]")
_BREATH: Final = re.compile(r"[,。!?;:、 ]")
_LEAST: Final = 6
"""A shorter line is left as it is: 嗯, 那个, 是是是 are answers."""
_POINTING: Final = re.compile(rf"(?<!{_NUMERAL})那个")
_SHORT: Final = 16  # characters
_MOST: Final = 500  # characters somebody says into a telephone at a time


def fluent(line: Normalized) -> Normalized:
    """``line`` without fillers, stammers and figures taken back; ``line`` itself when it has none.

    Its spans index the original as before, so a span may run across words that were dropped.
    """
    text = line.text
    if not _LEAST <= len(text) <= _MOST:
        return line
    filler = _FILLER.search(text) if any(mark in text for mark in _MARKS) else None
    if filler is None and _PAUSE.search(text) is not None:
        return line  # typed: nobody stammers with commas
    if filler is not None and _POINTING.fullmatch(text, *filler.span()) and len(text) < _SHORT:
        filler = _FILLER.search(text, filler.end())  # once in a short answer it points: 那个坡上
    if filler is not None:
        line = _without(line, _FILLER, keep=False)
    for pattern, keep in ((_CORRECTED, False), (_TWICE, True)):
        line = _without(line, pattern, keep=keep)
    return line


def in_one_breath(text: str) -> bool:
    """Whether nothing in it parts one thought from the next, as when a voice was written down."""
    return _BREATH.search(text) is None


def _without(line: Normalized, pattern: re.Pattern[str], *, keep: bool) -> Normalized:
    """``line`` less what ``pattern`` matches; ``keep`` leaves the last of what was said twice."""
    text = line.text
    gone = []
    for match in pattern.finditer(text):
        said = next((part for part in match.groups() if part), "") if keep else ""
        gone.append((match.start(), match.end() - len(said)))
    if not gone or sum(end - start for start, end in gone) > len(text) - 2:
        return line
    offsets = line.offsets or tuple(range(len(text)))
    kept: list[str] = []
    places: list[int] = []
    at = 0
    for start, end in (*gone, (len(text), len(text))):
        kept.append(text[at:start])
        places += offsets[at:start]
        at = end
    return Normalized("".join(kept), line.original, tuple(places))
