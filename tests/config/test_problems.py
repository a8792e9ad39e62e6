"""Every refusal has a status and words in both languages; callers get theirs."""

import pytest

from casework import errors
from casework.conversation import BOT
from config.problems import Problem, language_of, of_casework, problem_texts, too_large, too_many


def test_every_problem_speaks_both_languages() -> None:
    texts = problem_texts()
    values = {"most": "1 MB", "seconds": 5, "package": "fonts-noto-cjk"}
    values |= {"owner": "周小兰", "org": "第一网格"}
    for code, row in texts.problems.items():
        assert 400 <= texts.status(code) < 600
        for language in ("zh", "en"):
            body = texts.answer(Problem(code, values=values), language)
            assert body["error"]["message"]
            assert "{" not in body["error"]["message"], (code, row)
    for reason in texts.reasons.values():
        assert reason.keys() == {"zh", "en"}


def test_everything_casework_refuses_is_known() -> None:
    refused = [
        errors.NotFound(),
        errors.Superseded(BOT, 3),
        errors.VersionConflict(),
        errors.ForbiddenTransition("resolve", "draft", ["file"]),
        errors.NotAllowed(),
        errors.Incomplete("result"),
        errors.Unchanged(),
        errors.Misconfigured("a street without officers"),
    ]
    codes = [problem_texts().status(of_casework(each).code) for each in refused]
    assert codes == [404, 409, 409, 409, 403, 422, 409, 500]
    assert of_casework(refused[3]).beside == {"allowed": ["file"]}
    assert of_casework(refused[5]).fields == {"result": "required"}


@pytest.mark.parametrize(
    "reason", ["follows", "leads", "closed", "kind", "same_resident", "respondent"]
)
def test_every_reason_a_case_does_not_fit_has_words(reason: str) -> None:
    assert problem_texts().status(of_casework(errors.Unfit(reason)).code) == 409


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.5, zh;q=0.8", "zh"),
        ("fr, en;q=0.1", "en"),
        ("de-DE", "zh"),
        ("en;q=x", "zh"),
        ("*," * 1000 + "en", "zh"),
    ],
)
def test_the_callers_language(header: str | None, language: str) -> None:
    assert language_of(header) == language


def test_numbers_people_can_use() -> None:
    assert too_large(10 * 1024 * 1024).values == {"most": "10 MB"}
    assert too_large(1000).values == {"most": "1 KB"}
    assert too_many(0.2).headers == {"Retry-After": "1"}
    assert too_many(59.5).values == {"seconds": 60}
