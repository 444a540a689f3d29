"""Three hours over the due time in which nothing can be sent: late where of use still, else listed as too late."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.engines.mail.actions import beat
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.reminders.actions import Thing, Wish, add
from programme.engines.reminders.models import Audience, OffsetUnit
from programme.flows.reminding import TICK, queue_due_reminders
from programme.flows.subjects.events import EVENTS
from programme.people.identity import actor_of
from programme.scheduler import run_due
from tests.bed.servers.smtp import Peer
from tests.factories.cast import LONG_AGO, cookie_for
from tests.factories.things import SOON, event, opening, registration
from tests.flows.reminding.desk import HOUR, Desk

DUE = SOON - 2 * HOUR
OVER = DUE + 3 * HOUR


def mail_server_is_away(desk: Desk, peer: Peer) -> datetime:
    """The scheduler runs, and the mail server takes nothing; return when it works and is tried again."""
    peer.answer("MAIL", "421 4.3.2 closing")
    at = DUE
    while at <= OVER:
        run_due(desk.app, at)
        at += HOUR / 2
    peer.behave()
    return at


def scheduler_is_away(desk: Desk, peer: Peer) -> datetime:
    """The letters are queued, and then nothing runs; return when it does again."""
    queue_due_reminders(desk.session, DUE)
    desk.session.commit()
    return OVER


def nothing_runs_at_all(desk: Desk, peer: Peer) -> datetime:
    """The scheduler looked last before anything was due; return when it runs again."""
    beat(desk.session, TICK, seconds=15, started=DUE - HOUR, succeeded=DUE - HOUR)
    desk.session.commit()
    return OVER


OUTAGES: Mapping[str, Callable[[Desk, Peer], datetime]] = {
    "mail server": mail_server_is_away,
    "scheduler": scheduler_is_away,
    "everything": nothing_runs_at_all,
}


@pytest.mark.parametrize("away", OUTAGES)
def test_what_is_of_use_still_goes_late_and_the_rest_is_listed_as_too_late(
    desk: Desk, smtp_peer: Peer, client: FlaskClient, away: str
) -> None:
    desk.enter(desk.cast.alice)
    desk.rule(Audience.CONFIRMED, offset=-2, unit=OffsetUnit.HOURS)
    morrow = remind_of_the_morrow(desk)
    desk.session.commit()
    run_due(desk.app, OUTAGES[away](desk, smtp_peer))
    assert [received.recipients for received in smtp_peer.received] == [[desk.cast.bob.address]]
    assert morrow in str(smtp_peer.received[0].message["Subject"])
    desk.session.rollback()
    assert {row.recipient: row.state for row in desk.session.scalars(select(OutboxMessage))} == {
        desk.cast.alice.address: OutboxState.EXPIRED,
        desk.cast.bob.address: OutboxState.SENT,
    }
    client.set_cookie("programme_session", cookie_for(desk.session, desk.cast.omar))
    page = client.get("/organise/mail?state=expired").get_data(as_text=True)
    assert desk.cast.alice.name in page
    assert "Too late to send" in page
    assert desk.cast.bob.name not in page


def remind_of_the_morrow(desk: Desk) -> str:
    """Let Bob be reminded, at the same instant, of a talk on the next day; return its title."""
    row = event(desk.session, lead=desk.cast.oxford, title="Moss on walls", starts_at=DUE + timedelta(days=1))
    registration(desk.session, to=opening(desk.session, events=[row]), who=desk.cast.bob)
    thing = Thing(EVENTS, row.id, desk.cast.oxford.id)
    add(desk.session, thing, Wish(), actor=actor_of(desk.cast.omar), now=LONG_AGO)
    return row.title
