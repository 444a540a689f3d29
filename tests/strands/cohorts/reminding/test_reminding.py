"""Milestones remind researchers and their supervisors: one letter a person and day, following the day as it moves."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.states import OutboxState
from programme.engines.reminders.models import ReminderRule
from programme.strands.cohorts.models import Candidature, Suspension
from programme.strands.cohorts.progress.grid import overdue
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.reminding import telling
from programme.strands.cohorts.reminding.subject import remind_usually
from programme.strands.cohorts.states import CandidatureState, MilestoneState, SupervisionRole
from tests.factories import cohorts
from tests.factories.cast import Cast
from tests.strands.cohorts.reminding.conftest import SITE, milestone, queued, readers, set_by_hand, settle

TRANSFER = date(2027, 12, 4)
TEN_WEEKS, SIX_WEEKS = datetime(2027, 9, 25, 9, tzinfo=UTC), datetime(2027, 10, 23, 9, tzinfo=UTC)
"""An hour after the reminders fall due, which is at nine in the morning of a British summer."""


def test_researcher_and_supervisors_are_told_ten_weeks_before_and_once(session: Session, bob: Candidature) -> None:
    assert queued(session, datetime(2027, 9, 25, 7, tzinfo=UTC)) == []
    assert readers(queued(session, TEN_WEEKS)) == ["Bob Birchfield", "Olga Oakhurst", "Omar Otterbrook"]
    assert queued(session, TEN_WEEKS.replace(hour=15)) == []
    assert len(queued(session, SIX_WEEKS)) == 3


def test_letter_tells_what_is_due_with_its_form_and_what_to_do(session: Session, bob: Candidature) -> None:
    letters = {letter.recipient_name: letter for letter in queued(session, TEN_WEEKS)}
    said = telling.compose_all(session, list(letters.values()), now=TEN_WEEKS, base_url=SITE)
    own = said[letters["Bob Birchfield"].id].variables
    assert [line["title"] for line in own["own"]] == ["Transfer of status"]
    assert own["own"][0]["when"] == "Saturday 4 December 2027, in 10 weeks (dates provisional)"
    assert own["own"][0]["form"] == "GSO.2"
    assert own["own"][0]["link"] == f"{SITE}/records/{bob.id}/milestones/{milestone(bob, 'transfer').id}"
    others = said[letters["Omar Otterbrook"].id].variables
    assert (others["own"], [line["title"] for line in others["others"]]) == (
        [],
        ["Bob Birchfield: Transfer of status"],
    )


def test_supervisor_of_two_has_one_letter_about_both(session: Session, cast: Cast, bob: Candidature) -> None:
    charlie = cohorts.candidature(session, cohort=bob.cohort, person=cast.charlie, home=cast.oxford)
    settle(session, charlie, {"integrity"})
    cohorts.supervision(session, candidature=charlie, person=cast.omar, organisation=cast.oxford)
    letters = queued(session, TEN_WEEKS)
    assert readers(letters).count("Omar Otterbrook") == 1
    (to_omar,) = [letter for letter in letters if letter.recipient_name == "Omar Otterbrook"]
    said = telling.compose(session, to_omar, now=TEN_WEEKS, base_url=SITE)
    assert said is not None
    assert len(said.variables["others"]) == 2


def test_reminders_follow_the_day_when_a_suspension_moves_it(session: Session, bob: Candidature) -> None:
    letters = queued(session, TEN_WEEKS)
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 1, units=1, granted_at=TEN_WEEKS))
    session.flush()
    renew_milestones(session, [bob.id], now=TEN_WEEKS)
    assert milestone(bob, "transfer").due_on == date(2028, 3, 11)
    assert telling.still_wanted(session, letters, now=TEN_WEEKS) == []
    assert queued(session, SIX_WEEKS) == []
    assert readers(queued(session, datetime(2028, 1, 1, 10, tzinfo=UTC)))[0] == "Bob Birchfield"


def test_whoever_is_suspended_is_reminded_as_little_as_they_are_listed_and_again_when_they_are_back(
    session: Session, bob: Candidature
) -> None:
    awards, late = [bob.cohort.award_id], datetime(2028, 1, 2, 10, tzinfo=UTC)
    assert queued(session, late)
    assert bob.id in {row.candidature_id for row in session.scalars(overdue.late(awards, today=late.date()))}
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 4, units=1, granted_at=late))
    session.flush()
    renew_milestones(session, [bob.id], now=late)
    assert bob.suspensions[0].rests_from == date(2028, 1, 9)
    told = []
    for week in range(1, 22):
        now = late + timedelta(weeks=week)
        listed = session.scalars(overdue.late(awards, today=now.date())).all()
        letters = queued(session, now)
        assert telling.still_wanted(session, letters, now=now) == [letter.id for letter in letters]
        assert bool(letters) == bool(listed)
        told.append(bool(letters))
    back = bob.suspensions[0].back_on
    assert back is not None
    assert told == [late.date() + timedelta(weeks=week) >= back for week in range(1, 22)]
    assert told.count(True) in range(3, 8)


def test_what_was_handed_in_before_a_suspension_is_signed_still(session: Session, bob: Candidature) -> None:
    milestone(bob, "transfer").state = MilestoneState.HANDED_IN
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 3, units=1, granted_at=TEN_WEEKS))
    session.flush()
    renew_milestones(session, [bob.id], now=TEN_WEEKS)
    due_at = milestone(bob, "transfer").due_at
    assert due_at is not None
    assert readers(queued(session, due_at - timedelta(weeks=10, hours=-1))) == ["Olga Oakhurst", "Omar Otterbrook"]


def test_whoever_comes_late_has_one_letter_and_not_one_for_each_reminder_that_passed(
    session: Session, bob: Candidature
) -> None:
    late = datetime(2027, 11, 28, 10, tzinfo=UTC)
    assert len(queued(session, late)) == 3


def test_what_is_late_comes_every_week_until_it_is_done(session: Session, bob: Candidature) -> None:
    late = [queued(session, datetime(2027, 12, day, 10, tzinfo=UTC)) for day in (4, 5, 6, 12, 19)]
    assert [len(letters) for letters in late] == [0, 3, 0, 3, 3]
    said = telling.compose(session, late[-1][0], now=datetime(2027, 12, 19, 10, tzinfo=UTC), base_url=SITE)
    assert said is not None
    assert said.variables["late"] == 1
    settle(session, bob, {"transfer"})
    assert telling.still_wanted(session, late[-1], now=datetime(2027, 12, 19, 11, tzinfo=UTC)) == []
    assert queued(session, datetime(2027, 12, 26, 10, tzinfo=UTC)) == []


def test_two_reminders_of_one_moment_are_one_letter_and_stop_nobody(session: Session, bob: Candidature) -> None:
    """One week before this, and three weeks before that, may be the same morning."""
    confirmation = milestone(bob, "confirmation")
    set_by_hand(session, confirmation, TRANSFER + timedelta(weeks=2))
    letters = queued(session, datetime(2027, 11, 27, 10, tzinfo=UTC))
    assert readers(letters) == ["Bob Birchfield", "Olga Oakhurst", "Omar Otterbrook"]
    said = telling.compose(session, letters[0], now=datetime(2027, 11, 27, 10, tzinfo=UTC), base_url=SITE)
    assert said is not None
    assert len([*said.variables["own"], *said.variables["others"]]) == 2


def test_day_set_so_near_that_reminders_of_it_are_past_is_told_once(session: Session, bob: Candidature) -> None:
    settle(session, bob, {"transfer"})
    set_by_hand(session, milestone(bob, "confirmation"), date(2027, 6, 30))
    assert readers(queued(session, datetime(2027, 6, 12, 10, tzinfo=UTC))) == [
        "Bob Birchfield",
        "Olga Oakhurst",
        "Omar Otterbrook",
    ]
    assert queued(session, datetime(2027, 6, 13, 10, tzinfo=UTC)) == []
    assert len(queued(session, datetime(2027, 6, 23, 10, tzinfo=UTC))) == 3


def test_what_is_handed_in_is_told_to_those_who_sign_alone(session: Session, bob: Candidature) -> None:
    milestone(bob, "transfer").state = MilestoneState.HANDED_IN
    session.flush()
    assert readers(queued(session, TEN_WEEKS)) == ["Olga Oakhurst", "Omar Otterbrook"]


def test_supervisor_who_has_left_and_researcher_who_has_withdrawn_hear_nothing(
    session: Session, cast: Cast, bob: Candidature
) -> None:
    cohorts.supervision(
        session,
        candidature=bob,
        person=cast.charlie,
        organisation=cast.oxford,
        role=SupervisionRole.CO,
        ends_on=date(2027, 9, 24),
    )
    assert "Charlie Chalkwell" not in readers(queued(session, TEN_WEEKS))
    bob.state = CandidatureState.WITHDRAWN
    session.flush()
    assert queued(session, SIX_WEEKS) == []


def test_milestone_without_a_day_waits_with_its_reminders(session: Session, bob: Candidature) -> None:
    settle(session, bob, {row.code for row in bob.milestones} - {"submission"})
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 1, units=1, granted_at=TEN_WEEKS))
    session.flush()
    renew_milestones(session, [bob.id], now=TEN_WEEKS)
    assert milestone(bob, "submission").due_on is None
    assert queued(session, datetime(2030, 9, 28, 10, tzinfo=UTC)) == []


def test_organiser_who_takes_a_reminder_out_keeps_it_out(session: Session, bob: Candidature) -> None:
    rules = session.scalars(select(ReminderRule).where(ReminderRule.subject_kind == "cohort")).all()
    assert sorted(rule.offset for rule in rules) == [-70, -42, -21, -7, 1]
    for rule in rules:
        rule.is_active = rule.offset != -70
    session.flush()
    assert remind_usually(session, bob.cohort, now=TEN_WEEKS) == []
    assert queued(session, TEN_WEEKS) == []
    assert len(queued(session, SIX_WEEKS)) == 3


def test_letters_are_between_the_programme_and_one_person(session: Session, bob: Candidature) -> None:
    letters = queued(session, TEN_WEEKS)
    assert {letter.organisation_id for letter in letters} == {None}
    assert {letter.state for letter in letters} == {OutboxState.PENDING}
