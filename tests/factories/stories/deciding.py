"""The stories that queue letters about keys and about changed answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.approvals.actions import Turn
from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.states import KeyState
from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.states import PlacesBy
from programme.flows.deciding.escalating import hurry
from programme.flows.deciding.keys import delegate_key, turn_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.deciding.settings import set_terms
from programme.flows.registering import change_answers
from programme.people.identity import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from programme.engines.registration.models import Opening, Registration
    from tests.factories.desk import Desk


def keyed(desk: Desk) -> Opening:
    """Return an opening that both universities decide about, with a question."""
    opening = desk.opening(places_by=PlacesBy.DECISION, co_owners=[desk.cast.oxford])
    opening.questionnaire = new_questionnaire(desk.session, now=desk.now)
    add_question(desk.session, opening.questionnaire, kind="short_text", label="Why?")
    wanted = Wanted(decided_by=DecidedBy.KEYS, escalation_address="dean@example.ac.uk", asks_anew=True)
    set_terms(desk.session, opening.id, wanted, **desk.by(desk.olga))
    return opening


def keys_about(desk: Desk, row: Registration) -> Sequence[ApprovalKey]:
    """Return the keys that decide about a registration."""
    approval = select(Approval.id).where(Approval.subject_kind == "registration", Approval.subject_id == row.id)
    keys = select(ApprovalKey).where(ApprovalKey.approval_id.in_(approval)).order_by(ApprovalKey.id)
    return desk.session.scalars(keys).all()


def asked(desk: Desk) -> None:
    """Alice applies, and Liverpool's key is given to a colleague."""
    row = desk.enter(keyed(desk), actor=actor_of(desk.cast.alice))
    key_id = next(key.id for key in keys_about(desk, row) if key.organisation_id == desk.cast.liverpool.id)
    name, address = "Quillan Harbourne", "quillan@example.org"
    delegate_key(desk.session, key_id, name=name, address=address, subjects=SUBJECTS, **desk.by(desk.olga))


def hurried(desk: Desk) -> None:
    """Alice applies, and nobody decides."""
    desk.enter(keyed(desk), actor=actor_of(desk.cast.alice))
    hurry(desk.session, desk.now + timedelta(days=13))


def late(desk: Desk) -> None:
    """Alice applies, and nobody decides in time."""
    hurried(desk)
    hurry(desk.session, desk.now + timedelta(days=14))


def changed(desk: Desk) -> None:
    """Both say yes, and Alice says something else."""
    row = desk.enter(keyed(desk), actor=actor_of(desk.cast.alice))
    doers = {desk.cast.liverpool.id: desk.olga, desk.cast.oxford.id: actor_of(desk.cast.omar)}
    for key in keys_about(desk, row):
        turned = Turn(says=KeyState.YES, person_id=None)
        turn_key(desk.session, key.id, turned, subjects=SUBJECTS, **desk.by(doers[key.organisation_id]))
    assert row.opening.questionnaire is not None
    change_answers(desk.session, row.id, {row.opening.questionnaire.questions[0].id: "Because."}, now=desk.now)


def lifted(desk: Desk) -> None:
    """Olga gives each key less time, and then lifts them."""
    opening = keyed(desk)
    for wanted in (Wanted(decided_by=DecidedBy.KEYS, days=1), Wanted()):
        set_terms(desk.session, opening.id, wanted, actor=desk.olga, now=desk.now + timedelta(days=wanted.days))


STORIES: Mapping[str, Callable[[Desk], None]] = {
    "key_asked": asked,
    "key_due": hurried,
    "key_late": late,
    "key_terms_changed": lifted,
    "answers_considered": changed,
}
