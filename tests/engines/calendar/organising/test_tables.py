"""Two organisers paste tables of term dates at one moment: one is told; without the lock neither is."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal, refuse_if_changed
from programme.engines.calendar.models import AcademicPeriod
from programme.engines.calendar.states import PeriodKind, PeriodStatus
from programme.engines.calendar.term_weeks import periods
from programme.engines.calendar.term_weeks.periods import PeriodDetails
from programme.extensions import db
from programme.people.identity import actor_of
from tests.factories.cast import LONG_AGO, Cast, assemble


@pytest.fixture
def people(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def paste(app: Flask, people: Cast) -> Callable[[str], str]:
    """Paste a table of one row, made beside no dates at all, and say what came of it."""
    with app.app_context():
        engine = db.engine
    place, olga = people.liverpool.id, actor_of(people.olga)
    with Session(engine) as first:
        seen = periods.seen_of_all(first, place)

    def pasted(code: str) -> str:
        row = PeriodDetails(
            kind=PeriodKind.TEACHING,
            label=code,
            code=code,
            first_day=date(2030, 9, 30),
            weeks=12,
            status=PeriodStatus.CONFIRMED,
        )
        with Session(engine) as own:
            try:
                begin_writing(own)
                periods.replace_all(own, (row,), organisation_id=place, actor=olga, now=LONG_AGO, seen=seen)
                own.commit()
            except Refusal:
                return "told"
            return "taken over"

    return pasted


def at_once(paste: Callable[[str], str]) -> list[str]:
    """What comes of two who paste at one moment."""
    start, found = threading.Barrier(2), list[str]()

    def run(code: str) -> None:
        start.wait()
        found.append(paste(code))

    threads = [threading.Thread(target=run, args=(f"S{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


def test_one_table_is_taken_over_and_the_other_told(
    session: Session, people: Cast, paste: Callable[[str], str]
) -> None:
    assert at_once(paste) == ["taken over", "told"]
    session.rollback()
    mine = select(AcademicPeriod.code).where(AcademicPeriod.organisation_id == people.liverpool.id)
    assert len(session.scalars(mine).all()) == 1


@pytest.mark.one_database("postgresql")
def test_without_the_lock_neither_is_told(paste: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    both, checked = threading.Barrier(2), refuse_if_changed

    def together(seen: str, mark: str) -> None:
        both.wait(20)
        checked(seen, mark)

    monkeypatch.setattr(periods, "refuse_if_changed", together)
    monkeypatch.setattr(periods, "hold", lambda *_: None)
    assert at_once(paste) == ["taken over", "taken over"]
