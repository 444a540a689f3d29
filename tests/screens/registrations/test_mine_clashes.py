"""What clashes, on My programme: beside the things concerned, for oneself, and as often asked for many as for few."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from programme.engines.calendar.models import Event, Venue
from programme.engines.registration.states import RegistrationState, SeatState
from tests.factories import things
from tests.factories.cast import Cast, cookie_for
from tests.screens.registrations.test_mine import statements

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.people.models import Person

SUM = (
    "“Clinic” ends 12:00 GMT in Liverpool on Tuesday 16 February, “Talk” begins 14:00 GMT in Oxford:"
    " 2 h between, 3 h 10 needed at the least."
)
ENTRY = '<li class="stop'


def takes(session: Session, who: Person, lead: Any, *, code: str = "", **given: Any) -> Event:
    """Let somebody have, wait for or be offered a place at something, as `state` says."""
    state = given.pop("state", RegistrationState.CONFIRMED)
    answer_by = given.pop("answer_by", None)
    venue_id = session.scalars(select(Venue.id).where(Venue.code == code)).one() if code else None
    row = things.event(session, lead=lead, venue_id=venue_id, **given)
    to = things.opening(session, events=[row], title=given["title"])
    things.registration(session, to=to, who=who, state=state, answer_by=answer_by)
    return row


def entries(page: str) -> dict[str, str]:
    """What stands in each entry of the agenda, by its title, with plain spaces."""
    found = [one.split("</li>\n</ol>")[0] for one in page.replace("\N{NO-BREAK SPACE}", " ").split(ENTRY)[1:]]
    return {one.split("<h3>")[1].split("</a>")[0].split(">")[1]: one for one in found}


def seen_by(client: FlaskClient, session: Session, who: Person) -> dict[str, str]:
    """The entries of somebody's programme."""
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, who))
    return entries(client.get("/me").text)


def test_what_cannot_be_reached_in_time_stands_beside_both_with_its_sum(
    client: FlaskClient, session: Session, people: Cast
) -> None:
    soon = things.SOON
    early = {"starts_at": soon - timedelta(hours=4), "ends_at": soon - timedelta(hours=2)}
    takes(session, people.bob, people.liverpool, code="LIV-MIF", title="Clinic", **early)
    takes(session, people.bob, people.oxford, code="OXF-SBS", title="Talk")
    takes(session, people.bob, people.oxford, title="Later", starts_at=soon + timedelta(days=9))
    found = seen_by(client, session, people.bob)
    for title in ("Clinic", "Talk"):
        assert "You cannot do both" in found[title]
        assert SUM in found[title]
    assert "See the other" not in found["Later"]


def test_what_is_only_tight_is_told_apart(client: FlaskClient, session: Session, people: Cast) -> None:
    soon = things.SOON
    early = {"starts_at": soon - timedelta(hours=4), "ends_at": soon - timedelta(minutes=25)}
    takes(session, people.bob, people.oxford, code="OXF-BEG", title="Breakfast", **early)
    takes(session, people.bob, people.oxford, code="OXF-SBS", title="Talk")
    found = seen_by(client, session, people.bob)
    assert "This will be tight" in found["Talk"]
    assert "25 min between, 30 min needed." in found["Talk"]
    assert "You cannot do both" not in found["Talk"]


def test_what_is_waited_for_is_compared_with_what_is_had_and_not_the_other_way(
    client: FlaskClient, session: Session, people: Cast
) -> None:
    takes(session, people.bob, people.oxford, title="Had")
    takes(session, people.bob, people.oxford, title="Waited for", state=RegistrationState.WAITLISTED)
    takes(session, people.bob, people.oxford, title="Also waited for", state=RegistrationState.WAITLISTED)
    found = seen_by(client, session, people.bob)
    assert "“Had” is at the same time as “Waited for”" in found["Waited for"]
    assert "See the other" not in found["Had"]
    assert "“Also waited for” is" not in found["Waited for"]


def test_offer_says_before_it_is_taken_what_it_clashes_with(
    client: FlaskClient, session: Session, people: Cast, clock: Any
) -> None:
    takes(session, people.bob, people.oxford, title="Had")
    until = clock.now + timedelta(days=2)
    takes(session, people.bob, people.oxford, title="Offered", state=RegistrationState.OFFERED, answer_by=until)
    found = seen_by(client, session, people.bob)
    assert "“Offered” is at the same time as “Had”" in found["Had"]
    page = client.get("/me").text
    card = page[page.index('class="offer"') : page.index("Your dates")]
    assert "“Had” is at the same time as “Offered”" in card
    assert "Take the place" in card


def test_dates_of_one_place_are_not_compared_and_what_was_chosen_is(
    client: FlaskClient, session: Session, people: Cast
) -> None:
    pair = [things.event(session, lead=people.oxford, title=title) for title in ("Track A", "Track B")]
    for who, chooses in ((people.bob, None), (people.alice, 2)):
        to = things.opening(session, events=pair, chooses=chooses)
        things.registration(session, to=to, who=who)
    assert not any("See the other" in one for one in seen_by(client, session, people.bob).values())
    assert all("You cannot do both" in one for one in seen_by(client, session, people.alice).values())


def test_skipped_dates_clash_with_nothing_and_nobody_else_sees_anything(
    client: FlaskClient, session: Session, people: Cast
) -> None:
    takes(session, people.bob, people.oxford, title="Had")
    weekly = things.event(session, lead=people.oxford, title="Weekly")
    row = things.registration(session, to=things.opening(session, events=[weekly]), who=people.bob)
    row.seats[0].state = SeatState.SKIPPED
    assert not any("See the other" in one for one in seen_by(client, session, people.bob).values())
    row.seats[0].state = SeatState.HELD
    assert "See the other" in seen_by(client, session, people.bob)["Had"]
    takes(session, people.charlie, people.oxford, title="Charlie’s")
    assert "Had" not in seen_by(client, session, people.charlie)["Charlie’s"]


@pytest.mark.parametrize("state", [RegistrationState.CONFIRMED, RegistrationState.WAITLISTED])
def test_page_asks_as_often_for_thirty_clashes_as_for_one(
    app: Flask, client: FlaskClient, session: Session, people: Cast, state: RegistrationState
) -> None:
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    takes(session, people.bob, people.oxford, title="Had")
    counts = []
    for wanted in (1, 28):
        for number in range(wanted):
            takes(session, people.bob, people.oxford, code="OXF-BEG", title=f"{wanted} {number}", state=state)
        session.commit()
        client.get("/me")
        counts.append(statements(app, client, "/me"))
    assert counts[0] == counts[1] < 27
    assert ("And 26 more." in client.get("/me").text) is (state is RegistrationState.CONFIRMED)
