"""However much is late or near for somebody, they have one letter a day about it, and nothing is left untold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.reminders.outgoing import queueing
from programme.strands.cohorts.models import Candidature, Suspension
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.reminding import telling
from programme.strands.cohorts.reminding.subject import remind_usually
from programme.strands.cohorts.states import SupervisionRole
from tests.factories import cohorts
from tests.factories.cast import LONG_AGO, Cast
from tests.strands.cohorts.reminding.conftest import SITE, milestone, queued, readers, set_by_hand


@pytest.fixture
def three(session: Session, bob: Candidature) -> Candidature:
    """Bob, of whom one thing is late, one is due in two weeks and one in eight, as nobody has been told yet."""
    set_by_hand(session, milestone(bob, "transfer"), date(2027, 11, 15))
    set_by_hand(session, milestone(bob, "confirmation"), date(2027, 12, 12))
    set_by_hand(session, milestone(bob, "submission"), date(2028, 1, 23))
    return bob


def told_each_day(session: Session, who: str, *days: date, hour: int = 10) -> list[int]:
    """How many letters somebody gets on days."""
    times = [datetime(day.year, day.month, day.day, hour, tzinfo=UTC) for day in days]
    return [readers(queued(session, time)).count(who) for time in times]


def days_from(first: date, number: int) -> list[date]:
    return [first + timedelta(days=one) for one in range(number)]


def test_whoever_joins_has_one_letter_about_all_that_is_late_and_due_and_then_those_that_fall_due(
    session: Session, three: Candidature
) -> None:
    told = told_each_day(session, "Omar Otterbrook", *days_from(date(2027, 11, 28), 15))
    falls_due = {date(2027, 11, 30), date(2027, 12, 5), date(2027, 12, 7), date(2027, 12, 12)}
    joins = date(2027, 11, 28)
    assert told == [int(day == joins or day in falls_due) for day in days_from(joins, 15)]
    (letter,) = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient_name == "Omar Otterbrook").limit(1))
    said = telling.compose(session, letter, now=datetime(2027, 11, 28, 10, tzinfo=UTC), base_url=SITE)
    assert said is not None
    assert len(said.variables["others"]) == 3


def test_supervisor_who_joins_a_cohort_where_others_were_told_has_one_letter_that_day_in_however_many_portions(
    session: Session, cast: Cast, three: Candidature, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "AT_ONCE", 1)
    queued(session, datetime(2027, 11, 27, 10, tzinfo=UTC))
    given = {"candidature": three, "person": cast.charlie, "organisation": cast.oxford, "role": SupervisionRole.CO}
    cohorts.supervision(session, **given)  # type: ignore[arg-type]
    now = datetime(2027, 11, 28, 7, tzinfo=UTC)
    assert readers(queued(session, now)) == ["Charlie Chalkwell"]
    assert [readers(queued(session, now + timedelta(hours=more))) for more in (0, 1, 4, 16)] == [[], [], [], []]


def test_what_falls_due_after_the_letter_of_a_day_is_told_on_the_next(session: Session, three: Candidature) -> None:
    """What is late comes on Tuesdays, at nine; somebody joined at seven."""
    told = [queued(session, datetime(2027, 11, 30, hour, tzinfo=UTC)) for hour in (7, 10, 23)]
    assert [len(letters) for letters in told] == [3, 0, 0]
    assert told_each_day(session, "Bob Birchfield", *days_from(date(2027, 12, 1), 3)) == [1, 0, 0]


def test_day_moved_nearer_after_a_letter_is_told_although_its_reminders_had_passed(
    session: Session, three: Candidature
) -> None:
    now = datetime(2027, 11, 30, 10, tzinfo=UTC)
    assert len(queued(session, now)) == 3
    row = milestone(three, "submission")
    row.set_on = date(2027, 12, 6)
    session.flush()
    renew_milestones(session, [three.id], now=now + timedelta(hours=1))
    assert queued(session, now + timedelta(hours=2)) == []
    assert told_each_day(session, "Bob Birchfield", *days_from(date(2027, 12, 1), 3)) == [1, 0, 0]


def test_letter_that_came_too_late_or_was_not_wanted_told_nobody(session: Session, three: Candidature) -> None:
    now = datetime(2027, 12, 1, 10, tzinfo=UTC)
    letters = {letter.recipient_name: letter for letter in queued(session, now)}
    letters["Bob Birchfield"].state = OutboxState.EXPIRED
    letters["Omar Otterbrook"].state = OutboxState.CANCELLED
    session.flush()
    assert readers(queued(session, now + timedelta(minutes=1))) == []
    session.expire_all()
    assert letters["Omar Otterbrook"].state is OutboxState.PENDING
    assert readers(queued(session, now + timedelta(days=1))) == ["Bob Birchfield"]


def test_first_day_after_a_suspension_and_things_of_two_cohorts_are_one_letter(
    session: Session, cast: Cast, three: Candidature
) -> None:
    """Omar supervises Alice of another cohort as well, who has something late since another day."""
    other = cohorts.cohort(session, award=three.cohort.award, entry_year=2027)
    alice = cohorts.candidature(session, cohort=other, person=cast.alice, home=cast.oxford)
    cohorts.supervision(session, candidature=alice, person=cast.omar, organisation=cast.oxford)
    remind_usually(session, other, now=LONG_AGO)
    set_by_hand(session, milestone(alice, "integrity"), date(2028, 3, 30))
    three.suspensions.append(Suspension(first_unit=three.entry_unit + 3, units=1, granted_at=LONG_AGO))
    session.flush()
    renew_milestones(session, [three.id], now=LONG_AGO)
    back = three.suspensions[0].back_on
    assert back is not None
    set_by_hand(session, milestone(three, "confirmation"), back + timedelta(weeks=2))
    set_by_hand(session, milestone(three, "submission"), back + timedelta(weeks=8))
    assert told_each_day(session, "Bob Birchfield", back - timedelta(days=1), back, back, hour=20) == [0, 1, 0]
    letters = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient_name == "Omar Otterbrook")).all()
    days = [letter.created_at.date() for letter in letters]
    assert back in days
    assert len(days) == len(set(days))
