"""The home of organisers says what their cohorts need: of those that they run or share, and of no others."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.screens.organiser.home.sources import doctoral
from programme.strands.cohorts.models import Candidature, Cohort, Signature, Suspension
from programme.strands.cohorts.organising.joining import PATIENCE
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.progress.handing.handing_in import hand_in
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.signing.actions import answer
from programme.strands.cohorts.states import CandidatureState, Signer, SupervisionRole
from programme.strands.cohorts.supervising.agreement import ask_everybody
from tests.bed.clock import Clock
from tests.factories import admissions, cohorts
from tests.factories import cast as made
from tests.factories.browsers import signed_in
from tests.factories.cast import Cast, assemble
from tests.screens.roll.test_roll import queries_of

JANUARY, DECEMBER = datetime(2027, 1, 12, 9, tzinfo=UTC), datetime(2027, 12, 14, 9, tzinfo=UTC)


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """A cohort led by Oxford and shared with Liverpool."""
    award = cohorts.award(session, lead=cast.oxford, shared_with=[cast.liverpool])
    return cohorts.cohort(session, award=award)


@pytest.fixture
def bob(session: Session, cast: Cast, cohort: Cohort) -> Candidature:
    """Bob of Oxford, whom nobody supervises yet."""
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford, partner=cast.liverpool)
    session.commit()
    return row


@pytest.fixture
def joint(session: Session, cast: Cast, bob: Candidature) -> Candidature:
    """Bob with everybody whom a joint supervision needs."""
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    cohorts.supervision(
        session, candidature=bob, person=cast.alice, organisation=cast.liverpool, role=SupervisionRole.PARTNER
    )
    bob.approver_id = cast.ada.id
    session.commit()
    return bob


def needed(session: Session, who: Actor | Person, now: datetime) -> list[str]:
    """What the home says somebody's cohorts need."""
    actor = actor_of(who) if isinstance(who, Person) else who
    return [need.title for need in doctoral.needs(session, actor, now=now)]


def told(session: Session, who: Person, now: datetime, words: str) -> bool:
    """Whether something of that kind is needed."""
    return any(words in title for title in needed(session, who, now))


def settle(row: Candidature, *, until: date) -> None:
    """Let everything be done that was due by a day."""
    for milestone in row.milestones:
        if milestone.due_on and milestone.due_on <= until:
            milestone.state = milestone.state.DONE


def test_lead_and_co_owner_are_told_and_the_outsider_is_not(
    session: Session, cast: Cast, cohort: Cohort, bob: Candidature
) -> None:
    both = ["1 supervision is not joint yet: Corridor cohort 2026"]
    assert needed(session, cast.omar, JANUARY) == both
    assert needed(session, cast.olga, JANUARY) == both
    cohort.award.co_owners = []
    session.flush()
    assert needed(session, cast.omar, JANUARY) == both
    assert needed(session, cast.olga, JANUARY) == []
    assert needed(session, cast.ada, JANUARY) == [], "who runs the installation runs no cohort"


def test_agreement_is_to_be_asked_for_then_answered_and_a_refusal_comes_first(
    session: Session, cast: Cast, joint: Candidature
) -> None:
    assert told(session, cast.omar, JANUARY, "1 supervision agreement to be signed")
    ask_everybody(session, joint.id, actor=actor_of(cast.omar), now=JANUARY)
    assert needed(session, cast.omar, JANUARY + PATIENCE) == []
    later = JANUARY + PATIENCE + timedelta(minutes=1)
    assert needed(session, cast.omar, later) == ["1 supervision agreement not answered: Corridor cohort 2026"]
    rows = session.scalars(select(Signature).order_by(Signature.id)).all()
    for row in rows:
        refuses = row.person_id == cast.charlie.id
        reason = "Not with these shares." if refuses else ""
        say = {"agrees": not refuses, "reason": reason, "things": SIGNED_THINGS, "now": later}
        answer(session, row, actor=actor_of(row.person), **say)  # type: ignore[arg-type]
    assert needed(session, cast.omar, later) == ["1 supervision agreement refused: Corridor cohort 2026"]
    [refused] = [row for row in rows if row.person_id == cast.charlie.id]
    again = {"things": SIGNED_THINGS, "actor": actor_of(cast.charlie), "now": later}
    answer(session, refused, agrees=True, **again)  # type: ignore[arg-type]
    assert needed(session, cast.omar, later) == []


def test_what_an_organiser_signs_is_told_at_the_home_university_alone(
    session: Session, cast: Cast, joint: Candidature
) -> None:
    transfer = next(row for row in joint.milestones if row.code == "transfer")
    transfer.rule.signers, transfer.rule.needs_evidence = [Signer.ORGANISER.value], False
    hand_in(session, joint.id, transfer.id, actor=Actor(cast.bob.id), now=JANUARY)
    needs = list(doctoral.needs(session, actor_of(cast.omar), now=JANUARY))
    [own] = [need for need in needs if "signature" in need.title]
    assert own.title == "1 milestone waits for an organiser’s signature"
    assert own.url == f"/records/{joint.id}/milestones/{transfer.id}"
    assert not told(session, cast.olga, JANUARY, "signature")


