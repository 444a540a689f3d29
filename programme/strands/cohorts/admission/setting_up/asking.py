"""The form that applicants fill in, ready made; an organiser may change it like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.strands.cohorts.admission.states import Studies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Question, Questionnaire

HOME, PROJECT, STUDIES = "home", "project", "studies"
STUDIES_WORDS = {Studies.FULL_TIME: "Full time", Studies.PART_TIME: "Part time"}
PROPOSAL_HINT = (
    "The question, how you would go about it, and why it needs both universities. About 1,000 words;"
    " reviewers of both read it."
)


def ready_form(session: Session, universities: Sequence[str], *, now: datetime) -> tuple[Questionnaire, dict[str, int]]:
    """Make the form; returns it with the questions that admission reads itself, by what they ask."""
    form, known = new_questionnaire(session, now=now), {}
    for key, asked in questions(universities):
        row: Question = add_question(session, form, **asked)
        if key:
            known[key] = row.id
    return form, known


def questions(universities: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return what is asked, in order, each with the word by which admission knows it."""
    wished = {
        "kind": "one_of",
        "label": "At which university would you like to be registered?",
        "hint": "You are supervised at both. Your degree is of the one that you choose here.",
        "is_required": True,
        "settings": {"options": list(universities)},
    }
    studies = {
        "kind": "one_of",
        "label": "How would you study?",
        "is_required": True,
        "settings": {"options": list(STUDIES_WORDS.values())},
    }
    files = {"accepts": ["pdf"], "most": "5"}
    return [
        (HOME, wished) if len(universities) > 1 else ("", {"kind": "note", "label": "About your project"}),
        (STUDIES, studies),
        (PROJECT, {"kind": "short_text", "label": "Title of your project", "is_required": True}),
        ("", {"kind": "long_text", "label": "Your proposal", "hint": PROPOSAL_HINT, "is_required": True}),
        ("", {"kind": "long_text", "label": "What prepares you for it", "is_required": True}),
        ("", {"kind": "short_text", "label": "Whom would you like as supervisors?", "hint": "If you know already."}),
        ("", {"kind": "file", "label": "Your CV", "is_required": True, "settings": files}),
    ]
