"""Who signs may change while a milestone waits: whoever signs now is asked at once, by the verbs of supervision."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.times import london_day
from programme.engines.mail.models import OutboxMessage
from programme.people.permissions import Actor
from programme.strands.cohorts.candidatures.actions import edit
from programme.strands.cohorts.candidatures.details import Details
from programme.strands.cohorts.models import Candidature, Milestone, Signature, Supervision
from programme.strands.cohorts.progress.handing.handing_in import hand_in
from programme.strands.cohorts.progress.handing.taking_over import ask_who_signs_now, to_ask
from programme.strands.cohorts.states import SignatureState, Signer, SupervisionRole
from programme.strands.cohorts.supervising.actions import Wanted, add, change, end, take_out, values_of
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import Cast
from tests.strands.cohorts.progress.conftest import Browse, once

R = SupervisionRole


@pytest.fixture
def transfer(session: Session, bob: Candidature) -> Milestone:
    """Bob's transfer, which the primary supervisor signs, then whoever supervises at the partner."""
    row = once(bob, "transfer")
    row.rule.needs_evidence = False
    row.rule.signers = [str(Signer.SUPERVISOR), str(Signer.PARTNER_SUPERVISOR)]
    session.commit()
    return row


@pytest.fixture
def to(cast: Cast, bob: Candidature) -> Wanted:
    """A primary supervisor at Oxford, from the registration on."""
    return Wanted(role=R.PRIMARY, organisation_id=cast.oxford.id, share=50, begins_on=bob.registered_on)


def handed_in(session: Session, row: Milestone, clock: Clock) -> None:
    """Let Bob hand it in."""
    record = row.candidature
    hand_in(session, record.id, row.id, actor=Actor(record.person_id), now=clock.now)
    session.commit()


def asked(session: Session) -> list[str]:
    """The names of those who are asked to sign a milestone, in the order in which they were first."""
    rows = select(Signature).where(Signature.subject_kind == "milestone", Signature.state == SignatureState.ASKED)
    return [row.person.name for row in session.scalars(rows.order_by(Signature.id))]


def letters(session: Session) -> list[str]:
    """Whom letters ask to sign."""
    found = select(OutboxMessage.recipient).where(OutboxMessage.letter == "signature_asked")
    return list(session.scalars(found.order_by(OutboxMessage.id)))


def test_whoever_was_lacking_is_asked_as_soon_as_they_supervise(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, to: Wanted, omar: Actor
) -> None:
    handed_in(session, transfer, clock)
    by: dict[str, Any] = {"actor": omar, "now": clock.now}
    add(session, transfer.candidature_id, replace(to, role=R.CO), name="", address=cast.ada.address, **by)
    assert asked(session) == [], "a co-supervisor does not sign it"
    add(session, transfer.candidature_id, to, name="", address=cast.charlie.address, **by)
    assert asked(session) == [cast.charlie.name]
    assert letters(session) == [cast.charlie.address]


def test_whoever_takes_over_is_asked_and_the_link_of_who_left_opens_nothing(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, to: Wanted, omar: Actor, browse: Browse
) -> None:
    by: dict[str, Any] = {"actor": omar, "now": clock.now}
    left = add(session, transfer.candidature_id, to, name="", address=cast.charlie.address, **by).supervision
    handed_in(session, transfer, clock)
    today = london_day(clock.now)
    end(session, transfer.candidature_id, left.id, ends_on=today - timedelta(days=1), **by)
    assert letters(session) == [cast.charlie.address], "nobody is there to be asked"
    add(session, transfer.candidature_id, replace(to, begins_on=today), name="", address=cast.ada.address, **by)
    session.commit()
    assert letters(session) == [cast.charlie.address, cast.ada.address]
    here = f"/records/{transfer.candidature_id}/milestones/{transfer.id}/signature"
    assert browse(cast.charlie).post(here).status_code == 404
    browse(cast.ada).post(here)
    session.rollback()
    signed = session.scalars(select(Signature).where(Signature.state == SignatureState.AGREED)).one()
    assert signed.person_id == cast.ada.id


def test_whoever_becomes_what_signs_is_asked(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, to: Wanted, omar: Actor
) -> None:
    by: dict[str, Any] = {"actor": omar, "now": clock.now}
    co = replace(to, role=R.CO)
    row = add(session, transfer.candidature_id, co, name="", address=cast.charlie.address, **by).supervision
    handed_in(session, transfer, clock)
    change(session, transfer.candidature_id, row.id, to, **by)
    assert asked(session) == [cast.charlie.name]


def test_whoever_is_left_is_asked_where_another_is_taken_out(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, omar: Actor, bob: Candidature
) -> None:
    transfer.rule.signers = [str(Signer.PARTNER_SUPERVISOR)]
    liverpool: dict[str, Any] = {"candidature": bob, "organisation": cast.liverpool, "role": R.PARTNER}
    cohorts.supervision(session, person=cast.ada, **liverpool)
    later = cohorts.supervision(session, person=cast.charlie, begins_on=date(2026, 12, 1), **liverpool)
    handed_in(session, transfer, clock)
    assert asked(session) == [cast.charlie.name]
    take_out(session, bob.id, later.id, actor=omar, now=clock.now)
    assert letters(session) == [cast.charlie.address, cast.ada.address]


