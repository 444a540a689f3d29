"""A training record: what one came to stands there by itself, and counts once the supervisor at home assents."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event
from programme.engines.documents.models import Document
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Seat
from programme.engines.registration.states import Attendance
from programme.people.models import Person, Strand
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, EventTraining, Signature, Supervision, TrainingEntry
from programme.strands.cohorts.states import SupervisionRole, TrainingEvidence, TrainingItem, TrainingState
from programme.strands.cohorts.training.events.actions import Worth, set_worth
from tests.bed.clock import Clock
from tests.factories import cohorts, things
from tests.factories.cast import LONG_AGO, Cast
from tests.strands.cohorts.training.conftest import Browse

NOVEMBER = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
COURSE = {
    "title": "Scientific writing",
    "organiser": "The Writing Room",
    "begins_on": "2026-11-10",
    "ends_on": "2026-11-11",
    "hours": "10.5",
    "codes": ["D2", "A3"],
    "item": "research_integrity",
    "link": "https://writing.example.org/course",
    "note": "Shorter sentences.",
}


@pytest.fixture(autouse=True)
def january(clock: Clock) -> None:
    """The day on which everybody looks."""
    clock.set(datetime(2027, 1, 12, 12, 0, tzinfo=UTC))


@pytest.fixture
def event(session: Session, cast: Cast, olga: Actor) -> Event:
    """A day of training that Liverpool led in November, worth a day of A1 and C1, with data protection in it."""
    row = things.event(session, lead=cast.liverpool, title="Handling data", strand=Strand.COHORTS, starts_at=NOVEMBER)
    worth = Worth(420, ("A1", "C1"), TrainingItem.DATA_PROTECTION)
    set_worth(session, row.id, worth, actor=olga, now=LONG_AGO)
    session.commit()
    return row


@pytest.fixture
def seat(session: Session, cast: Cast, event: Event, alice: Candidature) -> Seat:
    """Alice's chair at it, where she was marked as present."""
    registration = things.registration(session, to=things.opening(session, events=[event]), who=cast.alice)
    (row,) = registration.seats
    row.attendance = Attendance.PRESENT
    session.commit()
    return row


@pytest.fixture
def home(alice: Candidature) -> str:
    return f"/records/{alice.id}/training"


def entry(session: Session) -> TrainingEntry:
    session.rollback()
    return session.scalars(select(TrainingEntry).execution_options(populate_existing=True)).one()


def flat(text: str) -> str:
    return " ".join(text.split())


def test_what_one_came_to_counts_once_it_is_handed_in_and_assented_to(
    session: Session, cast: Cast, home: str, seat: Seat, event: Event, browse: Browse
) -> None:
    alices, charlies = browse(cast.alice), browse(cast.charlie)
    page = flat(alices.get(home).text)
    assert "0 of 10 days. 10 days to go. Not assented to yet: 1 day." in page
    assert "Handling data" in page
    assert "Data protection" in page.partition("Still missing")[2], "what is not assented to is missing still"
    assert session.scalars(select(TrainingEntry)).all() == [], "looking keeps nothing"
    alices.post(f"{home}/events/{event.id}")
    row = entry(session)
    assert (row.minutes, row.codes, row.organiser) == (420, ["A1", "C1"], "Liverpool")
    assert (row.evidence, row.state) == (TrainingEvidence.CHECK_IN, TrainingState.HANDED_IN)
    letter = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "signatures_waiting")).one()
    assert letter.person_id == cast.charlie.id
    assert "is handed in already" in alices.post(f"{home}/events/{event.id}", follow_redirects=True).text
    assert "Assent to it" in charlies.get(f"{home}/{row.id}").text
    charlies.post(f"{home}/{row.id}/assent")
    assert entry(session).state is TrainingState.AGREED
    page = flat(alices.get(home).text)
    assert "1 of 10 days. 9 days to go." in page
    assert "Data protection" not in page.partition("Still missing")[2].partition("</p>")[0]
    assert "3.5 h" in page, "two parts share a day"
    assert "stays as it is" in alices.post(f"{home}/{row.id}/removal", follow_redirects=True).text
    told = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_kind == "candidature")).all()
    assert {"handed in training", "signed", "looked at a record"} <= set(told)


