"""How letters about keys come to nothing."""

from datetime import datetime

from programme.engines.approvals.actions import Turn, delegate
from programme.engines.approvals.models import ApprovalKey
from programme.engines.approvals.states import KeyState
from programme.engines.mail.models import OutboxMessage
from programme.flows import registering
from programme.flows.deciding.keys import turn_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.notices.keys.gathering import secrets_of
from programme.people.identity import actor_of
from tests.factories.desk import Desk


def keys_of(desk: Desk, message: OutboxMessage) -> list[ApprovalKey]:
    """The keys that a letter of these stories is about: one, or that of each university where both are late."""
    return [desk.session.get_one(ApprovalKey, key_id) for key_id in secrets_of(message)]


def key_of(desk: Desk, message: OutboxMessage) -> ApprovalKey:
    """One of them."""
    return keys_of(desk, message)[0]


def turned(desk: Desk, message: OutboxMessage) -> datetime:
    """Every key is turned."""
    doers = (desk.olga, actor_of(desk.cast.omar))
    for key in keys_of(desk, message):
        doer = next(one for one in doers if key.organisation_id in one.organises_for)
        turn_key(desk.session, key.id, Turn(says=KeyState.YES, person_id=None), subjects=SUBJECTS, **desk.by(doer))
    return desk.now


def given_away(desk: Desk, message: OutboxMessage) -> datetime:
    """The key is given to somebody else."""
    delegate(desk.session, key_of(desk, message).id, desk.cast.charlie.id, now=desk.now)
    return desk.now


def asked_no_more(desk: Desk, message: OutboxMessage) -> datetime:
    """Whoever is decided about withdraws."""
    key = key_of(desk, message)
    registering.cancel_registration(desk.session, key.approval.subject_id, now=desk.now)
    return desk.now
