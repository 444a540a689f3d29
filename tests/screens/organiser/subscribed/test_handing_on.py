"""What a subscribed address may not do: decide for others, keep what nobody needs, tell a secret."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.calendar.subscribed.models import FollowedEvent
from programme.engines.calendar.subscribed.states import Upstream
from programme.people.states import Strand
from tests.bed.servers.elsewhere import Elsewhere, answered
from tests.factories.cast import Cast
from tests.flows.following.conftest import calendar, talk
from tests.screens.organiser.subscribed.conftest import Give


@pytest.mark.parametrize("handed_on", ["organisation", "strand"])
def test_what_others_run_by_now_is_theirs_to_call_off(
    session: Session, cast: Cast, omar: FlaskClient, give: Give, handed_on: str
) -> None:
    address = give().location
    omar.post(f"{address}/confirmation")
    entry = session.scalars(select(FollowedEvent)).first()
    assert entry is not None
    entry.upstream, entry.conflicting, event_id = Upstream.ASKED, "title", entry.event_id
    entry.event.title = "Handed on"
    session.commit()
    assert "Handed on" in omar.get(address).text
    assert "Decide about 1 event" in omar.get("/organise").text
    if handed_on == "organisation":
        entry.event.lead_organisation_id = cast.liverpool.id
    else:
        entry.event.strand = Strand.COHORTS
    session.commit()
    assert "Handed on" not in omar.get(address).text
    assert "Decide about" not in omar.get("/organise").text
    for verb, given in (("vanishing", {"which": "cancel"}), ("decision", {"field": "title", "which": "theirs"})):
        answer = omar.post(f"{address}/events/{entry.id}/{verb}", data=given, follow_redirects=True)
        assert "belongs to another strand, organisation" in answer.text
    session.rollback()
    session.expire_all()
    event = session.get_one(Event, event_id)
    assert (event.title, event.state) == ("Handed on", EventState.PUBLISHED)


def test_what_was_fetched_is_kept_once_however_often_an_address_is_given(
    app: Flask, omar: FlaskClient, give: Give
) -> None:
    kept = app.extensions["settings"].store / "uploads" / "subscribed"
    give()
    address = give().location
    assert len(list(kept.iterdir())) == 1
    assert "2 new events" in omar.get(address).text
    omar.post(f"{address}/confirmation")
    assert list(kept.iterdir()) == []


def test_the_trail_tells_no_secret_address(
    session: Session, omar: FlaskClient, give: Give, elsewhere: Elsewhere
) -> None:
    elsewhere.answers["/private-a1b2c3/basic.ics"] = answered(calendar(talk("oak", "On oaks")))
    omar.post(f"{give(url=elsewhere.url('/private-a1b2c3/basic.ics')).location}/confirmation")
    told = session.scalars(select(AuditEntry).where(AuditEntry.verb == "subscribed to a calendar")).one()
    assert "private-a1b2c3" not in f"{told.before}{told.after}"
    assert session.scalar(select(func.count()).select_from(AuditEntry)) != 0
