"""The doctoral cohort of the demonstration: whole on any day, and told by every verb that there is."""

from __future__ import annotations

import ast
import importlib
import inspect
from datetime import UTC, datetime
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

import programme
from programme.core import clock
from programme.core.refusal import Refusal
from programme.demo import story
from programme.demo.doctoral import story as doctoral
from programme.demo.doctoral.steps import MissingError
from programme.demo.stage import Stage, remembering
from programme.engines.calendar.models import Venue
from programme.flows.founding import found
from programme.people.models import Organisation
from programme.strands.cohorts.founding import found_doctoral

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.one_database
ROOT = Path(programme.__file__).parent
STRAND, DEMONSTRATION = ROOT / "strands" / "cohorts", ROOT / "demo" / "doctoral"
READING = ("queries", "previewing", "trail")
"""Modules whose functions change nothing, or write beside a verb into the trail."""
WITHOUT_INSTANT = {"programme.strands.cohorts.incoming.carrying_out.throw_away"}
"""Verbs of which nothing stays, not even when."""
NOT_TOLD = {
    "programme.strands.cohorts.rulebooks.editing.make": "the demonstration is of two universities, which have theirs",
    "programme.strands.cohorts.planning.residential.withdrawing.reason_against": "it says why not, and does nothing",
    "programme.strands.cohorts.organising.progress.handed_in": "it counts what waits, and changes nothing",
}
DAYS = (
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 12, 26, 8, tzinfo=UTC),
    datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    datetime(2027, 6, 30, 22, 30, tzinfo=UTC),
    datetime(2027, 9, 30, 23, 30, tzinfo=UTC),
    datetime(2027, 11, 25, 12, tzinfo=UTC),
    datetime(2027, 11, 26, 12, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2031, 8, 15, 12, tzinfo=UTC),
)
"""Clocks that change, the end of terms and of years, a leap day, and years whose terms nobody has entered."""


def founded(app: Flask, session: Session, *, now: datetime) -> Stage:
    """Found a programme with the demonstration's people, and nothing else."""
    found(session, uid_host="programme.example.ac.uk", now=now, demo=True)
    found_doctoral(session, now=now)
    stage = Stage(session, now, app.extensions["shelf"])
    stage.organisations = {row.slug: row for row in session.scalars(select(Organisation))}
    stage.venues = {row.code: row for row in session.scalars(select(Venue))}
    story.join(stage)
    return stage


@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%Y-%m-%d}")
def test_the_cohort_is_told_on_any_day(app: Flask, session: Session, now: datetime) -> None:
    stage = founded(app, session, now=now)
    with remembering(session):
        for chapter in doctoral.CHAPTERS:
            chapter.tell(stage)
        doctoral.look(stage)


def test_every_step_that_is_left_out_is_missed(app: Flask, session: Session) -> None:
    """What is lacking is said in words: a rule refuses what follows, or the demonstration does not find it."""
    stage = founded(app, session, now=clock.now())
    session.commit()
    unnoticed = []
    with remembering(session):
        for place, chapter in enumerate(doctoral.CHAPTERS):
            for number, step in enumerate(chapter.steps):
                if not is_missed(stage, place, number):
                    unnoticed.append(f"{chapter.title}: {step.words}")
                session.rollback()
                step.tell(stage)
                session.commit()
            chapter.check(stage)
    assert unnoticed == []


def is_missed(stage: Stage, place: int, number: int) -> bool:
    """Tell what follows a step of a chapter without it, and say whether anything misses it."""
    chapter, *following = doctoral.CHAPTERS[place:]
    try:
        for later in chapter.steps[number + 1 :]:
            later.tell(stage)
        chapter.check(stage)
        for one in following:
            one.tell(stage)
        doctoral.look(stage)
    except (MissingError, Refusal) as missed:
        said = missed.sentence if isinstance(missed, Refusal) else str(missed)
        assert said.endswith((".", "!", "?"))
        return True
    return False


def test_the_cohort_is_told_by_every_verb_of_the_strand() -> None:
    named = {name for path in posting() for name in called_in(path)}
    verbs = {name for name in named if is_verb(name)} | (named & WITHOUT_INSTANT)
    told = {name for path in DEMONSTRATION.rglob("*.py") for name in called_in(path)}
    assert len(verbs) > 70
    assert verbs - told == set(NOT_TOLD), "each verb that a page asks is told, or its reason is written down"


def posting() -> Iterator[Path]:
    """Give the modules of the strand whose pages do something."""
    return (path for path in sorted(STRAND.rglob("*.py")) if ".post(" in path.read_text(encoding="utf-8"))


def called_in(path: Path) -> set[str]:
    """Return the functions of the strand that a module names, by their full names."""
    name = ".".join(("programme", *path.relative_to(ROOT).with_suffix("").parts))
    module = importlib.import_module(name.removesuffix(".__init__"))
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    known = {id(one): one for node in nodes for one in [meant_by(node, module)] if one is not None}
    return {f"{one.__module__}.{one.__qualname__}" for one in known.values() if one.__module__ != name}


def meant_by(node: ast.AST, module: ModuleType) -> FunctionType | None:
    """Return the function of the strand that a name, or a name of a module, stands for."""
    found = None
    if isinstance(node, ast.Name):
        found = getattr(module, node.id, None)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = getattr(module, node.value.id, None)
        found = getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
    is_ours = isinstance(found, FunctionType) and found.__module__.startswith("programme.strands.cohorts")
    return found if is_ours else None


def is_verb(name: str) -> bool:
    """Whether a function changes something: it is told when, and is in no module that reads."""
    home, _, own = name.rpartition(".")
    names = list(inspect.signature(getattr(importlib.import_module(home), own)).parameters)
    return home.rpartition(".")[2] not in READING and {"session", "now"} <= {*names}
