"""Joint residentials: a form from the pattern, a preview that makes nothing, drafts of one series, taken back again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event, Series, Venue
from programme.engines.calendar.states import Audience, EventState, Visibility
from programme.people.states import Strand
from tests.factories import cohorts, things
from tests.factories.cast import Cast, assemble, cookie_for

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Cohort
    from tests.bed.clock import Clock

WEEK = "2027-02-15"


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """The cohort of an award of Liverpool's that Oxford shares."""
    row = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford]))
    session.commit()
    return row


@pytest.fixture
def olga(client: FlaskClient, session: Session, cast: Cast) -> FlaskClient:
    """Olga's browser: she organises for the lead."""
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    return client


def venue(session: Session, site: str) -> str:
    """Return the id of a place at a site."""
    return str(session.scalars(select(Venue.id).where(Venue.site == site).order_by(Venue.id)).first())


def filled(text: str) -> dict[str, str]:
    """Return what a page's form would send as it stands."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", text):
        kept = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if kept.get("name") and (kept.get("type") != "checkbox" or " checked" in tag):
            found[kept["name"]] = kept.get("value", "y")
    chosen = re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL)
    for name, options in chosen:
        picked = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = picked[1] if picked else ""
    return found


def asked(olga: FlaskClient, cohort: Cohort) -> dict[str, str]:
    """Return the form as it is proposed."""
    found = filled(olga.get(f"/organise/cohorts/{cohort.id}/residentials/new?week={WEEK}").get_data(as_text=True))
    del found["week"]  # of the form that chooses a pattern
    return found


def count(session: Session) -> int:
    """Return how many events there are."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Event)) or 0


def test_form_is_filled_from_the_pattern_in_the_week_that_was_asked_for(olga: FlaskClient, cohort: Cohort) -> None:
    form = asked(olga, cohort)
    assert form["monday"] == WEEK
    assert form["title"] == "Joint residential, February 2027"
    assert (form["part0_begins"], form["part0_ends"]) == ("11:00", "15:30")
    assert (form["part3_begins"], form["part4_ends"]) == ("12:00", "13:00")
    assert "part1_venue" not in form


def test_preview_shows_the_week_and_what_to_think_about_and_makes_nothing(
    olga: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    there = datetime(2027, 2, 17, 10, tzinfo=UTC)
    values = {"starts_at": there, "ends_at": there + timedelta(hours=1), "strand": Strand.COHORTS}
    things.event(session, lead=cast.liverpool, title="Clinic", venue_id=int(venue(session, "LIV")), **values)
    session.commit()
    form = asked(olga, cohort) | {"part0_venue": venue(session, "HAR"), "part3_venue": venue(session, "OXF")}
    answer = olga.post(f"/organise/cohorts/{cohort.id}/residentials/preview", data=form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "5 drafts would be made" in text
    assert text.count("5th Wk HT27") == 5
    assert "Whoever comes from Liverpool leaves at 06:20." in text
    assert "Too close for the way" in text
    assert text.count("No venue yet") == 1  # Thursday's
    assert count(session) == 1
    assert session.scalars(select(Series)).all() == []


def test_drafts_are_made_of_one_series_led_and_shared_as_the_award(
    olga: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    place = venue(session, "OXF")
    form = asked(olga, cohort) | {"part3_venue": place, "part4_venue": place, "part4_ends": "14:15"}
    home = f"/organise/cohorts/{cohort.id}/residentials"
    looked = filled(olga.post(f"{home}/preview", data=form).get_data(as_text=True))
    made = olga.post(home, data=looked)
    assert made.status_code == 303, made.get_data(as_text=True)
    session.rollback()
    events = session.scalars(select(Event).order_by(Event.starts_at)).all()
    assert [event.starts_at.isoformat() for event in events][2:4] == [
        "2027-02-17T12:00:00+00:00",
        "2027-02-18T09:00:00+00:00",
    ]
    assert events[3].ends_at == datetime(2027, 2, 18, 14, 15, tzinfo=UTC)
    assert [event.is_online for event in events] == [False, True, False, False, True]
    assert {event.series_id for event in events} == {session.scalars(select(Series.id)).one()}
    for event in events:
        assert (event.state, event.visibility, event.audience) == (
            EventState.DRAFT,
            Visibility.MEMBERS,
            Audience.INVITED,
        )
        assert event.audience_note == cohort.title
        assert event.lead_organisation_id == cast.liverpool.id
        assert [row.id for row in event.co_owners] == [cast.oxford.id]
    page = olga.get(made.location).get_data(as_text=True)
    assert "Publish 5 drafts" in page
    assert "Withdraw the residential" in page


def test_only_ticked_days_are_made(olga: FlaskClient, session: Session, cohort: Cohort) -> None:
    form = asked(olga, cohort)
    del form["part1_on"], form["part6_on"]
    home = f"/organise/cohorts/{cohort.id}/residentials"
    olga.post(home, data=filled(olga.post(f"{home}/preview", data=form).get_data(as_text=True)))
    assert count(session) == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"monday": "2027-02-17"}, "That is a Wednesday. The Monday of its week is Monday 15 February 2027."),
        ({"monday": "2020-02-17"}, "That week is over."),
        ({"title": ""}, "Enter a title"),
        ({"part0_ends": "10:00"}, "Monday must end after it begins."),
        ({"part0_begins": "noonish"}, "Enter a time like 14:30."),
        ({"part3_venue": "999999"}, "Choose one from the list."),
    ],
)
@pytest.mark.one_database
def test_a_refusal_keeps_all_that_was_typed(
    olga: FlaskClient, session: Session, cohort: Cohort, wrong: dict[str, str], said: str
) -> None:
    form = asked(olga, cohort) | {"part6_what": "Reading group"} | wrong
    for address in ("/preview", ""):
        answer = olga.post(f"/organise/cohorts/{cohort.id}/residentials{address}", data=form)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert said in text
        kept = filled(text)
        changed = {name: value for name, value in form.items() if kept.get(name) != value and name not in wrong}
        assert changed == {}
    assert count(session) == 0


