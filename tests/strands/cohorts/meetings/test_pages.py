"""The pages of meetings: who sees them, what stays typed, several agreed to at once, and a cohort in counts."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.meetings.actions import Logged, log
from programme.strands.cohorts.models import Candidature, Signature, Supervision, SupervisionMeeting
from programme.strands.cohorts.states import MeetingState
from tests.bed.clock import Clock
from tests.factories import cast
from tests.factories.cast import Cast
from tests.strands.cohorts.supervising.conftest import As

TYPED = {"met_on": "2027-01-08", "words": "Chapter two by March."}


@pytest.fixture
def here(record: Candidature) -> str:
    return f"/records/{record.id}/meetings"


def test_a_meeting_is_logged_shown_and_agreed_to(
    session: Session, people: Cast, here: str, xaver: Supervision, yann: Supervision, signed_in: As
) -> None:
    alice, by = signed_in(people.alice), session.get_one(Person, xaver.person_id)
    again = alice.post(here, data={**TYPED, "met_on": "2027-02-08", "people": xaver.person_id})
    assert again.status_code == 422
    assert "This day is ahead" in again.text
    assert "Chapter two by March." in again.text
    done = alice.post(here, data={**TYPED, "people": xaver.person_id}, follow_redirects=True)
    assert "The meeting is logged" in done.text
    page = signed_in(by).get(here).text
    assert "1 meeting waits for your word" in page.replace("<b>", "").replace("</b>", "")
    assert "waits for your word" not in signed_in(people.olga).get(here).text
    link = page.split('class="btn" href="')[1].split('"')[0]
    assert "Chapter two by March." in signed_in(None).get(link).text
    signed_in(None).post(f"{link}/agreement")
    assert "1 of 4 since June" in alice.get(here).text


def test_only_people_of_the_record_see_it_and_only_its_researcher_logs(
    session: Session, people: Cast, record: Candidature, here: str, xaver: Supervision, signed_in: As, clock: Clock
) -> None:
    said = Logged(date(2027, 1, 8), frozenset({xaver.person_id}), "Words between us.")
    meeting = log(session, record.id, said, actor=Actor(person_id=people.alice.id), now=clock.now)
    session.commit()
    outsider = cast.organiser(session, "Ottilie Outside", "ottilie@council.example.ac.uk", people.council)
    session.commit()
    supervisor = session.get_one(Person, xaver.person_id)
    for person in (people.alice, people.olga, people.omar, supervisor):
        assert "Words between us." in signed_in(person).get(here).text
    for person in (people.bob, people.charlie, people.ada, outsider):
        assert signed_in(person).get(here).status_code == 404
    for person in (people.olga, supervisor, people.charlie):
        assert signed_in(person).get(f"{here}/{meeting.id}").status_code == 404
        for verb in ("", f"/{meeting.id}", f"/{meeting.id}/removal"):
            assert signed_in(person).post(f"{here}{verb}", data=TYPED).status_code == 404
    assert signed_in(people.alice).get(f"{here}/{meeting.id + 1}").status_code == 404


@pytest.mark.one_database
def test_several_are_agreed_to_on_one_page_and_only_those_ticked(
    session: Session, people: Cast, record: Candidature, here: str, xaver: Supervision, signed_in: As, clock: Clock
) -> None:
    for day in (8, 9, 10):
        said = Logged(date(2027, 1, day), frozenset({xaver.person_id}), f"Words of the {day}th.")
        log(session, record.id, said, actor=Actor(person_id=people.alice.id), now=clock.now)
    session.commit()
    page = signed_in(session.get_one(Person, xaver.person_id)).get(here).text
    link = page.split('class="btn" href="')[1].split('"')[0]
    guest = signed_in(None)
    for day in (8, 9, 10):
        assert f"Words of the {day}th." in guest.get(link).text
    ids = session.scalars(select(Signature.id).order_by(Signature.id)).all()
    session.rollback()
    told = guest.post(f"{link}/agreement", data={"also": [ids[2], 10**9, "x"]}, follow_redirects=True)
    assert "you have signed all 2" in told.text
    states = session.scalars(select(SupervisionMeeting.state).order_by(SupervisionMeeting.met_on)).all()
    assert states == [MeetingState.AGREED, MeetingState.LOGGED, MeetingState.AGREED]


def test_a_cohort_is_counted_for_whoever_runs_it_alone(
    session: Session, people: Cast, record: Candidature, xaver: Supervision, signed_in: As
) -> None:
    address = f"/organise/cohorts/{record.cohort_id}/meetings"
    for person in (people.olga, people.omar):
        page = signed_in(person).get(address)
        assert page.status_code == 200
        assert "Alice Aldgrove" in page.text
        assert "0 of 3 since June; none in October, November and December" in page.text
    outsider = cast.organiser(session, "Ottilie Outside", "ottilie@council.example.ac.uk", people.council)
    session.commit()
    for person in (people.alice, session.get_one(Person, xaver.person_id), people.ada, outsider):
        assert signed_in(person).get(address).status_code == 404
