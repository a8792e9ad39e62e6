"""rjieba gives jieba 0.42.1's tokens on all our data."""

import importlib.metadata
import logging
import warnings

from nlu.normalize import normalize
from nlu.tokenizer import words
from nlu.training_data import TrainingData


def test_equals_jieba_on_all_our_data(training_data: TrainingData) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 has invalid escapes and pkg_resources
        import jieba  # noqa: PLC0415
    assert importlib.metadata.version("jieba") == "0.42.1"
    jieba.setLogLevel(logging.ERROR)
    texts = [normalize(example.text).text for example in training_data.examples]
    different = [text for text in texts if words(text) != jieba.lcut(text)]
    assert different == []


def test_tokens_joined_are_the_text() -> None:
    for text in ("老板欠我 1w8，\t三个月！", "🤮外卖", "\u3000", ""):
        assert "".join(words(text)) == text
