"""What personal data has served its time goes, nothing else does, and what counts stays."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.config import Settings
from programme.core import audit
from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.states import KeyState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.questionnaire.actions import add_question, answer, new_questionnaire
from programme.engines.questionnaire.models import Answer
from programme.engines.registration.deciding.models import KeyHolder
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.models import Registration
from programme.engines.registration.roll.counts import tallies
from programme.engines.registration.states import Attendance, RegistrationState
from programme.flows.keeping.retention import forget
from programme.people.keeping.ports import Times
from programme.people.models import Person
from programme.settings.reading import SettingsError
from tests.bed.application import PLAIN
from tests.factories.cast import LONG_AGO, assemble, person
from tests.factories.things import SOON, event, opening, registration

HOUR = timedelta(hours=1)
TIMES = Times()


@pytest.fixture
def keepers(app: Flask) -> Any:
    """Every room that keeps data on people."""
    return app.extensions["keepers"]


def test_sensitive_answers_go_thirty_days_after_the_last_event_and_others_stay(session: Session, keepers: Any) -> None:
    cast = assemble(session)
    talks = [event(session, lead=cast.oxford, starts_at=SOON + timedelta(days=days)) for days in (0, 7)]
    to = opening(session, events=talks)
    to.questionnaire = new_questionnaire(session, now=LONG_AGO)
    food = add_question(session, to.questionnaire, kind="dietary", label="What do you eat?")
    topic = add_question(session, to.questionnaire, kind="short_text", label="Your topic")
    row = registration(session, to=to, who=cast.alice)
    row.answer_sheet = answer(session, to.questionnaire, {food.id: ["No nuts"], topic.id: "Moss"}, now=LONG_AGO)
    session.commit()
    over = talks[1].ends_at + TIMES.sensitive
    assert forget(session, keepers, TIMES, now=over - HOUR) == 0
    assert forget(session, keepers, TIMES, now=over + HOUR) == 1
    session.commit()
    assert session.scalars(select(Answer.text)).all() == ["Moss"]


def test_sensitive_answers_to_a_call_go_once_it_has_closed_and_was_decided(session: Session, keepers: Any) -> None:
    cast = assemble(session)
    to = opening(session, events=[event(session, lead=cast.oxford)], closes_at=SOON)
    to.events = []
    to.questionnaire = new_questionnaire(session, now=LONG_AGO)
    needs = add_question(session, to.questionnaire, kind="access", label="What do you need?")
    placed = registration(session, to=to, who=cast.alice, confirmed_at=SOON + HOUR)
    waits = registration(session, to=to, who=cast.bob, state=RegistrationState.PENDING)
    for row, need in ((placed, "A hearing loop"), (waits, "Large print")):
        row.answer_sheet = answer(session, to.questionnaire, {needs.id: [need]}, now=LONG_AGO)
    session.commit()
    kept = SOON + TIMES.sensitive
    assert forget(session, keepers, TIMES, now=kept + HOUR / 2) == 0, "it was decided an hour after it closed"
    assert forget(session, keepers, TIMES, now=kept + 2 * HOUR) == 1
    assert session.scalars(select(Answer.text)).all() == ["Large print"], "whoever decides reads it still"
    to.closes_at, waits.state, waits.ended_at = None, RegistrationState.REFUSED, SOON + 2 * HOUR
    session.commit()
    assert forget(session, keepers, TIMES, now=kept + HOUR) == 0
    assert forget(session, keepers, TIMES, now=kept + 3 * HOUR) == 1


def test_whoever_holds_a_key_without_an_account_is_known_for_as_long(session: Session, keepers: Any) -> None:
    cast = assemble(session)
    dean, given = (person(session, name, f"{name.lower()}@example.org") for name in ("Dean", "Deputy"))
    to = opening(session, events=[event(session, lead=cast.oxford, starts_at=SOON + timedelta(days=500))])
    holds = KeyHolder(opening_id=to.id, organisation_id=cast.oxford.id, person_id=dean.id)
    asked = Approval(subject_kind="registration", subject_id=1, organisation_id=cast.oxford.id, asked_at=LONG_AGO)
    asked.keys = [ApprovalKey(organisation_id=cast.oxford.id, delegate_id=given.id)]
    session.add_all([holds, asked])
    session.commit()
    everybody_signed_in(session, apart_from=(dean.id, given.id))
    later = LONG_AGO + timedelta(days=400)
    assert forget(session, keepers, TIMES, now=later) == 0
    asked.keys[0].state = KeyState.YES
    session.commit()
    assert forget(session, keepers, TIMES, now=later) == 1
    assert forget(session, keepers, TIMES, now=SOON + timedelta(days=500 + 364)) == 0
    assert forget(session, keepers, TIMES, now=SOON + timedelta(days=500 + 366)) == 1, "as long as the registrations"


def test_form_that_is_not_sent_goes_a_fortnight_after_its_event_too(session: Session, keepers: Any) -> None:
    talk = event(session, lead=assemble(session).oxford)
    to = opening(session, events=[talk])
    address = {"address": "gwen@example.org", "address_key": "gwen@example.org"}
    session.add(Draft(opening_id=to.id, **address, created_at=LONG_AGO, saved_at=talk.starts_at))
    session.commit()
    everybody_signed_in(session)
    fortnight = talk.ends_at + timedelta(days=14)
    assert forget(session, keepers, TIMES, now=fortnight - HOUR) == 0
    assert forget(session, keepers, TIMES, now=fortnight + HOUR) == 1


def test_letters_go_after_a_year_and_the_trail_after_two(session: Session, keepers: Any) -> None:
    cast = assemble(session)
    to_alice = Recipient(cast.alice.address, cast.alice.name)
    post(session, Post(letter="sign_in", key="old", recipient=to_alice, subject=("person", 1)), now=LONG_AGO)
    audit.record(session, person_id=cast.omar.id, verb="edit", subject=("event", 1), now=LONG_AGO)
    session.commit()
    everybody_signed_in(session)
    assert forget(session, keepers, TIMES, now=LONG_AGO + TIMES.letters - HOUR) == 0
    assert forget(session, keepers, TIMES, now=LONG_AGO + TIMES.letters + HOUR) == 1
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
    assert forget(session, keepers, TIMES, now=LONG_AGO + TIMES.trail + HOUR) == 1


def test_names_go_a_year_after_the_event_and_counts_stay(session: Session, keepers: Any) -> None:
    cast = assemble(session)
    talk = event(session, lead=cast.oxford)
    to = opening(session, events=[talk])
    row = registration(session, to=to, who=cast.alice, organisation_id=cast.liverpool.id)
    row.seats[0].attendance = Attendance.PRESENT
    registration(session, to=to, who=cast.bob, organisation_id=cast.oxford.id, state=RegistrationState.CANCELLED)
    session.commit()
    everybody_signed_in(session)
    before = tallies(session, to.id)
    over = talk.ends_at + timedelta(days=365)
    assert forget(session, keepers, TIMES, now=over - HOUR) == 0
    assert forget(session, keepers, TIMES, now=over + HOUR) == 2
    session.commit()
    session.expire_all()
    assert [(one.name, one.address, one.person_id) for one in session.scalars(select(Registration))] == [
        ("Name deleted", "", None)
    ] * 2
    assert tallies(session, to.id) == before
    assert row.seats[0].attendance is Attendance.PRESENT
    assert forget(session, keepers, TIMES, now=over + HOUR) == 0


def test_a_course_is_over_with_its_last_event(session: Session, keepers: Any) -> None:
    cast = assemble(session)
    talks = [event(session, lead=cast.oxford, starts_at=SOON + timedelta(days=days)) for days in (0, 200)]
    registration(session, to=opening(session, events=talks), who=cast.alice)
    session.commit()
    everybody_signed_in(session)
    assert forget(session, keepers, TIMES, now=talks[0].ends_at + timedelta(days=400)) == 0
    assert forget(session, keepers, TIMES, now=talks[1].ends_at + timedelta(days=366)) == 1


def test_application_without_events_is_over_when_it_closed(session: Session, keepers: Any) -> None:
    cast = assemble(session)
    call = opening(session, events=[event(session, lead=cast.oxford)], closes_at=SOON)
    call.events = []
    registration(session, to=call, who=cast.alice, state=RegistrationState.PENDING)
    session.commit()
    everybody_signed_in(session)
    assert forget(session, keepers, TIMES, now=SOON + timedelta(days=364)) == 0
    assert forget(session, keepers, TIMES, now=SOON + timedelta(days=366)) == 1


def test_how_long_registrations_name_people_is_a_setting(session: Session, keepers: Any) -> None:
    cast = assemble(session)
    talk = event(session, lead=cast.oxford)
    registration(session, to=opening(session, events=[talk]), who=cast.alice)
    session.commit()
    everybody_signed_in(session)
    three = Times(registrations=3)
    assert forget(session, keepers, three, now=talk.ends_at + timedelta(days=90)) == 0
    assert forget(session, keepers, three, now=talk.ends_at + timedelta(days=92)) == 1


def test_guest_goes_with_the_last_registration_and_an_account_stays(session: Session, keepers: Any) -> None:
    cast = assemble(session)
    everybody_signed_in(session)
    guest = Person(name="Gwen", address="g@example.org", address_key="g@example.org", created_at=LONG_AGO)
    session.add(guest)
    session.flush()
    talk = event(session, lead=cast.oxford)
    for who in (guest, cast.charlie):
        registration(session, to=opening(session, events=[talk], title=who.name), who=who)
    session.commit()
    number, charlie = guest.id, cast.charlie.id
    assert forget(session, keepers, TIMES, now=talk.ends_at + timedelta(days=366)) == 3
    session.commit()
    session.expire_all()
    assert session.get(Person, number) is None
    assert session.get(Person, charlie) is not None


@pytest.mark.parametrize("text", ["0", "121", "a year", "-1"])
def test_no_month_or_a_century_of_them_is_a_slip(text: str) -> None:
    given = {**PLAIN, "PROGRAMME_ENV": "absent", "DATABASE_URL": "sqlite:///x", "REGISTRATIONS_KEPT_MONTHS": text}
    with pytest.raises(SettingsError, match="REGISTRATIONS_KEPT_MONTHS"):
        Settings.from_environment(given)


def everybody_signed_in(session: Session, *, apart_from: Collection[int] = ()) -> None:
    """Make everybody so far, but for some, somebody with an account: accounts stay until their people go."""
    for row in session.scalars(select(Person).where(Person.id.not_in(apart_from))):
        row.signed_in_at = LONG_AGO
    session.commit()
