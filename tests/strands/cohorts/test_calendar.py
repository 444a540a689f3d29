"""Milestones in secret calendars: all-day, on the day that is due now, under a UID that stays; nobody else's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from sqlalchemy import update

from programme.engines.calendar.feeds.subscriptions import subscribe
from programme.engines.calendar.models import AcademicPeriod
from programme.engines.calendar.states import FeedPurpose, PeriodKind, PeriodStatus
from programme.strands.cohorts.models import Rulebook, Supervision, Suspension
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.states import CandidatureState, MilestoneState
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
    for who in (cast.alice, cast.charlie, cast.ada):
        assert told(body(client, session, who)) == {}
    assert b"Bob" not in body(client, session, cast.olga)
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


def test_who_runs_a_cohort_sees_counts_of_it_and_no_names(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    second = cohorts.candidature(session, cohort=bob.cohort, person=cast.charlie, home=cast.oxford)
    session.commit()
    content = body(client, session, cast.olga)
    assert faults(content) == []
    entries = told(content)
    transfer = entries["Corridor cohort 2026: Transfer of status due (2 researchers)"]
    assert transfer["DTSTART"].dt == date(2027, 12, 4)
    assert "Oxford: Saturday of 8th week, Michaelmas 2027" in transfer["DESCRIPTION"]
    assert "Liverpool: " in transfer["DESCRIPTION"]
    assert str(transfer["URL"]).endswith(f"/organise/cohorts/{bob.cohort_id}/milestones")
    assert not any(name in content.decode() for name in ("Bob", "Charlie"))
    assert content == body(client, session, cast.olga), "what has not changed reads the same"
    second.suspensions.append(Suspension(first_unit=second.entry_unit + 1, units=1, granted_at=LONG_AGO))
    session.flush()
    renew_milestones(session, [second.id], now=LONG_AGO + timedelta(days=30))
    for milestone in bob.milestones:
        milestone.state = MilestoneState.DONE if milestone.code == "transfer" else milestone.state
    session.commit()
    after = told(body(client, session, cast.olga))
    stays = after["Corridor cohort 2026: Transfer of status due (1 researcher, 1 done)"]
    assert stays["UID"] == transfer["UID"]
    assert stays["LAST-MODIFIED"].dt > transfer["LAST-MODIFIED"].dt
    assert after["Corridor cohort 2026: Transfer of status due (1 researcher)"]["DTSTART"].dt == date(2028, 3, 11)
    assert told(body(client, session, cast.olga, FeedPurpose.PLACES)) == {}


def test_a_cohort_that_is_not_shared_is_in_no_other_organisers_calendar(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    bob.cohort.award.co_owners = []
    session.commit()
    assert told(body(client, session, cast.olga)) == {}
    assert told(body(client, session, cast.omar)) != {}


def test_a_term_without_dates_has_no_entry_until_it_has_some(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 1, units=1, granted_at=LONG_AGO))
    session.flush()
    renew_milestones(session, [bob.id], now=LONG_AGO)
    before = told(body(client, session, cast.bob))
    assert "Transfer of status due" in before
    assert not [title for title in before if "ubmission" in title], "Michaelmas 2030 is in no calendar yet"
    row = AcademicPeriod(
        organisation_id=cast.oxford.id,
        kind=PeriodKind.TEACHING,
        label="Michaelmas 2030",
        code="MT30",
        first_day=date(2030, 10, 13),
        weeks=8,
    )
    session.add(row)
    session.flush()
    renew_milestones(session, [bob.id], now=LONG_AGO + timedelta(days=1))
    session.commit()
    after = told(body(client, session, cast.bob))
    found = [entry for title, entry in after.items() if "ubmission" in title]
    assert [entry["DTSTART"].dt for entry in found] == [date(2030, 12, 7)]


def test_who_withdrew_is_in_nobodys_calendar(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    assert "Transfer of status due" in told(body(client, session, cast.bob))
    bob.state = CandidatureState.WITHDRAWN
    session.commit()
    for who in (cast.bob, cast.omar, cast.olga):
        assert told(body(client, session, who)) == {}


def test_who_supervises_no_more_sees_nothing(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature, clock: Clock
) -> None:
    session.execute(update(Supervision).values(person_id=cast.charlie.id))
    session.commit()
    assert "Bob Birchfield: Transfer of status due" in told(body(client, session, cast.charlie))
    session.execute(update(Supervision).values(ends_on=clock.now.date() - timedelta(days=1)))
    session.commit()
    assert told(body(client, session, cast.charlie)) == {}


def test_what_a_rule_says_and_that_a_day_is_sure_move_the_time_of_the_last_change(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    before = told(body(client, session, cast.bob))["Transfer of status due"]
    later = LONG_AGO + timedelta(days=9)
    session.execute(update(AcademicPeriod).values(status=PeriodStatus.CONFIRMED))
    session.expire_all()
    renew_milestones(session, [bob.id], now=later)
    session.commit()
    sure = told(body(client, session, cast.bob))["Transfer of status due"]
    assert "provisional" not in sure["DESCRIPTION"]
    assert (sure["LAST-MODIFIED"].dt, sure["SEQUENCE"]) == (later, before["SEQUENCE"])
    session.execute(update(Rulebook).values(changed_at=later + timedelta(days=1)))
    session.commit()
    told_anew = told(body(client, session, cast.bob))["Transfer of status due"]
    assert told_anew["LAST-MODIFIED"].dt == later + timedelta(days=1)