def test_whoever_supervises_at_another_partner_is_asked_when_the_record_is_with_that_one(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, omar: Actor, bob: Candidature
) -> None:
    transfer.rule.signers = [str(Signer.PARTNER_SUPERVISOR)]
    bob.partner_organisation_id = cast.council.id
    cohorts.supervision(session, candidature=bob, person=cast.ada, organisation=cast.liverpool, role=R.PARTNER)
    handed_in(session, transfer, clock)
    assert asked(session) == []
    details = Details(home_id=cast.oxford.id, partner_id=cast.liverpool.id, registered_on=bob.registered_on)
    edit(session, bob.id, details, actor=omar, now=clock.now)
    assert asked(session) == [cast.ada.name]


def test_whoever_is_asked_already_gets_no_other_letter_when_something_else_changes(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, to: Wanted, omar: Actor
) -> None:
    by: dict[str, Any] = {"actor": omar, "now": clock.now}
    row = add(session, transfer.candidature_id, to, name="", address=cast.charlie.address, **by).supervision
    handed_in(session, transfer, clock)
    first = session.scalars(select(Signature.asked_at)).one()
    clock.forward(days=2)
    wanted = replace(values_of(session.get_one(Supervision, row.id)), share=60)
    change(session, transfer.candidature_id, row.id, wanted, actor=omar, now=clock.now)
    assert letters(session) == [cast.charlie.address]
    assert session.scalars(select(Signature.asked_at)).one() == first


def test_whoever_supervises_from_a_day_on_is_asked_on_that_day_for_what_waits(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, to: Wanted, omar: Actor
) -> None:
    by: dict[str, Any] = {"actor": omar, "now": clock.now}
    last, number = london_day(clock.now) + timedelta(days=5), transfer.candidature_id
    add(session, number, replace(to, ends_on=last), name="", address=cast.charlie.address, **by)
    then = replace(to, begins_on=last + timedelta(days=1))
    add(session, number, then, name="", address=cast.ada.address, **by)
    handed_in(session, transfer, clock)
    clock.forward(days=5)
    assert to_ask(session, clock.now) == [], "the first one signs on their last day"
    clock.forward(days=1)
    assert to_ask(session, clock.now) == [number]
    assert ask_who_signs_now(session, number, clock.now)
    assert letters(session) == [cast.charlie.address, cast.ada.address]
    assert to_ask(session, clock.now) == []
    assert not ask_who_signs_now(session, number, clock.now), "another had done it meanwhile"
    assert letters(session) == [cast.charlie.address, cast.ada.address]


def test_whoever_is_left_is_asked_on_the_day_after_another_has_left(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, bob: Candidature
) -> None:
    transfer.rule.signers = [str(Signer.PARTNER_SUPERVISOR)]
    liverpool: dict[str, Any] = {"candidature": bob, "organisation": cast.liverpool, "role": R.PARTNER}
    cohorts.supervision(session, person=cast.ada, **liverpool)
    last = london_day(clock.now)
    cohorts.supervision(session, person=cast.charlie, begins_on=date(2026, 12, 1), ends_on=last, **liverpool)
    handed_in(session, transfer, clock)
    clock.forward(days=1)
    for number in to_ask(session, clock.now):
        ask_who_signs_now(session, number, clock.now)
    assert letters(session) == [cast.charlie.address, cast.ada.address]


def test_nobody_is_looked_for_where_supervision_did_not_change_or_nobody_follows(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, bob: Candidature
) -> None:
    last = london_day(clock.now)
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford, ends_on=last)
    handed_in(session, transfer, clock)
    clock.forward(days=1)
    assert to_ask(session, clock.now) == []
    assert letters(session) == [cast.charlie.address]


def test_co_supervisor_at_the_partner_signs_for_it_unless_somebody_is_entered_as_the_supervisor_there(
    session: Session, cast: Cast, clock: Clock, transfer: Milestone, omar: Actor, bob: Candidature
) -> None:
    transfer.rule.signers = [str(Signer.PARTNER_SUPERVISOR)]
    given: dict[str, Any] = {"candidature": bob, "role": R.CO}
    cohorts.supervision(session, person=cast.olga, organisation=cast.oxford, **given)
    cohorts.supervision(session, person=cast.ada, organisation=cast.liverpool, **given)
    handed_in(session, transfer, clock)
    assert asked(session) == [cast.ada.name], "whoever makes it joint signs for the partner"
    wanted = Wanted(role=R.PARTNER, organisation_id=cast.liverpool.id, share=0, begins_on=date(2026, 10, 1))
    by: dict[str, Any] = {"actor": omar, "now": clock.now}
    add(session, bob.id, wanted, name="", address=cast.charlie.address, **by)
    assert cast.charlie.name in asked(session)
