"""Asking and answering: one letter for one asking, a refusal with its reason, and nothing twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.calendar.times import london_day
from programme.engines.mail.models import OutboxMessage
from programme.people.identity import actor_of
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Signature, Supervision
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.signing.actions import answer, ask, start_again
from programme.strands.cohorts.signing.queries import under, waiting_for, waiting_with
from programme.strands.cohorts.states import SignatureState, Signer
from tests.bed.clock import Clock
from tests.factories.cast import Cast

S = SignatureState


def letters(session: Session, kind: str) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.letter == kind)))


def says(session: Session, row: Signature, people: Cast, clock: Clock, *, agrees: bool, reason: str = "") -> bool:
    """Let Bob answer."""
    bob = actor_of(people.bob)
    done = answer(session, row, agrees=agrees, reason=reason, things=SIGNED_THINGS, actor=bob, now=clock.now)
    return done.changed


def test_asking_twice_on_a_day_sends_one_letter_and_on_the_next_another(
    session: Session, record: Candidature, signature: Signature, to_bob: dict[str, Any], olga: Actor, clock: Clock
) -> None:
    first = signature.link_version
    again = ask(session, record, **to_bob, actor=olga, now=clock.now + timedelta(minutes=5))
    assert (again.id, again.state) == (signature.id, S.ASKED)
    assert len(letters(session, "signature_asked")) == 1
    ask(session, record, **to_bob, actor=olga, now=clock.now + timedelta(days=1))
    assert len(letters(session, "signature_asked")) == 2
    assert again.link_version == first, "the link of the first letter still serves"


def test_agreeing_is_told_to_whoever_asked_once(
    session: Session, people: Cast, signature: Signature, clock: Clock
) -> None:
    assert says(session, signature, people, clock, agrees=True)
    assert not says(session, signature, people, clock, agrees=True), "told, not doubled"
    assert signature.state is S.AGREED
    [letter] = letters(session, "signature_answered")
    assert letter.recipient == people.olga.address
    assert letter.valid_until == clock.now + timedelta(days=30), "later on it is no news"
    verbs = session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs == ["asked for a signature", "signed"]


def test_a_refusal_needs_its_reason(session: Session, people: Cast, signature: Signature, clock: Clock) -> None:
    with pytest.raises(Refusal, match="Say why you refuse"):
        says(session, signature, people, clock, agrees=False, reason="  ")
    assert signature.state is S.ASKED
    assert says(session, signature, people, clock, agrees=False, reason=" The shares are wrong. ")
    assert (signature.state, signature.reason) == (S.REFUSED, "The shares are wrong.")


def test_whoever_refused_may_agree_after_all_and_not_the_other_way_round(
    session: Session, people: Cast, signature: Signature, clock: Clock
) -> None:
    says(session, signature, people, clock, agrees=False, reason="No.")
    assert says(session, signature, people, clock, agrees=True)
    assert signature.reason == ""
    with pytest.raises(Refusal, match="You have agreed to this already"):
        says(session, signature, people, clock, agrees=False, reason="No, after all.")


def test_asked_again_after_a_refusal_there_is_another_link_and_letter(
    session: Session,
    people: Cast,
    record: Candidature,
    signature: Signature,
    to_bob: dict[str, Any],
    olga: Actor,
    clock: Clock,
) -> None:
    first = signature.link_version
    says(session, signature, people, clock, agrees=False, reason="No.")
    ask(session, record, **to_bob, actor=olga, now=clock.now)
    assert (signature.state, signature.link_version, signature.reason) == (S.ASKED, first + 1, "")
    assert len(letters(session, "signature_asked")) == 2


def test_whoever_has_signed_is_not_asked_again(
    session: Session,
    people: Cast,
    record: Candidature,
    signature: Signature,
    to_bob: dict[str, Any],
    olga: Actor,
    clock: Clock,
) -> None:
    says(session, signature, people, clock, agrees=True)
    ask(session, record, **to_bob, actor=olga, now=clock.now + timedelta(days=3))
    assert signature.state is S.AGREED
    assert len(letters(session, "signature_asked")) == 1


def test_nobody_answers_for_another(session: Session, signature: Signature, olga: Actor, clock: Clock) -> None:
    with pytest.raises(Refusal, match="Only whoever is asked"):
        answer(session, signature, agrees=True, things=SIGNED_THINGS, actor=olga, now=clock.now)
    assert signature.state is S.ASKED


def test_what_changed_is_signed_by_nobody(
    session: Session, people: Cast, signature: Signature, to_bob: dict[str, Any], clock: Clock
) -> None:
    first = signature.link_version
    says(session, signature, people, clock, agrees=True)
    assert start_again(session, to_bob["subject"], now=clock.now) == 1
    assert (signature.state, signature.link_version, signature.answered_at) == (S.NOT_ASKED, first + 1, None)
    with pytest.raises(Refusal, match="not asked of you any more"):
        says(session, signature, people, clock, agrees=True)


def test_whoever_supervises_no_more_is_not_asked_and_does_not_sign(
    session: Session,
    people: Cast,
    record: Candidature,
    supervision: Supervision,
    signature: Signature,
    to_bob: dict[str, Any],
    olga: Actor,
    clock: Clock,
) -> None:
    today = london_day(clock.now)
    assert list(session.scalars(waiting_for(people.bob.id, today=today))) == [signature]
    assert list(waiting_with(session, record.id, people.bob.id, today=today)) == [signature]
    supervision.ends_on = today
    session.flush()
    assert list(session.scalars(waiting_for(people.bob.id, today=today))) == [signature], "the last day counts"
    supervision.ends_on = today - timedelta(days=1)
    session.flush()
    assert list(session.scalars(waiting_for(people.bob.id, today=today))) == []
    with pytest.raises(Refusal, match="not asked of you any more"):
        says(session, signature, people, clock, agrees=True)
    with pytest.raises(Refusal, match="does not supervise here any more"):
        ask(session, record, **to_bob, actor=olga, now=clock.now)


def test_a_department_signs_by_whoever_is_named_for_it(
    session: Session, people: Cast, record: Candidature, olga: Actor, clock: Clock
) -> None:
    to: dict[str, Any] = {
        "subject": ("supervision_agreement", record.id),
        "signer": Signer.DEPARTMENT,
        "person": people.charlie,
    }
    with pytest.raises(Refusal, match="not who approves for the department"):
        ask(session, record, **to, actor=olga, now=clock.now)
    record.approver_id = people.charlie.id
    row = ask(session, record, **to, actor=olga, now=clock.now)
    assert under(session, "supervision_agreement", [record.id])[record.id] == [row]


def test_signatures_go_with_their_record(session: Session, record: Candidature, signature: Signature) -> None:
    session.delete(record)
    session.commit()
    assert session.scalar(select(func.count()).select_from(Signature)) == 0
