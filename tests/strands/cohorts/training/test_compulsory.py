"""What is compulsory for a cohort: who lacks it, who is reminded and how often, who is exempt, and who sees it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import Visibility
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.states import Attendance, RegistrationState
from programme.people.models import Person, Strand
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Cohort, CompulsoryTraining, TrainingExemption
from programme.strands.cohorts.training.compulsory.actions import make_compulsory
from programme.strands.cohorts.training.compulsory.standing import CHASED, Facts, Standing, standing
from programme.strands.cohorts.training.compulsory.telling import still_wanted
from tests.bed.clock import START, Clock
from tests.bed.databases import statements
from tests.factories import cohorts, things
from tests.factories.cast import Cast
from tests.strands.cohorts.training.conftest import Browse

FACTS = st.builds(Facts, *[st.booleans()] * 6)


@given(FACTS)
def test_nobody_who_came_is_exempt_or_waits_is_chased(facts: Facts) -> None:
    found = standing(facts)
    if facts.came:
        assert found is Standing.CAME
    elif facts.is_exempt:
        assert found is Standing.EXEMPT
    if found in CHASED:
        assert not facts.came
        assert not facts.is_exempt
        assert facts.was_absent or not facts.has_place
    if not facts.is_over and not facts.was_absent and (facts.has_place or facts.waits):
        assert found not in CHASED


@pytest.fixture
def event(session: Session, cast: Cast) -> Event:
    row = things.event(session, lead=cast.liverpool, title="Research integrity", strand=Strand.COHORTS)
    session.commit()
    return row


@pytest.fixture
def others(session: Session, cast: Cast, cohort: Cohort, alice: Candidature, event: Event) -> list[Candidature]:
    """Bob has a place, Charlie waits, Ada was there all the same."""
    opening = things.opening(session, events=[event])
    found, registered = [], []
    for person, state in (
        (cast.bob, RegistrationState.CONFIRMED),
        (cast.charlie, RegistrationState.WAITLISTED),
        (cast.ada, RegistrationState.CONFIRMED),
    ):
        found.append(cohorts.candidature(session, cohort=cohort, person=person, home=cast.oxford))
        registered.append(things.registration(session, to=opening, who=person, state=state))
    registered[-1].seats[0].attendance = Attendance.PRESENT
    session.commit()
    return found


@pytest.fixture
def address(cohort: Cohort, others: list[Candidature]) -> str:
    return f"/organise/cohorts/{cohort.id}/compulsory"


@pytest.fixture
def olgas(browse: Browse, cast: Cast) -> FlaskClient:
    return browse(cast.olga)


def letters(session: Session) -> list[OutboxMessage]:
    session.rollback()
    wanted = select(OutboxMessage).where(OutboxMessage.letter == "compulsory_training").order_by(OutboxMessage.id)
    return list(session.scalars(wanted))


def test_one_button_reminds_whoever_lacks_it_once_a_day(
    session: Session, cast: Cast, event: Event, address: str, olgas: FlaskClient, clock: Clock
) -> None:
    olgas.post(address, data={"event": f"e{event.id}"})
    shown = olgas.get(address).text
    assert "Remind 1 person" in shown
    for word in ("Not booked", "Booked", "Waiting for a place", "Came"):
        assert word in shown
    assert letters(session) == [], "nobody is written to before the button is pressed"
    assert "1 letter on the way" in olgas.post(f"{address}/events/{event.id}/reminders", follow_redirects=True).text
    again = olgas.post(f"{address}/events/{event.id}/reminders", follow_redirects=True).text
    assert "reminded today already" in again
    (letter,) = letters(session)
    assert letter.person_id == cast.alice.id
    clock.forward(days=1)
    olgas.post(f"{address}/events/{event.id}/reminders")
    assert len(letters(session)) == 2
    told = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_kind == "cohort")).all()
    assert told.count("reminded of compulsory training") == 2


@pytest.mark.one_database
def test_the_record_names_what_is_compulsory_and_lacking(
    session: Session,
    cast: Cast,
    event: Event,
    address: str,
    alice: Candidature,
    others: list[Candidature],
    browse: Browse,
) -> None:
    browse(cast.olga).post(address, data={"event": f"e{event.id}"})
    assert "Compulsory for the cohort" in browse(cast.alice).get(f"/records/{alice.id}/training").text
    assert "Compulsory for the cohort" not in browse(cast.bob).get(f"/records/{others[0].id}/training").text


def test_a_letter_is_not_sent_once_somebody_booked(
    session: Session, cast: Cast, event: Event, address: str, olgas: FlaskClient, clock: Clock
) -> None:
    olgas.post(address, data={"event": f"e{event.id}"})
    olgas.post(f"{address}/events/{event.id}/reminders")
    (letter,) = letters(session)
    assert list(still_wanted(session, [letter], now=clock.now)) == [letter.id]
    things.registration(session, to=things.opening(session, events=[event]), who=cast.alice)
    session.commit()
    assert list(still_wanted(session, [letter], now=clock.now)) == []


@pytest.mark.one_database
def test_what_was_over_before_somebody_came_is_nothing_to_them(
    session: Session, cast: Cast, event: Event, address: str, alice: Candidature, olgas: FlaskClient, browse: Browse
) -> None:
    olgas.post(address, data={"event": f"e{event.id}"})
    alice.registered_on = event.ends_at.date() + timedelta(days=1)
    session.commit()
    assert not re.search(r"Remind \d", olgas.get(address).text)
    assert "Compulsory for the cohort" not in browse(cast.alice).get(f"/records/{alice.id}/training").text


@pytest.mark.one_database
def test_whoever_has_no_place_when_it_is_over_did_not_come(
    session: Session, event: Event, address: str, olgas: FlaskClient, clock: Clock
) -> None:
    olgas.post(address, data={"event": f"e{event.id}"})
    clock.set(event.ends_at + timedelta(minutes=1))
    shown = olgas.get(address).text
    assert "Did not come" in shown
    assert "Remind 2 people" in shown, "Alice, and Charlie who never got a place"


def test_an_exemption_has_its_reason_and_its_undo(
    session: Session, event: Event, address: str, olgas: FlaskClient, alice: Candidature
) -> None:
    olgas.post(address, data={"event": f"e{event.id}"})
    theirs = f"{address}/events/{event.id}/exemptions/{alice.id}"
    assert olgas.post(theirs, data={"reason": " "}).status_code == 422
    olgas.post(theirs, data={"reason": "Taught it last year"})
    shown = olgas.get(address).text
    assert "Taught it last year" in shown
    assert not re.search(r"Remind \d", shown)
    assert olgas.post(theirs, data={"reason": "Once more"}).status_code == 422
    session.rollback()
    assert session.scalars(select(TrainingExemption.reason)).all() == ["Taught it last year"]
    olgas.post(f"{theirs}/removal")
    assert "Remind 1 person" in olgas.get(address).text
    told = session.scalars(select(AuditEntry.after).where(AuditEntry.subject_kind == "candidature")).all()
    assert not any("Taught" in str(one) for one in told), "the trail is read by more people"


@pytest.mark.one_database
def test_a_series_is_compulsory_with_every_date(
    session: Session, cast: Cast, event: Event, address: str, olgas: FlaskClient
) -> None:
    run = things.series(session, lead=cast.liverpool, title="Cohort days", strand=Strand.COHORTS)
    first, second = (
        things.event(session, lead=cast.liverpool, title=f"Cohort day {n}", strand=Strand.COHORTS, series_id=run.id)
        for n in (1, 2)
    )
    session.commit()
    olgas.post(address, data={"event": f"s{run.id}"})
    shown = olgas.get(address).text
    assert first.title in shown
    assert second.title in shown
    row = session.scalars(select(CompulsoryTraining)).one()
    olgas.post(f"{address}/{row.id}/removal")
    assert "Nothing is compulsory yet" in olgas.get(address).text


def test_only_those_who_run_the_cohort_see_it_and_only_events_that_they_see(
    session: Session, cast: Cast, event: Event, address: str, browse: Browse, stranger: Person, alice: Candidature
) -> None:
    for person in (cast.alice, cast.charlie, cast.ada, stranger):
        client = browse(person)
        assert client.get(address).status_code == 404
        assert client.post(address, data={"event": f"e{event.id}"}).status_code == 404
        assert client.post(f"{address}/events/{event.id}/reminders").status_code == 404
        assert client.get(f"{address}/events/{event.id}/exemptions/{alice.id}").status_code == 404
    hidden = things.event(
        session, lead=cast.liverpool, title="Closed door", strand=Strand.COHORTS, visibility=Visibility.HIDDEN
    )
    session.commit()
    omars, olgas = browse(cast.omar), browse(cast.olga)
    assert omars.post(address, data={"event": f"e{hidden.id}"}).status_code == 422
    olgas.post(address, data={"event": f"e{hidden.id}"})
    assert "Closed door" in olgas.get(address).text
    assert "Closed door" not in omars.get(address).text, "what one university hides is hidden here too"
    assert "not compulsory" in omars.post(f"{address}/events/{hidden.id}/reminders", follow_redirects=True).text


@pytest.mark.one_database
def test_the_page_asks_no_more_of_many_events(
    app: Flask, session: Session, cast: Cast, olga: Actor, cohort: Cohort, address: str, olgas: FlaskClient
) -> None:
    counts = []
    for _ in range(2):
        for n in range(4):
            row = things.event(session, lead=cast.liverpool, title=f"Day {n}", strand=Strand.COHORTS)
            make_compulsory(session, cohort.id, event_id=row.id, actor=olga, now=START)
        session.commit()
        olgas.get(address)
        with statements(app) as asked:
            assert olgas.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
