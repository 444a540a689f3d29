"""Organisers' pages of series, term dates and venues, and their home."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from programme.engines.calendar.models import AcademicPeriod, Venue
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from tests.bed.clock import Clock
from tests.factories.cast import Cast
from tests.factories.things import SOON, event, opening, registration


def fresh(session: Session, row: Venue) -> None:
    """Read a row again, in a transaction that sees what the page wrote."""
    session.rollback()
    session.refresh(row)


@pytest.mark.one_database
def test_series_is_made_copied_and_shared(olga: FlaskClient, session: Session, cast: Cast) -> None:
    form = {
        "title": "Corridor colloquium",
        "lead": str(cast.liverpool.id),
        "strand": "exchange",
        "visibility": "public",
    }
    home = olga.post("/organise/series", data=form).headers["Location"]
    event(session, lead=cast.liverpool, series_id=int(home.rpartition("/")[2]))
    session.commit()
    sent = {"year": "2026", "first_day": "2028-02-15"}
    assert "1 draft would be made" in olga.get(f"{home}/copies", query_string=sent).get_data(as_text=True)
    assert "1 draft made" in olga.post(f"{home}/copies", data=sent, follow_redirects=True).get_data(as_text=True)
    again = olga.post(f"{home}/copies", data=sent)
    assert again.status_code == 422
    assert "nothing to copy" in again.get_data(as_text=True)
    for wrong in ("x", "", "31/2/2028", "9" * 400):
        for ask in (olga.get(f"{home}/copies", query_string={**sent, "first_day": wrong}), None):
            answer = ask or olga.post(f"{home}/copies", data={**sent, "first_day": wrong})
            assert answer.status_code == 422
            assert wrong in answer.get_data(as_text=True)
    olga.post(f"{home}/co-owners", data={"organisations": str(cast.oxford.id)})
    assert "with Oxford" in olga.get(home).get_data(as_text=True)


def test_liverpools_dates_are_entered_and_shown_as_weeks(olga: FlaskClient, session: Session, cast: Cast) -> None:
    table = "kind,name,code,first day,weeks,number,status\nteaching,Semester 2,S2,1/2/2027,7,1,confirmed"
    sent = {"organisation": str(cast.liverpool.id), "table": table}
    for _ in range(2):
        assert "1 row taken over" in olga.post("/organise/dates/table", data=sent, follow_redirects=True).get_data(
            as_text=True
        )
    rows = session.scalars(select(AcademicPeriod).where(AcademicPeriod.organisation_id == cast.liverpool.id)).all()
    assert len(rows) == 1
    week = week_labels(terms(session), london_day(SOON))[0]
    assert (week.name, week.label.long) == ("Liverpool", "Semester 2, week 3")


def test_of_two_who_paste_dates_the_second_is_told_what_differs(
    olga: FlaskClient, session: Session, cast: Cast
) -> None:
    def mark() -> str:
        page = olga.get("/organise/dates/table").get_data(as_text=True)
        found = re.search(f'name="seen_{cast.liverpool.id}" value="([^"]+)"', page)
        assert found is not None
        return found[1]

    def paste(weeks: int, seen: str) -> TestResponse:
        row = f"teaching,Semester 2,S2,1/2/2027,{weeks},1,confirmed"
        sent = {"organisation": cast.liverpool.id, "table": row, f"seen_{cast.liverpool.id}": seen}
        return olga.post("/organise/dates/table", data=sent)

    before = mark()
    assert paste(7, before).status_code == 303
    second = paste(9, before)
    assert second.status_code == 422
    page = second.get_data(as_text=True)
    assert "Somebody else changed this while you had it open" in page
    assert "Semester 2 (S2): the number of weeks is 7 now, 9 in your table." in page
    assert "teaching,Semester 2,S2,1/2/2027,9,1,confirmed" in page, "what was pasted stands"
    assert paste(9, mark()).status_code == 303, "pasted again, it stands"
    assert session.scalars(select(AcademicPeriod.weeks).where(AcademicPeriod.code == "S2")).one() == 9


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("teaching,Semester 2,S2,2/2/2027,7,1,confirmed", "Week 1 begins on a Monday"),
        ("teaching,Semester 2,S2,31/2/2027,7,1,confirmed", "is no day"),
        ("teaching,Semester 2,S2,1/2/2027,x,1,confirmed", "whole numbers"),
        ("party,Semester 2,S2,1/2/2027,7,1,confirmed", "is none of"),
        ("teaching,Semester 2,S2,1/2/2027,7,1,sure", "is none of"),
        ("teaching,Semester 2", "columns instead of"),
    ],
)
def test_wrong_table_of_dates_is_refused_as_a_whole(
    olga: FlaskClient, session: Session, cast: Cast, row: str, says: str
) -> None:
    answer = olga.post("/organise/dates/table", data={"organisation": str(cast.liverpool.id), "table": row})
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert row in answer.get_data(as_text=True)


@pytest.mark.one_database
def test_venue_is_edited_with_what_is_known_of_the_way_in(olga: FlaskClient, session: Session, cast: Cast) -> None:
    row = session.scalars(select(Venue)).first()
    assert row is not None
    sent = {"name": row.name, "site": "LIV", "end": "liverpool", "access_step_free": "Lift to every floor."}
    olga.post(f"/organise/venues/{row.id}", data={**sent, "latitude": "53.4", "longitude": "-2.96"})
    fresh(session, row)
    assert (row.access, row.latitude) == ({"step_free": "Lift to every floor."}, 53.4)
    for wrong in ({"latitude": "north"}, {"latitude": "95", "longitude": "0"}, {"latitude": "53.4", "longitude": ""}):
        assert olga.post(f"/organise/venues/{row.id}", data={**sent, **wrong}).status_code == 422


@pytest.mark.one_database
def test_home_says_what_needs_doing(olga: FlaskClient, session: Session, cast: Cast) -> None:
    event(session, lead=cast.liverpool, title="Unseen", state=EventState.DRAFT, published_at=None)
    event(session, lead=cast.liverpool, title="Nowhere")
    event(session, lead=cast.oxford, title="Of others")
    session.commit()
    page = olga.get("/organise").get_data(as_text=True)
    assert "Publish Unseen" in page
    assert "Give Nowhere a venue" in page
    assert "Enter Liverpool’s dates for 2026–27" in page
    assert "Of others" not in page
    assert "Letters and reminders are not going out." in page


def test_dates_of_this_year_come_first_and_past_ones_are_folded(olga: FlaskClient, cast: Cast) -> None:
    page = olga.get("/organise/dates").get_data(as_text=True)
    names = ["Michaelmas 2026", "Trinity 2027", "Michaelmas 2027", "Later years", "Trinity 2030", "Past years"]
    places = [page.index(name) for name in names]
    assert places == sorted(places)
    assert page.index("Past years") < page.index("Trinity 2026") < page.index("Michaelmas 2024")
    assert "The dates of 2026–27 are not confirmed." in page
    assert "Enter the dates of 2026–27" in page


@pytest.mark.one_database
def test_home_leads_to_the_roll_on_which_attendance_is_marked(
    olga: FlaskClient, session: Session, cast: Cast, clock: Clock
) -> None:
    row = event(session, lead=cast.liverpool, starts_at=clock.now - timedelta(hours=3))
    registration(session, to=opening(session, events=[row]), who=cast.alice)
    session.commit()
    link = re.search(r'href="([^"]+)">Mark who came', olga.get("/organise").get_data(as_text=True))
    assert link
    assert olga.get(link[1]).status_code == 200
