"""Milestones in secret calendars: all-day, on the day that is due now, under a UID that stays; nobody else's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest

from programme.engines.calendar.feeds.subscriptions import subscribe
from programme.engines.calendar.states import FeedPurpose
from programme.strands.cohorts.models import Suspension
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.states import MilestoneState
from tests.conformance.rules import faults
from tests.factories import cohorts
from tests.factories.cast import LONG_AGO, Cast, assemble

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.strands.cohorts.models import Candidature
    from tests.bed.clock import Clock


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def bob(session: Session, cast: Cast) -> Candidature:
    """Bob of Oxford, supervised by Omar there."""
    award = cohorts.award(session, lead=cast.oxford, shared_with=[cast.liverpool])
    cohort = cohorts.cohort(session, award=award)
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford, partner=cast.liverpool)
    cohorts.supervision(session, candidature=row, person=cast.omar, organisation=cast.oxford)
    session.commit()
    return row


def body(client: FlaskClient, session: Session, who: Person, purpose: FeedPurpose = FeedPurpose.GROUPS) -> bytes:
    """Return what a new secret address of somebody's gives."""
    token = subscribe(session, who.id, purpose=purpose, now=LONG_AGO)
    session.commit()
    answer = client.get(f"/feeds/{token}.ics")
    assert answer.status_code == 200
    return bytes(answer.data)


def told(content: bytes) -> dict[str, Any]:
    """Return the entries by title."""
    return {str(one["SUMMARY"]): one for one in icalendar.Calendar.from_ical(content).walk("VEVENT")}


def test_milestone_is_a_whole_day_with_both_universities_weeks(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    content = body(client, session, cast.bob)
    assert faults(content) == []
    transfer = told(content)["Transfer of status due"]
    assert (transfer["DTSTART"].dt, transfer["DTEND"].dt) == (date(2027, 12, 4), date(2027, 12, 5))
    for words in ("GSO.2", "Liverpool: ", "Oxford: Saturday of 8th week, Michaelmas 2027", "Dates are provisional."):
        assert words in transfer["DESCRIPTION"]
    assert str(transfer["URL"]).endswith(f"/records/{bob.id}/milestones")
    assert transfer["TRANSP"] == "TRANSPARENT"


def test_another_day_keeps_the_uid_and_raises_the_sequence(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    before = told(body(client, session, cast.bob))["Transfer of status due"]
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 1, units=1, granted_at=LONG_AGO))
    session.flush()
    renew_milestones(session, [bob.id], now=LONG_AGO + timedelta(days=30))
    after = told(body(client, session, cast.bob))["Transfer of status due"]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert after["DTSTART"].dt == date(2028, 3, 11)


def test_supervisor_sees_whose_it_is_and_nobody_else_sees_anything(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    assert "Bob Birchfield: Transfer of status due" in told(body(client, session, cast.omar))
    assert "Bob Birchfield: Transfer of status due" in told(body(client, session, cast.omar, FeedPurpose.SEEN))
    for who in (cast.olga, cast.alice, cast.charlie):
        assert told(body(client, session, who)) == {}
    assert told(body(client, session, cast.bob, FeedPurpose.PLACES)) == {}


def test_what_is_done_says_so_and_what_does_not_apply_goes(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    states = {"transfer": MilestoneState.DONE, "confirmation": MilestoneState.EXEMPT}
    for milestone in bob.milestones:
        milestone.state = states.get(milestone.code, milestone.state)
    session.commit()
    entries = told(body(client, session, cast.bob))
    assert "Transfer of status done" in entries
    assert not [title for title in entries if "Confirmation" in title]
