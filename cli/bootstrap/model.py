"""The language model: trained here from the sentences in nlu/data, never downloaded."""

from cli.bootstrap.environment import JIESU, RUN_LOCK
from cli.bootstrap.steps import ROOT, STAMPS, digest_of, files_under, once, run


def ensure_model() -> None:
    """Train the model unless it was trained from these sentences by this code."""
    sources = files_under(ROOT / "nlu", without=("__pycache__", "model", "models"))
    fingerprint = digest_of([*sources, RUN_LOCK])
    once("model", fingerprint, STAMPS / "model", "Language model", _train)


def _train() -> None:
    run([JIESU, "nlu", "train"])
