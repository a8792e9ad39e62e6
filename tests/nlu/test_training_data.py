"""The strict reader: what it takes, and the file and line of each mistake."""

from pathlib import Path

import pytest

from nlu.intents import INTENTS
from nlu.training_data import TrainingData, TrainingDataError, data_files, data_hash, read

GOOD = """version: "3.1"
nlu:
- intent: wage_arrears
  examples: |
    - 老板欠我[两万三](amount_yuan)
    - 欠了[仨月]{"entity": "period_months", "value": "3"}没给
- lookup: consumer
  examples: |
    - 会员卡
- synonym: 人工
  examples: |
    - 真人
- regex: phone
  examples: |
    - 1[3-9]\\d{9}
"""


def test_reads_intents_lookups_synonyms_and_regexes(tmp_path: Path) -> None:
    path = tmp_path / "good.yml"
    path.write_text(GOOD, encoding="utf-8")
    data = read([path])
    first, second = data.examples
    assert (first.text, first.intent, first.line) == ("老板欠我两万三", "wage_arrears", 5)
    (amount,) = first.annotations
    assert (amount.entity, first.text[amount.start : amount.end]) == ("amount_yuan", "两万三")
    assert second.text == "欠了仨月没给"
    assert second.annotations[0].value == "3"
    assert data.lookups == {"consumer": ("会员卡",)}
    assert data.synonyms == {"人工": ("真人",)}
    assert data.regexes == {"phone": ("1[3-9]\\d{9}",)}


HEAD = 'version: "3.1"\nnlu:\n'
GREET = HEAD + "- intent: greet\n  examples: |\n    - 你好\n"
MISTAKES = [
    ("nlu: []\n", 1, "version"),
    ('version: "2.0"\nnlu: []\n', 1, "version must be"),
    (HEAD + "- intent: wages\n  examples: |\n    - 欠薪\n", 3, "unknown intent 'wages'"),
    (HEAD + "- intent: greet\n  examples: |\n    - 你好\n    在吗\n", 6, 'begin with "- "'),
    (HEAD + "- intent: greet\n  examples: |\n    - 你好\n    -\n", 6, 'begin with "- "'),
    (HEAD + "- intent: greet\n  examples:\n  - 你好\n", 3, "block that begins with |"),
    (HEAD + "- intent: greet\n  example: |\n    - 你好\n", 3, "unknown key 'example'"),
    (HEAD + "- examples: |\n    - 你好\n", 3, "exactly one of"),
    (GREET + GREET.removeprefix(HEAD), 8, "stands already"),
    (
        HEAD
        + "- intent: greet\n  examples: |\n    - 好\n- intent: affirm\n  examples: |\n    - 好\n",
        8,
        "as greet",
    ),
    (HEAD + "- intent: inform\n  examples: |\n    - [张三](who)\n", 5, "unknown entity 'who'"),
    (
        HEAD + "- intent: inform\n  examples: |\n    - 我叫[张[三]](name)\n",
        5,
        "not closed or nested",
    ),
    (HEAD + '- intent: inform\n  examples: |\n    - [张三]{"entity": }\n', 5, "not valid JSON"),
    (
        HEAD + '- intent: inform\n  examples: |\n    - [张三]{"entity": "name", "role": "x"}\n',
        5,
        "entity and value only",
    ),
    (HEAD + "- intent: greet\n  examples: |\n    - 你好\nrules: []\n", 6, "unknown key 'rules'"),
    (HEAD + "- intent: [greet\n", 4, "not readable as YAML"),
    ("- 1\n", 1, "mapping"),
    (HEAD + "- just text\n", 3, "mapping"),
    (HEAD + "- intent: greet\n  examples: |\n\n", 3, "has no examples"),
]


@pytest.mark.parametrize(("content", "line", "message"), MISTAKES)
def test_names_file_and_line_of_a_mistake(
    tmp_path: Path, content: str, line: int, message: str
) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TrainingDataError) as caught:
        read([path])
    mistake = caught.value.mistakes[0]
    assert (mistake.path, mistake.line) == (path, line)
    assert message in mistake.message
    assert f"bad.yml:{line}: " in str(caught.value)


def test_names_every_mistake_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(
        HEAD
        + "- intent: wages\n  examples: |\n    - 欠薪\n- intent: pay\n  examples: |\n    - 薪\n",
        encoding="utf-8",
    )
    with pytest.raises(TrainingDataError) as caught:
        read([path])
    assert [mistake.line for mistake in caught.value.mistakes] == [3, 6]


def test_our_data_has_forty_examples_of_each_intent(training_data: TrainingData) -> None:
    few = {
        intent: len(training_data.of(intent))
        for intent in INTENTS
        if len(training_data.of(intent)) < 40
    }
    assert few == {}


def test_the_hash_sees_every_change(tmp_path: Path) -> None:
    (tmp_path / "intents").mkdir()
    path = tmp_path / "intents" / "a.yml"
    path.write_text(GOOD, encoding="utf-8")
    before = data_hash(data_files(tmp_path))
    path.write_text(GOOD.replace("会员卡", "会员证"), encoding="utf-8")
    assert data_hash(data_files(tmp_path)) != before
