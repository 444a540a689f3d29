"""Offers remind before their deadlines: each at its own, those alone who have not answered; and those invited."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from programme.engines.calendar.states import EventState
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Registration
from programme.engines.registration.states import InvitationState, OpeningState, RegistrationState
from programme.engines.reminders.models import Audience, ReminderRule
from programme.flows.reminding import open_registration, remind_of_offers
from programme.people.identity import actor_of
from programme.people.models import Person
from tests.factories.cast import LONG_AGO
from tests.factories.things import SOON
from tests.flows.reminding.desk import DAY, HOUR, Desk

R = RegistrationState
UNTIL = SOON - 5 * DAY


@pytest.fixture
def offers(desk: Desk) -> Desk:
    """Places are offered, with the usual reminder."""
    desk.opening.offer_hours = 48
    remind_of_offers(desk.session, desk.opening, now=LONG_AGO)
    return desk


def offered(desk: Desk, who: Person, *, until: object = UNTIL, since: object = UNTIL - 2 * DAY) -> Registration:
    return desk.enter(who, state=R.OFFERED, offered_at=since, answer_by=until, confirmed_at=None)


def test_each_is_reminded_before_their_own_deadline_and_once(offers: Desk) -> None:
    offered(offers, offers.cast.alice)
    offered(offers, offers.cast.bob, until=UNTIL + DAY)
    offers.enter(offers.cast.charlie, state=R.WAITLISTED)
    assert offers.told(UNTIL - 13 * HOUR) == []
    assert offers.told(UNTIL - 11 * HOUR) == ["Alice"]
    assert offers.told(UNTIL + 13 * HOUR) == ["Alice", "Bob"]
    assert offers.still(UNTIL - 11 * HOUR) == 2


def test_whoever_answered_or_is_offered_it_until_another_time_gets_no_reminder(offers: Desk) -> None:
    alice, bob = offered(offers, offers.cast.alice), offered(offers, offers.cast.bob)
    offers.told(UNTIL - 11 * HOUR)
    assert offers.still(UNTIL - 10 * HOUR) == 2
    alice.state = R.CONFIRMED
    bob.answer_by = UNTIL + DAY
    assert offers.still(UNTIL - 10 * HOUR) == 0


@pytest.mark.one_database
def test_an_offer_that_came_after_its_reminder_was_due_brings_none(offers: Desk) -> None:
    offered(offers, offers.cast.alice, since=UNTIL - 11 * HOUR)
    assert offers.told(UNTIL - 10 * HOUR) == []


@pytest.mark.one_database
def test_of_what_is_called_off_nobody_is_reminded(offers: Desk) -> None:
    offered(offers, offers.cast.alice)
    offers.talk.state = EventState.CANCELLED
    assert offers.told(UNTIL - 11 * HOUR) == []


@pytest.mark.one_database
def test_opening_registration_gives_offers_their_usual_reminder_once(desk: Desk) -> None:
    desk.opening.offer_hours, desk.opening.state = 48, OpeningState.DRAFT
    desk.session.commit()
    for _ in range(2):
        open_registration(desk.session, desk.opening.id, actor=actor_of(desk.cast.omar), now=LONG_AGO)
    kinds = desk.session.scalars(select(ReminderRule.letter).where(ReminderRule.subject_kind == "offer")).all()
    assert kinds == ["offer_ends"]


def test_those_invited_who_are_silent_are_reminded_and_no_others(desk: Desk) -> None:
    desk.closing(Audience.INVITED)
    rows = {name: invitation(desk, name) for name in ("Ivy", "Ida", "Rex", "Late")}
    rows["Ida"].state, rows["Rex"].state = InvitationState.ANSWERED, InvitationState.REVOKED
    rows["Late"].invited_at = SOON - 20 * HOUR
    assert desk.told(SOON - 20 * HOUR + timedelta(minutes=1)) == ["Ivy"]
    assert desk.still(SOON - 20 * HOUR) == 1
    rows["Ivy"].state = InvitationState.ANSWERED
    assert desk.still(SOON - 20 * HOUR) == 0


def invitation(desk: Desk, name: str) -> Invitation:
    address = f"{name.lower()}@example.org"
    row = Invitation(opening_id=desk.opening.id, name=name, address=address, address_key=address)
    row.state, row.link_version, row.invited_at = InvitationState.SILENT, 7, LONG_AGO
    desk.session.add(row)
    desk.session.flush()
    return row
