"""Adding several dates to a series: each looked at, made in one go, and taken back."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import AcademicPeriod, Event, Series, Venue
from programme.engines.calendar.states import EventState, PeriodKind, PeriodStatus
from programme.engines.calendar.times import to_wall
from tests.bed.databases import statements
from tests.factories.cast import Cast, cookie_for
from tests.factories.things import event
from tests.factories.things import series as a_series

TUESDAYS = {"way": "weeks", "term": "oxford/HT27/2026", "weeks": "1–4", "term_weekdays": "1"}
WEEKLY = {"way": "rule", "first_day": "2027-03-16", "every": "week", "count": "3"}
TIMES = {"begins": "14:00", "ends": "15:30", "title": "Colloquium {number}"}


@pytest.fixture
def run(session: Session, cast: Cast) -> Series:
    row = a_series(session, lead=cast.liverpool)
    session.commit()
    return row


def page_of(client: FlaskClient, run: Series, **typed: Any) -> tuple[int, str]:
    answer = client.post(f"/organise/series/{run.id}/dates/preview", data={**TIMES, **typed})
    return answer.status_code, answer.get_data(as_text=True)


def keys_on(page: str) -> dict[str, list[str]]:
    """What the preview carries, with every date ticked."""
    seen = re.findall(r'name="seen" value="([0-9TZ]+)"', page)
    return {"seen": seen, "take": seen}


def made_by(client: FlaskClient, run: Series, **typed: Any) -> str:
    _, page = page_of(client, run, **typed)
    given = {**TIMES, **keys_on(page), **typed}
    answer = client.post(f"/organise/series/{run.id}/dates", data=given, follow_redirects=True)
    return answer.get_data(as_text=True)


def events_in(session: Session) -> list[Event]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Event).order_by(Event.starts_at)))


def test_tuesdays_of_weeks_of_term_are_looked_at_then_made(olga: FlaskClient, session: Session, run: Series) -> None:
    status, page = page_of(olga, run, **TUESDAYS)
    assert status == 200
    assert "4 events would be made" in page
    assert "4th Wk HT27" in page
    assert events_in(session) == []
    said = made_by(olga, run, **TUESDAYS)
    assert "4 drafts made." in said
    made = events_in(session)
    assert [row.title for row in made] == [f"Colloquium {number}" for number in range(1, 5)]
    assert [to_wall(row.starts_at).isoformat() for row in made] == [
        f"{date(2027, 1, 19) + timedelta(weeks=week)}T14:00:00" for week in range(4)
    ]
    assert {row.state for row in made} == {EventState.DRAFT}
    assert {row.series_id for row in made} == {run.id}
    acts = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_kind == "series")).all()
    assert list(acts) == ["added dates"]


def test_weekly_keeps_two_o_clock_when_the_clocks_change(olga: FlaskClient, session: Session, run: Series) -> None:
    made_by(olga, run, **WEEKLY)
    made = events_in(session)
    assert {f"{to_wall(row.starts_at):%H:%M}" for row in made} == {"14:00"}
    assert [row.starts_at.hour for row in made] == [14, 14, 13]


def test_a_date_whose_tick_is_off_is_left_out_and_not_counted(olga: FlaskClient, session: Session, run: Series) -> None:
    _, page = page_of(olga, run, **WEEKLY)
    seen = keys_on(page)["seen"]
    without = {"seen": seen, "take": [seen[0], seen[2]]}
    _, again = page_of(olga, run, **WEEKLY, **without)
    assert "2 events would be made" in again
    assert "Left out" in again
    olga.post(f"/organise/series/{run.id}/dates", data={**TIMES, **WEEKLY, **without})
    assert [(row.title, to_wall(row.starts_at).day) for row in events_in(session)] == [
        ("Colloquium 1", 16),
        ("Colloquium 2", 30),
    ]


def test_what_is_over_or_there_already_is_made_only_where_somebody_ticks_it(
    olga: FlaskClient, session: Session, run: Series
) -> None:
    made_by(olga, run, **WEEKLY)
    _, page = page_of(olga, run, **WEEKLY)
    assert "No event would be made" in page
    assert "3 dates are not ticked, in the past or in the series already." in page
    olga.post(f"/organise/series/{run.id}/dates", data={**TIMES, **WEEKLY, "seen": keys_on(page)["seen"]})
    assert len(events_in(session)) == 3
    past = {**WEEKLY, "first_day": "2026-01-06", "count": "2"}
    _, page = page_of(olga, run, **past)
    assert "No event would be made" in page
    _, again = page_of(olga, run, **past, **keys_on(page))
    assert "2 events would be made" in again
    assert "not ticked" not in again


def test_bank_holidays_and_closures_are_marked_and_skipped_where_asked(
    olga: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    closed = {"kind": PeriodKind.CLOSURE, "label": "Easter", "code": "E", "status": PeriodStatus.CONFIRMED}
    period = AcademicPeriod(organisation_id=cast.liverpool.id, first_day=date(2027, 4, 5), weeks=1, **closed)
    session.add(period)
    session.commit()
    mondays = {**WEEKLY, "first_day": "2027-03-22", "count": "4"}
    _, page = page_of(olga, run, **mondays)
    assert "Easter Monday, a bank holiday" in page
    assert "Liverpool is closed: Easter" in page
    _, page = page_of(olga, run, **mondays, skip_holidays="y", skip_closures=str(cast.liverpool.id))
    assert "Skipped: Monday 29 March 2027, Easter Monday, a bank holiday; Monday 5 April 2027, Liverpool is" in page
    assert "Mon 26 Apr 2027" in page


def test_what_is_in_the_room_is_said_to_those_who_may_see_it(
    olga: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    venue = session.scalars(select(Venue)).first()
    assert venue is not None
    first = event(session, lead=cast.oxford, title="Theirs", venue_id=venue.id, room="Room 1")
    given = {"venue_id": venue.id, "room": "room 1", "starts_at": first.starts_at + timedelta(days=7)}
    event(session, lead=cast.oxford, title="Secret", state=EventState.DRAFT, published_at=None, **given)
    session.commit()
    there = {**WEEKLY, "first_day": "2027-02-16", "venue": str(venue.id), "room": "Room 1"}
    _, page = page_of(olga, run, **there)
    assert "In that room: Theirs" in page
    assert "Secret" not in page


def test_events_are_published_at_once_where_asked(olga: FlaskClient, session: Session, run: Series) -> None:
    said = made_by(olga, run, **WEEKLY, publishes="y", title_tba="y")
    assert "3 events published." in said
    assert "Delete" not in said
    assert {(row.state, row.title_is_known) for row in events_in(session)} == {(EventState.PUBLISHED, False)}


def test_other_dates_than_those_looked_at_are_not_made(olga: FlaskClient, session: Session, run: Series) -> None:
    _, page = page_of(olga, run, **WEEKLY)
    given = {**TIMES, **WEEKLY, **keys_on(page), "first_day": "2027-03-17"}
    answer = olga.post(f"/organise/series/{run.id}/dates", data=given)
    assert answer.status_code == 422
    assert "These are not the dates that you looked at" in answer.get_data(as_text=True)
    assert events_in(session) == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"way": "rule"}, "Enter the first day."),
        ({**WEEKLY, "count": ""}, "one of the two"),
        ({**WEEKLY, "ends": "13:00"}, "later than the start"),
        ({**WEEKLY, "begins": "soon"}, "Enter a time like 14:30."),
        ({**WEEKLY, "title": ""}, "Enter a title."),
        ({**WEEKLY, "title": "{date}" * 60}, "Keep the title to 500"),
        ({**WEEKLY, "venue": "999999"}, "Choose one from the list."),
        ({**TUESDAYS, "weeks": "1-x"}, "is no week"),
        ({**TUESDAYS, "weeks": "20"}, "has no week 20"),
        ({**TUESDAYS, "term": "x"}, "Choose one from the list."),
        ({"way": "list", "days": "16/3/2027\nsoon"}, "Line 2, “soon”, is no day"),
    ],
)
def test_what_makes_no_sense_is_refused_and_stays_typed(
    olga: FlaskClient, session: Session, run: Series, typed: dict[str, str], words: str
) -> None:
    for action in ("/preview", ""):
        answer = olga.post(f"/organise/series/{run.id}/dates{action}", data={**TIMES, "room": "Attic", **typed})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert words in page
        assert 'value="Attic"' in page
    assert events_in(session) == []


def test_drafts_just_made_are_deleted_again_but_not_what_was_touched(
    olga: FlaskClient, session: Session, run: Series
) -> None:
    page = made_by(olga, run, **WEEKLY)
    ids = re.findall(r'name="id" value="([0-9-]+)"', page)
    assert len(ids) == 3
    rows = events_in(session)
    rows[0].version += 1
    session.commit()
    answer = olga.post(f"/organise/series/{run.id}/dates/removal", data={"id": ids}, follow_redirects=True)
    said = answer.get_data(as_text=True)
    assert "2 drafts deleted again." in said
    assert "it has changed since it was made" in said
    assert [row.title for row in events_in(session)] == ["Colloquium 1"]
    again = olga.post(f"/organise/series/{run.id}/dates/removal", data={"id": ids}, follow_redirects=True)
    assert "Nothing is deleted." in again.get_data(as_text=True)


def test_published_events_and_those_of_other_series_are_never_deleted(
    olga: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    shown = event(session, lead=cast.liverpool, series_id=run.id)
    other = event(session, lead=cast.liverpool, state=EventState.DRAFT, published_at=None)
    theirs = event(session, lead=cast.oxford, series_id=run.id, title="Hush", state=EventState.DRAFT, published_at=None)
    session.commit()
    ids = [f"{row.id}-{row.version}" for row in (shown, other, theirs)]
    olga.post(f"/organise/series/{run.id}/dates/removal", data={"id": ids})
    assert len(events_in(session)) == 3
    query = "&".join(f"id={one}" for one in ids)
    assert "Hush" not in olga.get(f"/organise/series/{run.id}/dates/made?{query}").get_data(as_text=True)


def test_a_shared_series_shares_its_dates_where_asked(
    olga: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    run.co_owners = [cast.oxford]
    session.commit()
    made_by(olga, run, **WEEKLY, shares="y")
    assert {tuple(owner.id for owner in row.co_owners) for row in events_in(session)} == {(cast.oxford.id,)}
    removed = [f"{row.id}-{row.version}" for row in events_in(session)]
    said = olga.post(f"/organise/series/{run.id}/dates/removal", data={"id": removed}, follow_redirects=True)
    assert "3 drafts deleted again." in said.get_data(as_text=True)
    assert events_in(session) == []


@pytest.mark.one_database
def test_series_of_others_is_closed_to_strangers_and_co_owners(
    client: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    for shared in ([], [cast.oxford]):
        run.co_owners = list(shared)
        session.commit()
        address = f"/organise/series/{run.id}/dates"
        assert client.get(address).status_code == 403
        assert client.get(f"{address}/made").status_code == 403
        for noun in ("", "/preview", "/removal"):
            assert client.post(f"{address}{noun}", data=WEEKLY).status_code == 403


@pytest.mark.one_database
def test_form_begins_like_the_latest_event_of_the_series(
    olga: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    event(session, lead=cast.liverpool, series_id=run.id, room="Attic")
    session.commit()
    page = olga.get(f"/organise/series/{run.id}/dates").get_data(as_text=True)
    assert 'value="Attic"' in page
    assert 'value="14:00"' in page
    assert "Michaelmas 2026" not in page
    assert "Hilary 2027" in page


@pytest.mark.one_database
def test_the_preview_asks_as_often_for_thirty_dates_as_for_one(
    app: Flask, olga: FlaskClient, session: Session, run: Series
) -> None:
    venue = session.scalars(select(Venue)).first()
    assert venue is not None
    counts = []
    for count in ("1", "30"):
        with statements(app) as seen:
            assert page_of(olga, run, **{**WEEKLY, "count": count, "venue": str(venue.id), "room": "Attic"})[0] == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_form_is_not_filled_from_a_draft_of_the_other_university(
    olga: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    event(session, lead=cast.liverpool, series_id=run.id, room="Seen room")
    theirs = event(session, lead=cast.oxford, series_id=run.id, room="Secret room", state=EventState.DRAFT)
    theirs.starts_at += timedelta(days=7)
    theirs.ends_at += timedelta(days=7)
    session.commit()
    page = olga.get(f"/organise/series/{run.id}/dates").get_data(as_text=True)
    assert "Seen room" in page
    assert "Secret room" not in page
