"""Copying a year of a series: where the first event may land, and what there is to think about each copy."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import AcademicPeriod, Event
from programme.engines.calendar.states import EventState, PeriodKind
from tests.factories.cast import Cast
from tests.factories.things import event, series

TUESDAY = datetime(2026, 10, 13, 13, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 5, 14, 0, tzinfo=UTC)


@pytest.fixture
def home(session: Session, cast: Cast) -> str:
    """The address of a series with two events in autumn, on either side of the change of clocks."""
    run = series(session, lead=cast.liverpool)
    event(session, lead=cast.liverpool, title="First", series_id=run.id, starts_at=TUESDAY)
    event(session, lead=cast.liverpool, title="Second", series_id=run.id, starts_at=THURSDAY)
    closed = {"kind": PeriodKind.CLOSURE, "label": "Autumn closure", "code": "C", "weeks": 1}
    session.add(AcademicPeriod(organisation_id=cast.oxford.id, first_day=date(2027, 11, 1), **closed))
    session.commit()
    return f"/organise/series/{run.id}/copies"


def test_days_in_the_same_week_of_term_are_suggested(olga: FlaskClient, home: str) -> None:
    page = olga.get(home).get_data(as_text=True)
    assert "Tuesday 12 October 2027" in page
    assert "Oxford: Tuesday of 1st week, Michaelmas 2027" in page
    assert "52 weeks later" in page
    assert 'value="2027-10-12"' in page
    assert "would be made" not in page


def test_preview_shows_each_copy_with_both_weeks_and_what_to_think_about(olga: FlaskClient, home: str) -> None:
    page = olga.get(f"{home}?year=2026&first_day=2027-10-12").get_data(as_text=True)
    assert "2 drafts would be made" in page
    assert "Tue 12 Oct 2027, 14:00 BST" in page
    assert "Thu 4 Nov 2027, 14:00 GMT" in page
    assert "1st Wk MT27" in page
    assert "Oxford is closed: Autumn closure" in page
    assert "A Saturday" in olga.get(f"{home}?year=2026&first_day=2027-10-16").get_data(as_text=True)
    assert "Christmas Day, a bank holiday" in olga.get(f"{home}?year=2026&first_day=2028-12-25").get_data(as_text=True)
    assert "In the past" in olga.get(f"{home}?year=2026&first_day=2026-10-06").get_data(as_text=True)


def test_copies_are_made_as_they_were_shown_and_only_once(olga: FlaskClient, session: Session, home: str) -> None:
    sent = {"year": "2026", "first_day": "2027-10-12"}
    answer = olga.post(home, data=sent, follow_redirects=True)
    assert "2 drafts made" in answer.get_data(as_text=True)
    drafts = session.scalars(select(Event).where(Event.state == EventState.DRAFT).order_by(Event.starts_at)).all()
    assert [row.starts_at for row in drafts] == [
        datetime(2027, 10, 12, 13, 0, tzinfo=UTC),
        datetime(2027, 11, 4, 14, 0, tzinfo=UTC),
    ]
    assert "There already" in olga.get(home, query_string=sent).get_data(as_text=True)
    assert olga.post(home, data=sent).status_code == 422


@pytest.mark.one_database
def test_a_year_that_is_not_there_is_refused_and_what_was_typed_stays(olga: FlaskClient, home: str) -> None:
    for year in ("1999", "x", "9" * 40):
        answer = olga.get(f"{home}?year={year}&first_day=2027-10-12")
        assert answer.status_code == 422
        assert 'value="2027-10-12"' in answer.get_data(as_text=True)
