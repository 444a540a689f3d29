"""Milestones are kept as they are reckoned, and written anew when what they hang on changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.states import PeriodKind, PeriodStatus
from programme.engines.calendar.term_weeks import periods
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Extension, Milestone, MilestoneRule, Suspension
from programme.strands.cohorts.progress import renewing
from programme.strands.cohorts.progress.renewing import renew_all, renew_milestones
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import CandidatureState, MilestoneState
from tests.factories import cohorts
from tests.factories.cast import Cast, assemble

LATER = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def bob(session: Session, cast: Cast) -> Candidature:
    """Bob of Oxford, full time since Michaelmas 2026."""
    award = cohorts.award(session, lead=cast.oxford, shared_with=[cast.liverpool])
    cohort = cohorts.cohort(session, award=award)
    return cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford, partner=cast.liverpool)


def kept(session: Session, candidature: Candidature) -> dict[str, Milestone]:
    """Return the milestones that come once, by code."""
    rows = session.scalars(select(Milestone).where(Milestone.candidature_id == candidature.id))
    return {row.code: row for row in rows if not row.occurrence}


def suspended(session: Session, candidature: Candidature, *, units: int = 1) -> None:
    """Suspend from Hilary 2027 on."""
    pause = Suspension(first_unit=candidature.entry_unit + 1, units=units, granted_at=LATER)
    candidature.suspensions.append(pause)
    session.flush()
    renew_milestones(session, [candidature.id], now=LATER)


def test_researcher_of_oxford_has_the_days_of_the_worked_case(session: Session, bob: Candidature) -> None:
    found = kept(session, bob)
    days = {code: found[code].due_on for code in ("transfer", "confirmation", "submission")}
    assert days == {
        "transfer": date(2027, 12, 4),
        "confirmation": date(2029, 6, 16),
        "submission": date(2030, 6, 22),
    }
    assert found["submission"].due_at == datetime(2030, 6, 22, 8, tzinfo=UTC)
    assert found["transfer"].due_at == datetime(2027, 12, 4, 9, tzinfo=UTC)


def test_researcher_of_liverpool_reports_every_june_until_the_fourth_year_is_over(session: Session, cast: Cast) -> None:
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool))
    alice = cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.liverpool)
    reports = session.scalars(
        select(Milestone.due_on).where(Milestone.candidature_id == alice.id, Milestone.code == "report")
    )
    assert sorted(filter(None, reports)) == [date(year, 6, 30) for year in (2027, 2028, 2029, 2030)]


def test_term_suspended_moves_each_and_the_last_waits_for_its_term(session: Session, bob: Candidature) -> None:
    suspended(session, bob)
    found = kept(session, bob)
    assert found["transfer"].due_on == date(2028, 3, 11)
    assert (found["submission"].due_on, found["submission"].due_at) == (None, None)
    assert book_of(session, bob.home_organisation_id).units.name(found["submission"].unit) == "Michaelmas 2030"


def test_last_milestone_gets_its_day_as_soon_as_an_organiser_adds_the_term(
    session: Session, cast: Cast, bob: Candidature
) -> None:
    suspended(session, bob)
    michaelmas = periods.PeriodDetails(
        kind=PeriodKind.TEACHING,
        label="Michaelmas 2030",
        code="MT30",
        first_day=date(2030, 10, 13),
        weeks=8,
        status=PeriodStatus.PROVISIONAL,
    )
    periods.add(session, michaelmas, organisation_id=cast.oxford.id, actor=Actor(cast.omar.id), now=LATER)
    renew_milestones(session, now=LATER)
    submission = kept(session, bob)["submission"]
    assert (submission.due_on, submission.is_provisional) == (date(2030, 12, 7), True)


def test_what_is_done_stays_as_it_was_and_a_day_set_by_hand_counts(session: Session, bob: Candidature) -> None:
    found = kept(session, bob)
    found["transfer"].state = MilestoneState.DONE
    found["confirmation"].set_on = date(2029, 10, 1)
    bob.extensions.append(Extension(code="transfer", units=1, granted_at=LATER))
    suspended(session, bob)
    found = kept(session, bob)
    assert found["transfer"].due_on == date(2027, 12, 4)
    assert (found["confirmation"].due_on, found["confirmation"].is_provisional) == (date(2029, 10, 1), False)


def test_rule_of_an_award_stands_instead_of_the_one_for_all(session: Session, bob: Candidature) -> None:
    book = book_of(session, bob.home_organisation_id)
    general = book.rules(None)["transfer"]
    later = MilestoneRule(
        rulebook_id=book.row.id,
        award_id=bob.cohort.award_id,
        code="transfer",
        title="Transfer of status",
        reckoned=general.reckoned,
        units=6,
    )
    session.add(later)
    session.flush()
    session.expire(book.row, ["rules"])
    renew_milestones(session, [bob.id], now=LATER)
    transfer = kept(session, bob)["transfer"]
    assert (transfer.due_on, transfer.rule_id) == (date(2028, 6, 17), later.id)


def test_milestone_that_no_rule_asks_for_goes_unless_somebody_did_something_about_it(
    session: Session, bob: Candidature
) -> None:
    rules = book_of(session, bob.home_organisation_id).rules(None)
    kept(session, bob)["integrity"].state = MilestoneState.DONE
    for code in ("integrity", "examiners"):
        rules[code].retired_at = LATER
    session.flush()
    renew_milestones(session, [bob.id], now=LATER)
    assert "integrity" in kept(session, bob)
    assert "examiners" not in kept(session, bob)


def test_reckoning_twice_changes_nothing(session: Session, bob: Candidature) -> None:
    before = {code: (row.id, row.due_on, row.unit) for code, row in kept(session, bob).items()}
    renew_milestones(session, now=LATER)
    assert {code: (row.id, row.due_on, row.unit) for code, row in kept(session, bob).items()} == before


def test_new_release_reckons_all_that_are_under_way_again_in_portions(
    session: Session, cast: Cast, bob: Candidature, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "PORTION", 1)
    suspended(session, bob)
    alice = cohorts.candidature(session, cohort=bob.cohort, person=cast.alice, home=cast.oxford)
    gone = cohorts.candidature(session, cohort=bob.cohort, person=cast.charlie, home=cast.oxford)
    gone.state = CandidatureState.WITHDRAWN
    (pause,) = bob.suspensions
    right = (pause.rests_from, pause.back_on)
    pause.rests_from = pause.back_on = date(2027, 1, 1)
    for row in (bob, alice, gone):
        kept(session, row)["submission"].due_on = date(2030, 1, 1)
    session.flush()
    assert renew_all(session, now=LATER + timedelta(days=1)) == 2
    assert (pause.rests_from, pause.back_on) == right
    assert kept(session, alice)["submission"].due_on == date(2030, 6, 22)
    assert kept(session, gone)["submission"].due_on == date(2030, 1, 1), "nothing is due of whoever withdrew"
    assert renew_all(session, now=LATER + timedelta(days=2)) == 0