def test_what_was_refused_is_changed_and_handed_in_again(
    session: Session, cast: Cast, home: str, alice: Candidature, browse: Browse, app: Flask
) -> None:
    alices, charlies = browse(cast.alice), browse(cast.charlie)
    alices.post(home, data=COURSE)
    row = entry(session)
    assert (row.evidence, row.minutes, row.item) == (
        TrainingEvidence.SELF_DECLARED,
        630,
        TrainingItem.RESEARCH_INTEGRITY,
    )
    answer = charlies.post(f"{home}/{row.id}/refusal", data={"comment": " "})
    assert answer.status_code == 422
    charlies.post(f"{home}/{row.id}/refusal", data={"comment": "Ten hours & a half? It was one day."})
    row = entry(session)
    assert (row.state, row.comment) == (TrainingState.REFUSED, "Ten hours & a half? It was one day.")
    page = alices.get(f"{home}/{row.id}").text
    assert "Ten hours &amp; a half?" in page
    assert "0 of 10 days" in alices.get(home).text
    assert "Change it and hand it in again, or take it back." in alices.get("/me").text
    alices.post(f"{home}/{row.id}", data={**COURSE, "hours": "7"})
    row = entry(session)
    assert (row.state, row.comment, row.minutes) == (TrainingState.HANDED_IN, "", 420)
    signature = session.scalars(select(Signature)).one()
    link = app.extensions["signature_links"].path(signature)
    guest = app.test_client()
    assert "Shorter sentences." in guest.get(link).text
    guest.post(f"{link}/agreement")
    assert entry(session).state is TrainingState.AGREED, "the link of the letter needs no account"
    assert "1 of 10 days" in alices.get(home).text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends_on": "2026-11-09"}, "ends before it begins"),
        ({"begins_on": "2027-02-01", "ends_on": "2027-02-02"}, "still to come"),
        ({"begins_on": "2026-09-30"}, "The course began on 1 October 2026"),
        ({"link": ""}, "Add a file that shows it"),
        ({"hours": "7.1"}, "Enter hours in quarters"),
        ({"hours": "nan"}, "Enter hours in quarters"),
        ({"hours": ""}, "how many hours it took"),
        ({"hours": "501"}, "Enter hours in quarters"),
        ({"codes": ["A1", "A2", "A3", "B1"]}, "at most 3 parts"),
        ({"codes": ["Z9"]}, "only from the list"),
        ({"link": "javascript:alert(1)"}, "address"),
    ],
)
def test_odd_training_is_refused_and_nothing_typed_is_lost(
    session: Session, cast: Cast, home: str, browse: Browse, wrong: dict[str, Any], said: str
) -> None:
    answer = browse(cast.alice).post(home, data={**COURSE, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Shorter sentences." in answer.text
    session.rollback()
    assert session.scalars(select(TrainingEntry)).all() == []


def test_a_certificate_is_read_by_those_of_the_record_alone(
    session: Session, cast: Cast, home: str, browse: Browse, stranger: Person, app: Flask
) -> None:
    pdf = (io.BytesIO(b"%PDF-1.7\n%%EOF\n"), "certificate.pdf")
    browse(cast.alice).post(home, data={**COURSE, "link": "", "file": pdf}, content_type="multipart/form-data")
    row = entry(session)
    assert row.evidence is TrainingEvidence.CERTIFICATE
    for person in (cast.alice, cast.charlie, cast.olga, cast.omar):
        with browse(person).get(f"{home}/{row.id}/file") as answer:
            assert answer.data.startswith(b"%PDF")
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    signature = session.scalars(select(Signature)).one()
    link = app.extensions["signature_links"].path(signature)
    session.rollback()
    with app.test_client().get(f"{link}/file") as answer:
        assert answer.data.startswith(b"%PDF"), "whoever assents by the link reads it"
    for person in (cast.bob, cast.ada, stranger):
        for path in ("", "/new", f"/{row.id}", f"/{row.id}/file", "/portfolio.csv", "/record.pdf"):
            assert browse(person).get(f"{home}{path}").status_code == 404
    browse(cast.alice).post(f"{home}/{row.id}/removal")
    session.rollback()
    assert session.scalars(select(TrainingEntry)).all() == []
    assert session.scalars(select(Document.forgotten_at)).one() is not None
    assert session.scalars(select(Signature)).all() == []


def test_only_the_primary_supervisor_at_home_assents(
    session: Session, cast: Cast, home: str, alice: Candidature, browse: Browse
) -> None:
    role = SupervisionRole.PARTNER
    cohorts.supervision(session, candidature=alice, person=cast.bob, organisation=cast.oxford, role=role)
    session.commit()
    browse(cast.alice).post(home, data=COURSE)
    row = entry(session)
    for person in (cast.alice, cast.olga):
        assert browse(person).post(f"{home}/{row.id}/assent").status_code == 404
    assert "Only the primary supervisor" in browse(cast.bob).post(f"{home}/{row.id}/assent", follow_redirects=True).text
    assert entry(session).state is TrainingState.HANDED_IN
    former = session.scalars(select(Supervision).where(Supervision.person_id == cast.charlie.id)).one()
    former.role = SupervisionRole.CO
    cohorts.supervision(session, candidature=alice, person=cast.ada, organisation=cast.liverpool)
    session.commit()
    said = browse(cast.charlie).post(f"{home}/{row.id}/assent", follow_redirects=True).text
    assert "Only the primary supervisor" in said
    browse(cast.ada).post(f"{home}/{row.id}/assent")
    assert entry(session).state is TrainingState.AGREED, "whoever is primary now, though somebody else was asked"


@pytest.mark.one_database
def test_a_mark_taken_back_is_noticed_before_it_counts(
    session: Session, cast: Cast, home: str, seat: Seat, event: Event, browse: Browse
) -> None:
    browse(cast.alice).post(f"{home}/events/{event.id}")
    row = entry(session)
    seat.attendance = Attendance.ABSENT
    session.commit()
    assert "not marked as present" in browse(cast.charlie).post(f"{home}/{row.id}/assent", follow_redirects=True).text
    assert entry(session).state is TrainingState.HANDED_IN


def test_what_an_organiser_enters_counts_at_once(session: Session, cast: Cast, home: str, browse: Browse) -> None:
    browse(cast.omar).post(home, data={**COURSE, "link": "", "note": ""})
    row = entry(session)
    assert (row.state, row.evidence) == (TrainingState.AGREED, TrainingEvidence.ORGANISER)
    assert "1.5 of 10 days" in browse(cast.alice).get(home).text


def test_the_portfolio_has_a_line_for_all_but_what_was_refused_from_june_to_may(
    session: Session, cast: Cast, home: str, seat: Seat, browse: Browse
) -> None:
    alices = browse(cast.alice)
    alices.post(home, data={**COURSE, "title": "=1+1"})
    answer = alices.get(f"{home}/portfolio.csv?year=2026")
    lines = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert lines == [
        "Date,Title,Type,Hours,RDF sub-domain,Organiser",
        '2026-11-03,Handling data,Programme event,7,"A1, C1",Liverpool',
        '2026-11-10,\'=1+1,External training,10.5,"D2, A3",The Writing Room',
    ]
    row = session.scalars(select(TrainingEntry)).one()
    browse(cast.charlie).post(f"{home}/{row.id}/refusal", data={"comment": "No."})
    assert "External" not in alices.get(f"{home}/portfolio.csv?year=2026").text
    assert alices.get(f"{home}/record.pdf").data.startswith(b"%PDF")


@pytest.mark.one_database
def test_what_an_event_is_worth_is_said_by_its_organisers_alone(
    session: Session, cast: Cast, event: Event, browse: Browse
) -> None:
    page = f"/organise/events/{event.id}/training"
    assert "It is no training" in browse(cast.olga).get(page).text
    assert f'href="{page}"' in browse(cast.olga).get(f"/organise/events/{event.id}").text
    for person in (cast.omar, cast.alice):
        assert browse(person).get(page).status_code in {403, 404}
        assert browse(person).post(page, data={"hours": "1"}).status_code in {403, 404}
    assert browse(cast.olga).post(page, data={"hours": "x", "codes": ["A1"]}).status_code == 422
    browse(cast.olga).post(page, data={"hours": "2,5", "codes": ["B2"], "item": "edi"})
    session.rollback()
    row = session.scalars(select(EventTraining)).one()
    assert (row.minutes, row.codes, row.item) == (150, ["B2"], TrainingItem.EDI)
    browse(cast.olga).post(f"{page}/removal")
    session.rollback()
    assert session.scalars(select(EventTraining)).all() == []
