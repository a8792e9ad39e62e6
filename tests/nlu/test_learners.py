"""Who is held out when confidences are made true."""

from collections import Counter
from pathlib import Path

from nlu.learners import FOLDS, by_round


def files(**lines: int) -> list[Path]:
    return [Path(f"{name}.yml") for name, count in lines.items() for _ in range(count)]


def test_a_round_is_held_out_whole_across_categories() -> None:
    paths = files(wage_arrears_1=4, consumer_1=3, wage_arrears_2=5, education_2=1, other_3=2)
    turns = by_round(paths)
    assert turns is not None
    rounds = {path.stem[-1] for path in paths}
    of = {name: {turns[at] for at, p in enumerate(paths) if p.stem[-1] == name} for name in rounds}
    assert all(len(turn) == 1 for turn in of.values())
    assert len({min(turn) for turn in of.values()}) == len(rounds)


def test_many_rounds_share_a_few_turns_evenly() -> None:
    turns = by_round(files(**{f"other_{number}": 10 + number for number in range(12)}))
    assert turns is not None
    sizes = Counter(turns.tolist())
    assert len(sizes) == FOLDS
    assert max(sizes.values()) < 1.5 * min(sizes.values())


def test_one_round_alone_cannot_be_held_out() -> None:
    assert by_round(files(wage_arrears_1=3, consumer_1=2)) is None
