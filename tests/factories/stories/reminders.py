"""The stories that queue letters of reminders to those who wait, speak, came, organise, or have not registered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.engines.calendar.models import Contribution
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.states import Attendance, InvitationState, RegistrationState
from programme.engines.reminders.actions import Thing, Wish, add
from programme.engines.reminders.models import Anchor, Audience
from programme.flows.reminding import queue_due_reminders
from programme.flows.subjects.events import EVENTS
from programme.flows.subjects.openings import OPENINGS
from programme.people.groups.models import Group, GroupMember
from tests.factories import things
from tests.factories.cast import LONG_AGO

if TYPE_CHECKING:
    from programme.engines.registration.models import Opening
    from tests.factories.desk import Desk

WORDS = "Bring a card.\n\n- The way is at https://example.ac.uk/a/map\n- The doors open at 13:30.\n"


def noticed(desk: Desk) -> None:
    """Those who wait hear before, those who speak and those who came or did not come hear too."""
    opening, alice, _ = desk.taken()
    event = opening.events[0]
    event.contributions = [Contribution(name="Bob Birchfield", person_id=desk.cast.bob.id)]
    alice.seats[0].attendance = Attendance.PRESENT
    absent = things.registration(desk.session, to=opening, who=desk.cast.charlie)
    assert absent.state is RegistrationState.CONFIRMED
    thing = Thing(EVENTS, event.id, event.lead_organisation_id)
    before = [Audience.WAITING, Audience.SPEAKERS]
    wishes = [Wish(audience=audience) for audience in before]
    wishes += [
        Wish(anchor=Anchor.END, offset=1, audience=audience)
        for audience in (Audience.PRESENT, Audience.ABSENT, Audience.CONFIRMED, Audience.SPEAKERS)
    ]
    for wish in wishes:
        add(desk.session, thing, wish, actor=desk.olga, now=LONG_AGO)
    add(desk.session, thing, Wish(offset=-2, audience=Audience.WAITING, words=WORDS), actor=desk.olga, now=LONG_AGO)
    for at in (event.starts_at - timedelta(hours=20), event.ends_at + timedelta(days=2)):
        desk.session.flush()
        queue_due_reminders(desk.session, at)


def briefed(desk: Desk) -> None:
    """The organisers are told the numbers, before and after, with a registration and without."""
    opening, *_ = desk.taken()
    for event in (opening.events[0], desk.event()):
        thing = Thing(EVENTS, event.id, event.lead_organisation_id)
        for wish in (Wish(audience=Audience.ORGANISERS), Wish(offset=1, audience=Audience.ORGANISERS, words=WORDS)):
            add(desk.session, thing, wish, actor=desk.olga, now=LONG_AGO)
        for at in (event.starts_at - timedelta(hours=20), event.ends_at + timedelta(days=2)):
            desk.session.flush()
            queue_due_reminders(desk.session, at)


def silent(opening: Opening) -> Invitation:
    """Somebody is invited and has not answered."""
    return Invitation(
        opening_id=opening.id,
        name="Ivy Invited",
        address="ivy@example.org",
        address_key="ivy@example.org",
        state=InvitationState.SILENT,
        link_version=7,
        invited_at=LONG_AGO,
    )


def closing(desk: Desk) -> None:
    """Registration is about to end: a group has not registered, one has an offer, the organisers look at numbers."""
    ends = things.SOON
    opening, _, guest = desk.taken(closes_at=ends)
    guest.state = RegistrationState.OFFERED
    group = Group(title="Cohort 3", organisation_id=desk.cast.liverpool.id, created_at=LONG_AGO)
    group.members = [GroupMember(person_id=desk.cast.bob.id, added_at=LONG_AGO)]
    desk.session.add(group)
    desk.session.flush()
    desk.session.add(silent(opening))
    desk.session.flush()
    thing = Thing(OPENINGS, opening.id, opening.lead_organisation_id)
    parameters = {"group": group.id, "title": group.title}
    for wish in (
        Wish(anchor=Anchor.CLOSING, audience=Audience.GROUP, parameters=parameters),
        Wish(anchor=Anchor.CLOSING, audience=Audience.OFFERED),
        Wish(anchor=Anchor.CLOSING, audience=Audience.INVITED),
        Wish(anchor=Anchor.CLOSING, audience=Audience.ORGANISERS),
        Wish(anchor=Anchor.CLOSING, offset=0, audience=Audience.ORGANISERS, words=WORDS),
    ):
        add(desk.session, thing, wish, actor=desk.olga, now=LONG_AGO)
    for at in (ends - timedelta(hours=20), ends + timedelta(days=1)):
        desk.session.flush()
        queue_due_reminders(desk.session, at)
