"""Our training data as a complete Rasa 3.6 project: a pure function from data to file texts."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from string import Template
from typing import Any, Final

import yaml

from nlu.extract import extract
from nlu.intents import CATEGORIES, INTENTS
from nlu.lexicon import DATA
from nlu.normalize import normalize
from nlu.tokenizer import words
from nlu.training_data import Annotation, Example, Mistake, TrainingData, TrainingDataError

RASA: Final = "3.6"
TAUGHT: Final = (
    "phone", "amount_yuan", "period_months", "people_n", "employer", "project", "place",
)  # fmt: skip
"""The entities Rasa learns; of two that share a character the one named earlier stays."""
FEWEST: Final = 2
"""Rasa refuses an intent or entity with fewer examples."""
MANIFEST: Final = "jiesu.json"
EPOCHS: Final = 100
SEED: Final = 20261122
_MISREAD: Final = re.compile(r"\][(\[{]")
_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True, slots=True)
class Options:
    """What is exported and how Rasa is to learn it.

    ``intents`` empty means all; ``limit`` 0 means every sentence, else about equally many of
    each intent and not more than that in all; ``longest`` 0 means sentences of any length, else
    only those of at most that many characters, which Rasa learns many times faster.
    """

    epochs: int = EPOCHS
    seed: int = SEED
    limit: int = 0
    intents: tuple[str, ...] = ()
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Project:
    """File texts by path inside the project, and the manifest that goes beside them."""

    files: Mapping[str, str]
    manifest: Mapping[str, Any]


def project(data: TrainingData, hashed: str, options: Options) -> Project:
    """The whole project. ``hashed`` is the data's hash, for the manifest.

    Raises TrainingDataError when a sentence cannot be written so that Rasa reads the same.
    """
    chosen = selection(data, options)
    _check(chosen)
    taught = [(example, *_annotations(example)) for example in chosen]
    counts = Counter(found.entity for _, kept, _ in taught for found in kept)
    entities = tuple(name for name in TAUGHT if counts[name] >= FEWEST)
    sentences = [
        (example, [found for found in kept if found.entity in entities])
        for example, kept, _ in taught
    ]
    intents = tuple(name for name in INTENTS if any(e.intent == name for e in chosen))
    files = {
        "config.yml": _config(options),
        "domain.yml": _domain(intents, entities),
        "data/nlu.yml": _nlu(data, sentences, intents, entities),
        "data/rules.yml": _rules(intents),
        "credentials.yml": "rest:\n",
        "endpoints.yml": "# No action server and no tracker store: answers are plain texts.\n",
    }
    manifest = {
        "rasa": RASA,
        "data": hashed,
        "examples": len(chosen),
        "intents": len(intents),
        "entities": {name: counts[name] for name in entities},
        "spans_off_word_edges": sum(lost for _, _, lost in taught),
        "options": asdict(options),
        "files": {
            name: hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(files.items())
        },
    }
    return Project(files, manifest)


def manifest_text(made: Project) -> str:
    """The manifest as it is written: the same bytes for the same data and options."""
    return json.dumps(made.manifest, ensure_ascii=False, indent=2) + "\n"


def selection(data: TrainingData, options: Options) -> list[Example]:
    """The sentences to export, in reading order.

    With a limit every intent gives its share by a hash of the text: the choice is fixed, and
    a sentence added elsewhere changes at most one other.
    """
    wanted = options.intents or INTENTS
    most = options.longest or float("inf")
    by_intent = {
        name: [example for example in data.of(name) if len(example.text) <= most]
        for name in INTENTS
        if name in wanted
    }
    if not options.limit:
        return [example for examples in by_intent.values() for example in examples]
    shares = _shares({name: len(found) for name, found in by_intent.items()}, options.limit)
    drawn = {name: sorted(found, key=_lot)[: shares[name]] for name, found in by_intent.items()}
    return [
        example for name, found in by_intent.items() for example in found if example in drawn[name]
    ]


def _lot(example: Example) -> bytes:
    return hashlib.sha256(example.text.encode()).digest()


def _shares(sizes: Mapping[str, int], limit: int) -> dict[str, int]:
    """How many each intent gives: equally many, and what a small one lacks goes to the others."""
    shares: dict[str, int] = {}
    for done, (name, size) in enumerate(sorted(sizes.items(), key=lambda item: item[1])):
        shares[name] = min(size, (limit - sum(shares.values())) // (len(sizes) - done))
    return shares


def _check(chosen: Sequence[Example]) -> None:
    """Refuse what Rasa would read as something else than a plain sentence."""
    wrong = [
        Mistake(
            example.path, example.line, "Rasa takes this ] for an annotation: put a space after"
        )
        for example in chosen
        if _MISREAD.search(example.text)
    ]
    sizes = Counter(example.intent for example in chosen)
    wrong += [
        Mistake(DATA, 1, f"{name}: Rasa needs {FEWEST} examples of an intent; raise the limit")
        for name, size in sizes.items()
        if size < FEWEST
    ]
    if wrong:
        raise TrainingDataError(wrong)


def _annotations(example: Example) -> tuple[list[Annotation], int]:
    """The entities our extractor finds, in order, and how many were lost to word edges.

    DIET tags whole words: a span that begins or ends inside one teaches it nothing and is
    reported as misaligned on every training.
    """
    if "[" in example.text:  # two kinds of brackets in a line are more than Rasa can tell apart
        return [], 0
    edges = {0, *accumulate(len(word) for word in words(example.text))}
    found = list(example.annotations) or _found(example.text)
    whole = [span for span in found if span.start in edges and span.end in edges]
    kept: list[Annotation] = []
    for span in sorted(whole, key=lambda span: (TAUGHT.index(span.entity), span.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start), len(found) - len(whole)


def _found(text: str) -> list[Annotation]:
    line = normalize(text)
    return [
        Annotation(entity.entity, entity.start, entity.end, entity.text)
        for entity in extract(line, words(line.text))
        if entity.entity in TAUGHT
    ]


def _config(options: Options) -> str:
    template = Template((DATA / "rasa" / "config.yml").read_text(encoding="utf-8"))
    return template.substitute(epochs=options.epochs, seed=options.seed)


def _domain(intents: Sequence[str], entities: Sequence[str]) -> str:
    answers = _answers()
    shape: dict[str, Any] = {
        "version": "3.1",
        "intents": list(intents),
        "entities": list(entities),
        "slots": {
            name: {
                "type": "text",
                "influence_conversation": False,
                "mappings": [{"type": "from_entity", "entity": name}],
            }
            for name in entities
        },
        "responses": {
            _response(name): [{"text": answers[name]}] for name in _answered(intents).values()
        },
        "session_config": {
            "session_expiration_time": 60,
            "carry_over_slots_to_new_session": True,
        },
    }
    return _yaml(shape)


def _rules(intents: Sequence[str]) -> str:
    rules = [
        {"rule": name, "steps": [{"intent": name}, {"action": _response(answer)}]}
        for name, answer in _answered(intents).items()
    ]
    return _yaml({"version": "3.1", "rules": rules})


def _answered(intents: Sequence[str]) -> dict[str, str]:
    """Which answer each intent gets; all complaints the same one."""
    own = {name: "complaint" if name in CATEGORIES else name for name in intents}
    return {**own, "nlu_fallback": "fallback"}


def _answers() -> dict[str, str]:
    read: dict[str, str] = yaml.safe_load(
        (DATA / "rasa" / "responses.yml").read_text(encoding="utf-8")
    )
    return read


def _response(name: str) -> str:
    return f"utter_{name}"


def _nlu(
    data: TrainingData,
    sentences: Iterable[tuple[Example, Sequence[Annotation]]],
    intents: Sequence[str],
    entities: Sequence[str],
) -> str:
    by_intent: dict[str, list[str]] = {name: [] for name in intents}
    for example, kept in sentences:
        by_intent[example.intent].append(_written(example.text, kept))
    lookups = {name: found for name, found in data.lookups.items() if name in by_intent}
    regexes = {name: found for name, found in data.regexes.items() if name in entities}
    blocks = [
        *_blocks("intent", by_intent),
        *_blocks("synonym", data.synonyms),
        *_blocks("regex", regexes),
        *_blocks("lookup", lookups),
    ]
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)


def _written(text: str, kept: Sequence[Annotation]) -> str:
    made, at = "", 0
    for span in kept:
        made += f"{text[at : span.start]}[{text[span.start : span.end]}]({span.entity})"
        at = span.end
    return made + text[at:]


def _blocks(kind: str, lists: Mapping[str, Sequence[str]]) -> Iterable[str]:
    for name, examples in lists.items():
        body = "".join(f"    - {example}\n" for example in examples)
        yield f"- {kind}: {name}\n  examples: |\n{body}"


def _yaml(shape: Mapping[str, Any]) -> str:
    made: str = yaml.dump(
        shape,
        Dumper=_DUMPER,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=1000,
    )
    return made
