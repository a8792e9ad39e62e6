"""rjieba gives jieba 0.42.1's tokens on all our data."""

import importlib.metadata
import logging
import warnings

from nlu.normalize import normalize
from nlu.tokenizer import words
from nlu.training_data import TrainingData

ODD = [
    "0.4",
    "1.8m高",
    "12.5%",
    "a.b",
    "b2-108号",
    "3.14.15",
    "2019.1-2019.4",
    "c++",
    "x-y.z",
    "a_b",
    "-5",
    "90%的人",
    "1.",
    "4s店",
    "wifi6+5g",
    "微信ab-c_d",
    "10-12栋",
    "a3-2-501",
    "2.5-3万",
    "no.1",
    "at&t",
]


def test_equals_jieba_on_all_our_data(training_data: TrainingData) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 has invalid escapes and pkg_resources
        import jieba  # noqa: PLC0415
    assert importlib.metadata.version("jieba") == "0.42.1"
    jieba.setLogLevel(logging.ERROR)
    texts = [normalize(example.text).text for example in training_data.examples]
    texts += ODD
    different = [text for text in texts if words(text) != jieba.lcut(text)]
    assert different == []


def test_tokens_joined_are_the_text() -> None:
    for text in ("老板欠我 1w8，\t三个月！", "🤮外卖", "\u3000", ""):
        assert "".join(words(text)) == text
