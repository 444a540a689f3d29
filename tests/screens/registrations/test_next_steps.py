"""The next step in every state: what somebody is invited to, waits for, and what ended, on both pages that tell it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.eligibility.links import token_of
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.states import Eligibility, InvitationState, OpeningState, RegistrationState
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, cookie_for
from tests.screens.registrations.test_mine import statements

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from programme.people.models import Person
    from tests.bed.clock import Clock

R = RegistrationState


@pytest.fixture
def bob(app: Flask, session: Session, people: Cast) -> FlaskClient:
    """Bob's browser, signed in."""
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    session.commit()
    return client


def talk(session: Session, people: Cast, title: str, **given: Any) -> Opening:
    """An opening for one talk."""
    return things.opening(
        session, events=[things.event(session, lead=people.oxford, title=title)], title=title, **given
    )


def invited(session: Session, to: Opening, who: Person, state: InvitationState = InvitationState.SILENT) -> Invitation:
    """Somebody is invited."""
    to.eligibility = Eligibility.INVITED
    row = Invitation(opening_id=to.id, address=who.address, address_key=who.address_key, name=who.name, state=state)
    row.link_version, row.invited_at = 7, LONG_AGO
    session.add(row)
    session.flush()
    return row


def test_whoever_is_invited_and_silent_is_led_to_the_form_by_the_invitation(
    app: Flask, session: Session, people: Cast, bob: FlaskClient, clock: Clock
) -> None:
    row = invited(session, talk(session, people, "Roundtable", closes_at=clock.now + timedelta(days=5)), people.bob)
    session.commit()
    page = bob.get("/me").text
    link = f"/invitations/{token_of(app.extensions['links'], row.id, version=7)}"
    assert "You are invited. It is on Tuesday 16 February 2027." in page
    assert "By Sunday 17 January, 09:00 GMT, in 5 days" in page
    assert f'href="{link}">Register' in page
    assert "Nothing is in your programme yet" not in page
    assert "You are invited." in bob.get(link, follow_redirects=True).text


def test_invitations_that_nobody_can_take_now_are_not_asked_for(
    session: Session, people: Cast, bob: FlaskClient, clock: Clock
) -> None:
    begun = talk(session, people, "Begun already")
    invited(session, begun, people.bob)
    typed = {"name": "Bob", "address": people.bob.address, "address_key": people.bob.address_key}
    session.add(Draft(opening_id=begun.id, person_id=people.bob.id, created_at=clock.now, saved_at=clock.now, **typed))
    invited(session, talk(session, people, "Closed", closes_at=clock.now), people.bob)
    invited(session, talk(session, people, "Not yet", opens_at=clock.now + timedelta(days=1)), people.bob)
    invited(session, talk(session, people, "In preparation", state=OpeningState.DRAFT), people.bob)
    invited(session, talk(session, people, "Answered"), people.bob, InvitationState.ANSWERED)
    invited(session, talk(session, people, "Taken back"), people.bob, InvitationState.REVOKED)
    invited(session, talk(session, people, "For Alice"), people.alice)
    session.commit()
    page = bob.get("/me").text
    assert "You are invited" not in page
    assert page.count(">Begun already</a></h3>") == 1


def test_what_ended_without_ones_doing_is_told_for_two_weeks_and_leads_to_why(
    app: Flask, session: Session, people: Cast, bob: FlaskClient, clock: Clock
) -> None:
    def over(title: str, state: R, days: int) -> str:
        ended = {"ended_at": clock.now - timedelta(days=days), "reason": f"Because of {title}."}
        row = things.registration(session, to=talk(session, people, title), who=people.bob, state=state, **ended)
        return f'href="{app.extensions["links"].path(row)}">'

    refused, lapsed = over("Grants", R.REFUSED, 1), over("School", R.LAPSED, 2)
    over("Given back", R.CANCELLED, 1)
    over("Long ago", R.REFUSED, 15)
    again = talk(session, people, "Again")
    things.registration(session, to=again, who=people.bob, state=R.LAPSED, ended_at=clock.now)
    things.registration(session, to=again, who=people.bob)
    session.commit()
    page = bob.get("/me").text
    ended = page[page.index("Ended lately") :]
    assert (
        ended.index("Monday 11 January 2027.") < ended.index("Because of Grants.") < ended.index("Because of School.")
    )
    assert f"{refused}See what was decided" in ended
    assert f"{lapsed}See why, and what you can do" in ended
    for title in ("Given back", "Long ago", "Again"):
        assert title not in ended
    assert "Ended lately" not in page[: page.index("Your dates")]


def test_whoever_is_decided_about_reads_that_nothing_is_to_be_done(
    session: Session, people: Cast, bob: FlaskClient
) -> None:
    things.registration(session, to=talk(session, people, "Grants"), who=people.bob, state=R.PENDING)
    session.commit()
    assert "You need do nothing: we write to you when it is decided." in bob.get("/me").text


def test_invitations_and_ends_are_asked_for_as_often_for_thirty_as_for_one(
    app: Flask, session: Session, people: Cast, bob: FlaskClient, clock: Clock
) -> None:
    counts = []
    for wanted in (1, 29):
        for number in range(wanted):
            invited(session, talk(session, people, f"Invited {wanted} {number}"), people.bob)
            gone = talk(session, people, f"Gone {wanted} {number}")
            things.registration(session, to=gone, who=people.bob, state=R.REFUSED, ended_at=clock.now)
        session.commit()
        bob.get("/me")
        counts.append(statements(app, bob, "/me"))
    assert counts[0] == counts[1] < 30


@pytest.mark.parametrize(
    ("state", "is_open", "says", "leads"),
    [
        (R.REFUSED, True, "this is decided", "What’s on</a>"),
        (R.LAPSED, True, "You can register again", "Register again</a>"),
        (R.LAPSED, False, "Registration is not open any more", "What’s on</a>"),
        (R.CANCELLED, True, "Somebody may have been waiting for it", "Register again</a>"),
        (R.CANCELLED, False, "Somebody may have been waiting for it", "What’s on</a>"),
    ],
)
def test_page_of_what_ended_says_what_that_means_and_leads_nowhere_in_vain(
    app: Flask, session: Session, people: Cast, bob: FlaskClient, state: R, *, is_open: bool, says: str, leads: str
) -> None:
    to = talk(session, people, "School", state=OpeningState.OPEN if is_open else OpeningState.CLOSED)
    row = things.registration(session, to=to, who=people.bob, state=state, ended_at=LONG_AGO)
    session.commit()
    page = bob.get(app.extensions["links"].path(row)).text
    assert says in page
    main = page[page.index("What you can do") :]
    first = main[main.index('class="btn"') :]
    assert first[: first.index("</a>") + 4].endswith(leads)
    assert ("Register again" in page) is is_open


@pytest.mark.parametrize("state", [R.CONFIRMED, R.WAITLISTED])
def test_page_of_what_is_over_asks_for_nothing_and_reminds_of_nothing(
    app: Flask, session: Session, people: Cast, bob: FlaskClient, state: R
) -> None:
    gone = things.event(session, lead=people.oxford, title="School", starts_at=things.SOON - timedelta(days=90))
    row = things.registration(session, to=things.opening(session, events=[gone]), who=people.bob, state=state)
    session.commit()
    page = bob.get(app.extensions["links"].path(row)).text
    assert ("You had a place at" in page) is (state is R.CONFIRMED)
    for past in ("We remind you.", "Add to calendar", "Cancel your place", "Leave the waiting list", "moves up"):
        assert past not in page
    assert "Nothing: this" in page
