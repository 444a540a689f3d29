"""What waits for somebody's signature: one page, and one letter a day of what comes in numbers."""

from datetime import date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.times import LONDON
from programme.engines.mail.composing import said_now
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.people.identity import actor_of
from programme.strands.cohorts.meetings.actions import Logged, log
from programme.strands.cohorts.models import Candidature, Signature, Supervision, SupervisionMeeting
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.progress.handing.handing_in import hand_in
from programme.strands.cohorts.signing.telling import GATHERED, WAITING, gathered_at
from programme.strands.cohorts.states import MeetingState, SignatureState, Signer
from programme.strands.cohorts.training.frameworks.loading import found_framework
from tests.bed.clock import Clock
from tests.factories import cast as made
from tests.factories import cohorts
from tests.factories.cast import LONG_AGO, Cast
from tests.screens.roll.test_roll import queries_of
from tests.strands.cohorts.signing.conftest import As

HERE, FIRST = "/me/signatures", date(2026, 10, 5)


def meet(
    session: Session, record: Candidature, people: Cast, *, number: int = 0, now: datetime, words: str = "Chapter two."
) -> SupervisionMeeting:
    """Alice logs a meeting with Bob."""
    said = Logged(FIRST + timedelta(days=number), frozenset({people.bob.id}), words)
    return log(session, record.id, said, actor=actor_of(people.alice), now=now)


def letters(session: Session) -> list[OutboxMessage]:
    """The letters of a day."""
    return list(
        session.scalars(select(OutboxMessage).where(OutboxMessage.letter == WAITING).order_by(OutboxMessage.id))
    )


def looks(session: Session) -> int:
    """How often somebody looked at a record."""
    session.rollback()
    looked = select(func.count()).select_from(AuditEntry).where(AuditEntry.verb == "looked at a record")
    return session.scalar(looked) or 0


def test_what_is_gathered_is_signed() -> None:
    assert SIGNED_THINGS.keys() > GATHERED


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        (datetime(2027, 1, 12, 15, 59, tzinfo=LONDON), datetime(2027, 1, 12, 16, tzinfo=LONDON)),
        (datetime(2027, 1, 12, 16, 0, tzinfo=LONDON), datetime(2027, 1, 13, 16, tzinfo=LONDON)),
        (
            datetime(2027, 3, 27, 17, 0, tzinfo=LONDON),
            datetime(2027, 3, 28, 16, tzinfo=LONDON),
        ),  # the clocks go forward in between
    ],
)
def test_letter_of_the_day_goes_at_four_by_the_clock_on_the_wall(now: datetime, goes: datetime) -> None:
    assert gathered_at(now) == goes


def test_many_meetings_are_one_letter_a_day_that_lists_all_that_waits_when_it_goes(
    app: Flask, session: Session, people: Cast, record: Candidature, signature: Signature, clock: Clock
) -> None:
    at = gathered_at(clock.now)
    for number in range(3):
        meet(session, record, people, number=number, now=clock.now + timedelta(minutes=number))
    [letter] = letters(session)
    assert (letter.recipient, letter.due_at, letter.organisation_id) == (people.bob.address, at, None)
    row = session.scalars(select(Signature).where(Signature.subject_kind.in_(GATHERED)).order_by(Signature.id)).first()
    assert row is not None
    row.state = SignatureState.AGREED
    session.commit()
    room = app.extensions["mail_room"]
    said = said_now(session, letter, room=room, now=at)
    assert said is not None
    text = " ".join(said.text.split())
    assert said.subject == "3 things wait for your signature"
    assert "Alice Aldgrove: Joint supervision agreement" in text
    assert "Supervision meeting of 7 October 2026" in text
    assert "Supervision meeting of 5 October 2026" not in text, "it is signed already"
    guest = app.test_client()
    link = next(word for word in said.text.split() if "/signatures/" in word and "/me/" not in word)
    assert guest.get(link.removeprefix(room.base_url)).status_code == 200, "each link needs no account"


def test_what_comes_after_the_letter_went_is_in_the_next_day_s(
    session: Session, people: Cast, record: Candidature, supervision: Supervision, clock: Clock
) -> None:
    at = gathered_at(clock.now)
    meet(session, record, people, now=clock.now)
    [first] = letters(session)
    first.state = OutboxState.SENT
    session.flush()
    meet(session, record, people, number=1, now=at - timedelta(seconds=1))
    meet(session, record, people, number=2, now=at + timedelta(minutes=1))
    assert [letter.due_at for letter in letters(session)] == [at, at + timedelta(days=1)]


