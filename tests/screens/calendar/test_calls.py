"""What one may apply for that belongs to no event is found where what's on is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from programme.engines.calendar.states import Visibility
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.actions import edit, share
from programme.engines.registration.openings.editing.details import Details
from programme.engines.registration.states import Eligibility, OpeningState, RegistrationState
from programme.people.identity import actor_of
from programme.people.states import Strand
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for
from tests.factories.things import event, opening, registration

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")
NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def call(session: Session, cast: Cast, title: str, **given: Any) -> Opening:
    """Open something that admits to no event."""
    values: dict[str, Any] = {
        "strand": Strand.PLACEMENTS,
        "state": OpeningState.OPEN,
        "lead_organisation_id": cast.oxford.id,
        "created_at": LONG_AGO,
        "closes_at": NOW + timedelta(days=14),
        **given,
    }
    row = Opening(title=title, **values)
    session.add(row)
    session.commit()
    return row


def test_a_call_stands_on_what_is_on_and_on_the_page_of_its_strand(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = call(session, cast, "Summer internships")
    for address in ("/", "/?strand=placements", "/strands/placements"):
        page = client.get(address).text
        assert f'href="/openings/summer-internships-{row.id}/registration"' in page
        assert "January 2027, in 14 days" in page
    for address in ("/?strand=exchange", "/strands/exchange", "/?from=2027-06-01"):
        assert "Summer internships" not in client.get(address).text


def test_the_first_to_close_comes_first_and_one_that_is_not_open_yet_says_so(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    call(session, cast, "Whenever", closes_at=None)
    call(session, cast, "Later", closes_at=NOW + timedelta(days=40), opens_at=NOW + timedelta(days=6))
    call(session, cast, "Sooner")
    page = client.get("/").text
    assert page.index("Sooner") < page.index("Later") < page.index("Whenever")
    assert "Opens Monday 18 January" in page


@pytest.mark.parametrize(
    "given",
    [
        {"state": OpeningState.DRAFT},
        {"state": OpeningState.CLOSED},
        {"closes_at": NOW},
        {"eligibility": Eligibility.INVITED},
        {"eligibility": Eligibility.ADDRESSES},
        {"eligibility": Eligibility.GROUP},
    ],
)
def test_what_is_not_for_everybody_or_not_open_is_not_shown(
    client: FlaskClient, session: Session, cast: Cast, given: dict[str, Any]
) -> None:
    call(session, cast, "Summer internships", **given)
    assert "Summer internships" not in client.get("/").text
    assert 'id="apply"' not in client.get("/strands/placements").text


def test_an_opening_of_an_event_is_found_by_its_event_alone(client: FlaskClient, session: Session, cast: Cast) -> None:
    opening(session, events=[event(session, lead=cast.oxford)], title="For founders", closes_at=NOW + timedelta(days=3))
    session.commit()
    assert "For founders" not in client.get("/").text


EVERYWHERE = ("/", "/?strand=placements", "/strands/placements", "/?q=internships", "/events?q=internships")


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.HIDDEN])
def test_a_call_that_is_not_for_everybody_is_for_strangers_nowhere(
    client: FlaskClient, session: Session, cast: Cast, visibility: Visibility
) -> None:
    row = call(session, cast, "Summer internships", visibility=visibility)
    form = f"/openings/summer-internships-{row.id}/registration"
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    for who in ("a member of the other university", "nobody"):
        for address in (*EVERYWHERE, form, f"/openings/{row.id}/registration", f"{form}/sent"):
            assert "ummer" not in client.get(address).text.replace("British Summer Time", ""), (who, address)
        sent = {"name": "Gwen Guest", "email": "gwen@example.org", "form_key": "k"}
        assert client.get(form).status_code == client.post(form, data=sent).status_code == 404
        assert client.post(f"/openings/{row.id}/drafts", data=sent).status_code == 404
        client.delete_cookie("programme_session")
    assert session.scalars(select(Registration)).all() == []


def test_members_of_whoever_runs_a_call_see_it_and_register(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = call(session, cast, "Summer internships", visibility=Visibility.MEMBERS)
    form = f"/openings/summer-internships-{row.id}/registration"
    client.set_cookie("programme_session", cookie_for(session, cast.bob))
    for address in ("/", "/strands/placements"):
        assert f'href="{form}"' in client.get(address).text
    assert client.get(form).status_code == 200
    sent = {"name": cast.bob.name, "email": cast.bob.address, "form_key": "k"}
    assert client.post(form, data=sent).status_code == 303
    assert "Summer internships" in client.get("/me").text


def test_who_shares_a_call_counts_and_the_other_universitys_organiser_does_not(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = call(session, cast, "Summer internships", visibility=Visibility.MEMBERS)
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    form = f"/openings/summer-internships-{row.id}/registration"
    assert "Summer internships" not in client.get("/").text
    assert client.get(form).status_code == 404
    share(session, row.id, [cast.liverpool.id], actor=actor_of(cast.omar), now=NOW)
    session.commit()
    assert "Summer internships" in client.get("/").text
    assert client.get(form).status_code == 200


def test_a_hidden_call_is_on_no_list_and_its_organisers_look_at_its_form(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = call(session, cast, "Summer internships", visibility=Visibility.HIDDEN)
    form = f"/openings/summer-internships-{row.id}/registration"
    for who, status in ((cast.bob, 404), (cast.omar, 200)):
        client.set_cookie("programme_session", cookie_for(session, who))
        assert "Summer internships" not in client.get("/").text
        assert client.get(form).status_code == status


def test_a_page_that_was_kept_forgets_a_call_that_was_hidden_since(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = call(session, cast, "Summer internships")
    form = f"/openings/summer-internships-{row.id}/registration"
    for _ in range(2):
        assert "Summer internships" in client.get("/").text
        assert client.get(form).status_code == 200
    edit(session, row.id, Details(title=row.title, visibility=Visibility.HIDDEN), actor=actor_of(cast.omar), now=NOW)
    session.commit()
    assert "Summer internships" not in client.get("/").text
    assert client.get(form).status_code == 404
    sent = {"name": "Gwen Guest", "email": "gwen@example.org", "form_key": "k"}
    assert client.post(form, data=sent).status_code == 404


def test_whoever_sends_the_form_of_what_was_hidden_a_moment_ago_is_let_in(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = call(session, cast, "Summer internships", visibility=Visibility.HIDDEN)
    form = f"/openings/summer-internships-{row.id}/registration"
    assert client.get(form).status_code == 404, "now this worker knows it as hidden"
    edit(session, row.id, Details(title=row.title), actor=actor_of(cast.omar), now=NOW)
    session.commit()
    sent = {"name": "Gwen Guest", "email": "gwen@example.org", "form_key": "k"}
    assert client.post(form, data=sent).status_code == 303


def test_the_visibility_of_what_admits_to_events_is_theirs(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = opening(session, events=[event(session, lead=cast.oxford)], visibility=Visibility.HIDDEN)
    session.commit()
    assert client.get(f"/openings/quantum-sensing-for-chemists-{row.id}/registration").status_code == 200


def test_who_cannot_come_back_to_a_hidden_call_is_not_sent_there(
    app: Flask, client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = call(session, cast, "Summer internships", visibility=Visibility.HIDDEN)
    one = registration(session, to=row, who=cast.charlie, state=RegistrationState.CANCELLED)
    session.commit()
    page = client.get(app.extensions["links"].path(one)).text
    assert "Register again" not in page
    assert "See what else is on" in page
    row.visibility = Visibility.PUBLIC
    session.commit()
    assert "Register again" in client.get(app.extensions["links"].path(one)).text