def test_what_was_not_looked_at_is_not_made(olga: FlaskClient, session: Session, cohort: Cohort) -> None:
    home = f"/organise/cohorts/{cohort.id}/residentials"
    looked = filled(olga.post(f"{home}/preview", data=asked(olga, cohort)).get_data(as_text=True))
    answer = olga.post(home, data=looked | {"part0_begins": "10:30"})
    assert answer.status_code == 422
    assert "not the week that you looked at" in answer.get_data(as_text=True)
    assert count(session) == 0


def test_a_form_that_is_sent_twice_makes_one(olga: FlaskClient, session: Session, cohort: Cohort) -> None:
    home = f"/organise/cohorts/{cohort.id}/residentials"
    looked = filled(olga.post(f"{home}/preview", data=asked(olga, cohort)).get_data(as_text=True))
    assert [olga.post(home, data=looked).status_code for _ in range(2)] == [303, 422]
    assert count(session) == 5


def test_who_shares_the_award_plans_too_and_leads_what_they_made(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    home = f"/organise/cohorts/{cohort.id}/residentials"
    text = client.post(f"{home}/preview", data=asked(client, cohort)).get_data(as_text=True)
    assert "Oxford leads them, Liverpool shares them" in text
    assert client.post(home, data=filled(text)).status_code == 303
    session.rollback()
    events = session.scalars(select(Event)).all()
    assert len(events) == 5
    things_made: list[Event | Series] = [*events, session.scalars(select(Series)).one()]
    for thing in things_made:
        assert thing.lead_organisation_id == cast.oxford.id
        assert [row.id for row in thing.co_owners] == [cast.liverpool.id]
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    page = client.get(f"/organise/cohorts/{cohort.id}/planning?year=2026").get_data(as_text=True)
    assert page.count("Joint residential, February 2027: ") >= 5
    again = client.post(home, data=filled(client.post(f"{home}/preview", data=asked(client, cohort)).text))
    assert again.status_code == 422, "the week has one of that title already, whoever made it"


def test_who_has_no_part_in_the_award_plans_and_finds_nothing(
    client: FlaskClient, session: Session, cast: Cast, olga: FlaskClient, cohort: Cohort
) -> None:
    home = f"/organise/cohorts/{cohort.id}/residentials"
    looked = filled(olga.post(f"{home}/preview", data=asked(olga, cohort)).get_data(as_text=True))
    cohort.award.co_owners = []
    session.commit()
    for who in (cast.omar, cast.ada, cast.alice):
        client.set_cookie("programme_session", cookie_for(session, who))
        assert client.get(f"{home}/new").status_code == 404
        assert client.post(home, data=looked).status_code == 404
        assert client.post(f"{home}/preview", data=looked).status_code == 404
    assert count(session) == 0
    verbs = set(session.scalars(select(AuditEntry.verb)))
    assert "series created" not in verbs