@pytest.mark.one_database
def test_page_lists_everything_the_longest_first_with_what_is_to_be_known_of_what_may_be_ticked(
    session: Session, people: Cast, record: Candidature, signature: Signature, clock: Clock, signed_in: As
) -> None:
    clock.set(clock.now + timedelta(days=3))
    meet(session, record, people, now=clock.now, words="Read <Smith> & Jones.")
    session.commit()
    page = unescape(signed_in(people.bob).get(HERE).get_data(as_text=True))
    assert "2 things, what has waited longest first" in page
    assert page.index("Joint supervision agreement") < page.index("Supervision meeting of 5 October 2026")
    assert "3 days ago" in page
    assert "Read <Smith> & Jones." in page
    assert page.count('type="checkbox"') == 1, "an agreement is opened and read by itself"
    assert looks(session) == 1, "that the words of another's record were read is noted"
    for other in (people.alice, people.olga, people.charlie):
        assert "Nothing waits for your signature" in signed_in(other).get(HERE).get_data(as_text=True)
    assert looks(session) == 1
    assert signed_in(None).get(HERE).status_code == 303


def test_several_are_agreed_to_in_one_press_and_what_cannot_be_stops_nothing(
    session: Session, people: Cast, record: Candidature, signature: Signature, clock: Clock, signed_in: As
) -> None:
    meetings = [meet(session, record, people, number=number, now=clock.now) for number in range(3)]
    session.commit()
    bob = signed_in(people.bob)
    rows = session.scalars(select(Signature).where(Signature.subject_kind.in_(GATHERED)).order_by(Signature.id)).all()
    ticked = {"also": [str(rows[0].id), str(rows[2].id), str(signature.id), "999999", "x", "9" * 30]}
    page = bob.post(f"{HERE}/agreement", data=ticked, follow_redirects=True).get_data(as_text=True)
    assert "You have agreed to 2 entries." in page
    session.rollback()
    agreed, logged = MeetingState.AGREED, MeetingState.LOGGED
    assert [meeting.state for meeting in meetings] == [agreed, logged, agreed]
    assert signature.state is SignatureState.ASKED, "an agreement is not signed by a tick"
    again = bob.post(f"{HERE}/agreement", data=ticked, follow_redirects=True).get_data(as_text=True)
    assert "settled already" in again
    nothing = bob.post(f"{HERE}/agreement", follow_redirects=True).get_data(as_text=True)
    assert "Nothing is ticked" in nothing


@pytest.mark.one_database
def test_nobody_agrees_to_what_waits_for_another(
    session: Session, people: Cast, record: Candidature, supervision: Supervision, clock: Clock, signed_in: As
) -> None:
    meeting = meet(session, record, people, now=clock.now)
    session.commit()
    row = session.scalars(select(Signature)).one()
    page = signed_in(people.olga).post(f"{HERE}/agreement", data={"also": row.id}, follow_redirects=True)
    assert "settled already" in page.get_data(as_text=True)
    session.rollback()
    assert meeting.state is MeetingState.LOGGED


@pytest.mark.one_database
def test_what_an_organiser_may_sign_stands_there_too(
    session: Session, people: Cast, record: Candidature, clock: Clock, signed_in: As
) -> None:
    first = next(row for row in record.milestones if row.rule.is_key)
    first.rule.signers, first.rule.needs_evidence = [Signer.ORGANISER.value], False
    hand_in(session, record.id, first.id, actor=actor_of(people.alice), now=clock.now)
    session.commit()
    assert f"/records/{record.id}/milestones/{first.id}" in signed_in(people.olga).get(HERE).get_data(as_text=True)
    assert "Nothing waits for your signature" in signed_in(people.omar).get(HERE).get_data(as_text=True)


@pytest.mark.one_database
def test_my_programme_counts_them_and_leads_there(
    session: Session, people: Cast, record: Candidature, signature: Signature, clock: Clock, signed_in: As
) -> None:
    bob = signed_in(people.bob)
    assert "Joint supervision agreement of Alice Aldgrove" in bob.get("/me").get_data(as_text=True)
    meet(session, record, people, now=clock.now)
    session.commit()
    page = bob.get("/me").get_data(as_text=True)
    assert "2 things wait for your signature" in page
    assert f'href="{HERE}"' in page
    assert "What waits for your signature</a>: 2 things" in bob.get("/records").get_data(as_text=True)


@pytest.mark.one_database
def test_page_is_one_of_several_and_asks_no_more_of_the_database_for_many(
    session: Session, people: Cast, record: Candidature, signature: Signature, clock: Clock, signed_in: As
) -> None:
    found_framework(session, now=LONG_AGO)
    bob = signed_in(people.bob)
    meet(session, record, people, now=clock.now)
    session.commit()
    few = queries_of(session, bob, HERE)
    for number in range(30):
        one = made.person(session, f"Person {number}", f"person{number}@oxford.example.ac.uk")
        other = cohorts.candidature(session, cohort=record.cohort, person=one, home=people.oxford)
        cohorts.supervision(session, candidature=other, person=people.bob, organisation=people.oxford)
        said = Logged(FIRST, frozenset({people.bob.id}), "Chapter one.")
        log(session, other.id, said, actor=actor_of(one), now=clock.now)
    session.commit()
    assert queries_of(session, bob, HERE) == few
    assert "1 to 20 of 32 things" in bob.get(HERE).get_data(as_text=True)
