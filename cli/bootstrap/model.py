"""The language model: trained here from the sentences in nlu/data, never downloaded."""

from cli.bootstrap.environment import JIESU, RUN_LOCK
from cli.bootstrap.steps import ROOT, digest_of, files_under, once, run

NLU = ROOT / "nlu"
MODEL = NLU / "model" / "jiesu.model"  # nlu.model_file.DEFAULT_PATH; a test compares them


def ensure_model() -> None:
    """Train the model unless it was trained from these sentences by this code."""
    sources = files_under(NLU, without=("__pycache__", "model", "extract"))
    once("model", digest_of([*sources, RUN_LOCK]), MODEL, "Language model", _train)


def _train() -> None:
    run([JIESU, "nlu", "train"])
