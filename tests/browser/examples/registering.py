"""Somebody let in at the door, asked by keys, invited, half-way through a form, and asked once more."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.demo import people
from programme.engines.approvals.actions import make_link
from programme.engines.approvals.models import ApprovalKey
from programme.engines.approvals.states import KeyState
from programme.engines.questionnaire import actions
from programme.engines.registration.door.actions import settle
from programme.engines.registration.drafts.actions import Typed
from programme.engines.registration.drafts.links import draft_token
from programme.engines.registration.eligibility.links import token_of
from programme.engines.registration.eligibility.models import Invitation, ListedAddress
from programme.engines.registration.feedback.actions import begin
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import Attendance, InvitationState
from programme.flows.answering import follow_ups
from programme.flows.answering.drafts import begin_draft
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.people.permissions import NOBODY
from tests.factories import things


def examples(app: Flask, session: Session, registration: Registration, *, organiser: Person) -> dict[str, str]:
    """Return the secrets and numbers of one person's registration and of its opening."""
    opening = registration.opening
    return {
        **at_the_door(app, session, registration),
        **keyed(session, organiser.id),
        "invitation_token": revoked(app, session, opening),
        "draft_token": begun(app, session, opening),
        "walked_token": walked(app, session, opening),
        "number": "2",
        "second_question_id": asked_again(session, opening, organiser),
    }


def at_the_door(app: Flask, session: Session, registration: Registration) -> dict[str, str]:
    """Let somebody in at the door, ask how it was, and return what their code and their link hold."""
    settle(session, registration.opening_id, takes_walk_ins=True)
    begin(session, registration.opening_id, now=clock.now())
    seat = registration.seats[0]
    seat.attendance, seat.attended_at = Attendance.PRESENT, clock.now()
    return {
        "code_token": app.extensions["codes"].token(seat),
        "feedback_token": app.extensions["feedback_links"].token(registration),
    }


def keyed(session: Session, person_id: int) -> dict[str, str]:
    """Return a key of Liverpool's that waits, and the secret of a link that turns it."""
    key = session.scalars(
        select(ApprovalKey)
        .join(Organisation, Organisation.id == ApprovalKey.organisation_id)
        .where(ApprovalKey.state == KeyState.WAITING, Organisation.slug == people.LIVERPOOL)
    ).first()
    assert key is not None
    return {"key_id": str(key.id), "key_token": make_link(session, key.id, person_id, now=clock.now())}


def revoked(app: Flask, session: Session, opening: Opening) -> str:
    """Invite two people, take one invitation back, and return the token of that one."""
    row, other = (
        Invitation(
            opening_id=opening.id,
            name=name,
            address=f"{name.lower()}@example.org",
            address_key=f"{name.lower()}@example.org",
            state=state,
            link_version=7,
            invited_at=clock.now(),
        )
        for name, state in (("Ivy", InvitationState.REVOKED), ("Ida", InvitationState.SILENT))
    )
    listed = ListedAddress(opening_id=opening.id, address_key="ivy@example.org", address="Ivy@example.org")
    listed.added_at = clock.now()
    session.add_all([row, other, listed])
    session.flush()
    return token_of(app.extensions["links"], row.id, version=row.link_version)


def begun(app: Flask, session: Session, opening: Opening) -> str:
    """Let somebody save the form of an opening half-filled, and return the secret that opens it."""
    typed = Typed(name="Dora Draft", address="dora@people.example.org", texts={"email": ["dora@"]}, asked_as="")
    kept = begin_draft(session, opening, typed, {}, actor=NOBODY, now=clock.now())
    return draft_token(app.extensions["links"], kept.draft)


def walked(app: Flask, session: Session, opening: Opening) -> str:
    """Let somebody save the form of an opening that is filled in one section a page, and return its secret."""
    camp = things.event(session, lead=opening.lead_organisation, title="Camp by the river")
    row = things.opening(session, events=[camp], section_a_page=True)
    row.questionnaire = form = actions.new_questionnaire(session, now=clock.now())
    actions.add_question(session, form, kind="section", label="About the night")
    actions.add_question(session, form, kind="short_text", label="What do you need for breakfast?")
    return begun(app, session, row)


def asked_again(session: Session, opening: Opening, organiser: Person) -> str:
    """Ask a second form of those who have a place at an opening, and return its last question."""
    form = follow_ups.ensure_follow_up(session, opening.id, now=clock.now()).questionnaire
    options = {"options": ["Vegetables", "Fish"]}
    actions.add_question(session, form, kind="yes_no", label="Do you stay for supper?")
    row = actions.add_question(session, form, kind="many_of", label="What do you eat there?", settings=options)
    follow_ups.ask(session, opening.id, actor=actor_of(organiser), now=clock.now())
    return str(row.id)
