"""What is refused of a question while a form is built: one that nobody could answer, and one condition too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.files.kinds import FILE_KINDS
from programme.core.refusal import Refusal
from programme.engines.questionnaire.kinds import KINDS, Asked, decimal, whole
from programme.engines.questionnaire.showing import fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from programme.engines.questionnaire.models import Question

FEWEST_OPTIONS, MOST_OPTIONS = 2, 50
FEWEST_NEEDS = 1
MOST_QUESTIONS = 300
"""More than anybody answers, and as much as a page holds."""


def check_number(number: int) -> None:
    """Refuse more questions than a form may have."""
    if number > MOST_QUESTIONS:
        raise Refusal(
            f"A form has {MOST_QUESTIONS} questions at most, and this would be {number}. Nobody reads that many: "
            "take out what you can do without, or ask it later, of those who come."
        )


def check_question(kind: str, label: str, settings: Mapping[str, Any]) -> None:
    """Refuse a question that nobody could answer."""
    if kind not in KINDS:
        raise Refusal("Choose what kind of question this is.", field="kind")
    if not label.strip():
        raise Refusal("Write the question.", field="label")
    if KINDS[kind].has_options:
        check_options(settings.get("options", ()), fewest=FEWEST_NEEDS if KINDS[kind].is_sensitive else FEWEST_OPTIONS)
    if KINDS[kind].has_bounds:
        check_bounds(kind, str(settings.get("least", "")), str(settings.get("most", "")))
    if KINDS[kind].takes_files:
        check_files(settings.get("accepts", ()), str(settings.get("most", "")))


def check_files(accepts: Sequence[str], most: str) -> None:
    """Refuse a file of no kind, or of no size."""
    if not accepts or not set(accepts) <= set(FILE_KINDS):
        raise Refusal("Tick at least one kind of file that people may hand in.", field="accepts")
    if most and not whole(most):
        raise Refusal("Give a whole number of megabytes, such as 5.", field="megabytes")


def check_options(options: Sequence[str], *, fewest: int = FEWEST_OPTIONS) -> None:
    """Refuse too few, too many or equal options."""
    if not fewest <= len(options) <= MOST_OPTIONS:
        raise Refusal(f"Give {fewest} to {MOST_OPTIONS} options, one on each line.", field="options")
    if len(set(options)) < len(options) or not all(option.strip() for option in options):
        raise Refusal("Make each option different, and leave none empty.", field="options")


def check_bounds(kind: str, least: str, most: str) -> None:
    """Refuse bounds that are no numbers or leave nothing between them."""
    low, high = decimal(least), decimal(most)
    if (least and low is None) or (most and high is None):
        raise Refusal("Give the bounds in digits.", field="least")
    if low is not None and high is not None and low > high:
        raise Refusal("The lower bound is above the upper one.", field="least")
    if kind in {"many_of", "parts"} and any(bound and not whole(bound) for bound in (least, most)):
        raise Refusal("Give whole numbers above 0.", field="least")


def check_conditions(rows: Sequence[Question], questions: Sequence[Asked]) -> None:
    """Refuse conditions that cannot be followed; what depends on a sensitive answer becomes sensitive with it."""
    wrong = fault(questions)
    if wrong:
        raise Refusal(wrong)
    secret: set[int] = set()
    in_secret_section = False
    for row, asked in zip(rows, questions, strict=True):
        depends = asked.condition is not None and asked.condition.question in secret
        if asked.kind == "section":
            in_secret_section = depends
        if row.is_sensitive or depends or in_secret_section:
            secret.add(asked.id)
            row.is_sensitive = row.is_sensitive or KINDS[asked.kind].asks
