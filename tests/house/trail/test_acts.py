"""Every act that the code can write into the trail is told in a plain sentence, and every kind of thing has a name."""

import ast
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.screens.organiser.trail.kinds import KINDS
from programme.screens.organiser.trail.sentences import SENTENCES
from tests.house.trail.acts import HOME, acts, calls_of


def test_every_act_has_a_sentence() -> None:
    known = acts()
    assert len(known) > 40, "the code is not read rightly any more"
    assert {name: place for name, place in known.items() if name not in SENTENCES} == {}


def test_no_sentence_is_told_of_what_nobody_does() -> None:
    assert set(SENTENCES) - set(acts()) == set()


def test_sentences_are_plain_and_name_what_they_are_about_once() -> None:
    wrong = {
        name: text
        for name, text in SENTENCES.items()
        if len(re.findall(r"\{(?:it|title)\}", text)) > 1 or "_" in text or text.endswith(".")
    }
    assert wrong == {}


def test_every_kind_that_acts_name_has_words() -> None:
    kinds = set()
    for _, _, call in calls_of(HOME, "record"):
        subject = next((it.value for it in call.keywords if it.arg == "subject"), None)
        if isinstance(subject, ast.Tuple) and isinstance(subject.elts[0], ast.Constant):
            kinds.add(subject.elts[0].value)
    assert kinds
    assert kinds <= set(KINDS)


@pytest.mark.one_database
def test_the_demonstration_does_nothing_without_words(told: Session) -> None:
    done = told.execute(select(AuditEntry.verb, AuditEntry.subject_kind).distinct()).all()
    assert {row.verb for row in done} <= set(SENTENCES)
    assert {row.subject_kind for row in done} <= set(KINDS)