def test_what_waits_for_somebody_whom_nobody_named_is_told(session: Session, cast: Cast, bob: Candidature) -> None:
    transfer = next(row for row in bob.milestones if row.code == "transfer")
    transfer.rule.needs_evidence = False
    hand_in(session, bob.id, transfer.id, actor=Actor(cast.bob.id), now=JANUARY)
    assert told(session, cast.omar, JANUARY, "1 milestone waits for nobody")


def test_what_waits_for_somebody_who_has_left_is_told_as_well(session: Session, cast: Cast, bob: Candidature) -> None:
    ends_on = JANUARY.date()
    given = {"candidature": bob, "person": cast.charlie, "organisation": cast.oxford, "ends_on": ends_on}
    cohorts.supervision(session, **given)  # type: ignore[arg-type]
    transfer = next(row for row in bob.milestones if row.code == "transfer")
    transfer.rule.needs_evidence = False
    hand_in(session, bob.id, transfer.id, actor=Actor(cast.bob.id), now=JANUARY)
    assert not told(session, cast.omar, JANUARY, "waits for nobody")
    assert told(session, cast.omar, JANUARY + timedelta(days=1), "1 milestone waits for nobody")


def test_what_is_late_is_told_unless_its_researcher_is_suspended_and_so_is_who_comes_back(
    session: Session, cast: Cast, bob: Candidature
) -> None:
    settle(bob, until=date(2027, 12, 1))
    assert told(session, cast.omar, DECEMBER, "1 milestone late: Corridor cohort 2026")
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 3, units=1, granted_at=DECEMBER))
    session.flush()
    renew_milestones(session, [bob.id], now=DECEMBER)
    assert not told(session, cast.omar, DECEMBER, "late")
    back = bob.suspensions[0].back_on
    assert back == date(2028, 1, 9)
    assert told(session, cast.omar, DECEMBER, "Bob Birchfield comes back on Sunday 9 January 2028")
    assert not told(session, cast.omar, DECEMBER - timedelta(days=10), "comes back")
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 4, units=1, granted_at=DECEMBER))
    session.flush()
    renew_milestones(session, [bob.id], now=DECEMBER)
    assert not told(session, cast.omar, DECEMBER, "comes back"), "they are suspended on"


def test_whoever_has_left_needs_nothing(session: Session, cast: Cast, bob: Candidature) -> None:
    assert needed(session, cast.omar, DECEMBER)
    bob.state = CandidatureState.WITHDRAWN
    session.flush()
    assert needed(session, cast.omar, DECEMBER) == []


def test_late_references_and_offers_accepted_are_told_to_both_who_run_the_admission(
    session: Session, cast: Cast
) -> None:
    call = admissions.call(session, cast)
    alice = admissions.apply(session, call, cast.alice, wishes=cast.liverpool)
    admissions.asked(session, alice)
    after = admissions.REFERENCES_BY + timedelta(minutes=1)
    assert not told(session, cast.olga, admissions.REFERENCES_BY, "late")
    for who in (cast.olga, cast.omar):
        assert needed(session, who, after) == ["2 references are late: Corridor cohort 2027"]
    admissions.accepted(session, alice, cast)
    for who in (cast.olga, cast.omar):
        assert needed(session, who, after) == ["1 person accepted a place: Corridor cohort 2027"]


@pytest.mark.one_database
def test_home_shows_it_with_the_way_there(app: Flask, session: Session, cast: Cast, bob: Candidature) -> None:
    page = unescape(signed_in(app, session, cast.omar).get("/organise").get_data(as_text=True))
    assert "1 supervision is not joint yet: Corridor cohort 2026" in page
    assert "There is no primary supervisor: name one at Oxford." in page
    assert f'href="/organise/cohorts/{bob.cohort_id}/supervision"' in page


@pytest.mark.one_database
def test_home_asks_as_little_of_the_database_for_many(
    app: Flask, session: Session, clock: Clock, cast: Cast, bob: Candidature
) -> None:
    clock.set(DECEMBER)
    omar = signed_in(app, session, cast.omar)
    few = queries_of(session, omar, "/organise")
    for number in range(30):
        one = made.person(session, f"Person {number}", f"person{number}@oxford.example.ac.uk")
        cohorts.candidature(session, cohort=bob.cohort, person=one, home=cast.oxford, partner=cast.liverpool)
    session.commit()
    assert queries_of(session, omar, "/organise") == few
    assert "31 supervisions are not joint yet" in omar.get("/organise").get_data(as_text=True)
