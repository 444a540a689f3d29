"""How letters about signatures come to nothing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from programme.engines.calendar.times import london_day
from programme.engines.mail.models import OutboxMessage
from programme.people.identity import actor_of
from programme.strands.cohorts.models import Signature, Supervision
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.signing.actions import answer, ask, start_again
from tests.factories.desk import Desk


def signature_of(desk: Desk, message: OutboxMessage) -> Signature:
    """The signature that a letter is about."""
    return desk.session.get_one(Signature, message.subject_id)


def signed(desk: Desk, message: OutboxMessage) -> datetime:
    """It is given, after a refusal too."""
    later = desk.now + timedelta(minutes=1)
    bob = actor_of(desk.cast.bob)
    answer(desk.session, signature_of(desk, message), agrees=True, things=SIGNED_THINGS, actor=bob, now=later)
    return later


def changed(desk: Desk, message: OutboxMessage) -> datetime:
    """What is signed has changed."""
    row = signature_of(desk, message)
    start_again(desk.session, (row.subject_kind, row.subject_id), now=desk.now)
    return desk.now


def changed_and_asked_again(desk: Desk, message: OutboxMessage) -> datetime:
    """What is signed has changed, and a new link went."""
    changed(desk, message)
    row, later = signature_of(desk, message), desk.now + timedelta(hours=1)
    to: dict[str, Any] = {"subject": (row.subject_kind, row.subject_id), "signer": row.signer, "person": row.person}
    ask(desk.session, row.candidature, **to, actor=desk.olga, now=later)
    return later


def supervises_no_more(desk: Desk, message: OutboxMessage) -> datetime:
    """The supervision ended the day before."""
    row = signature_of(desk, message)
    ended = update(Supervision).where(Supervision.candidature_id == row.candidature_id)
    desk.session.execute(ended.values(ends_on=london_day(desk.now) - timedelta(days=1)))
    return desk.now


def all_signed(desk: Desk, message: OutboxMessage) -> datetime:
    """Everything that the letter of a day tells of is signed before it goes."""
    later, bob = desk.now + timedelta(minutes=1), actor_of(desk.cast.bob)
    for row in desk.session.scalars(select(Signature).where(Signature.person_id == message.person_id)):
        answer(desk.session, row, agrees=True, things=SIGNED_THINGS, actor=bob, now=later)
    return later


def supervises_nobody(desk: Desk, message: OutboxMessage) -> datetime:
    """Their supervisions ended the day before."""
    ended = update(Supervision).where(Supervision.person_id == message.person_id)
    desk.session.execute(ended.values(ends_on=london_day(desk.now) - timedelta(days=1)))
    return desk.now


EVERY = (signed, changed, changed_and_asked_again, supervises_no_more)
