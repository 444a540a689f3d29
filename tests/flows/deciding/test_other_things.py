"""Another kind of thing is decided about by keys as soon as its room has a plug: here, an agreement with one key."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.approvals.actions import Asked, Turn, ask
from programme.engines.approvals.models import Approval
from programme.engines.approvals.ports import Described
from programme.engines.approvals.states import ApprovalState
from programme.engines.mail.models import OutboxMessage
from programme.flows.deciding.keys import tell_asked, turn_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.notices.keys.letters import letters
from programme.people.identity import actor_of
from programme.people.permissions import Actor, Scope
from tests.factories.cast import Cast
from tests.flows.conftest import NOW
from tests.flows.deciding.conftest import YES


@dataclass
class Agreements:
    """A room whose agreements are decided about; it notes in which order it is asked."""

    lead: int
    kind: str = "agreement"
    told: list[str] = field(default_factory=list)

    def hold(self, session: Session, subject_id: int, *, now: datetime) -> None:
        self.told.append(f"held {subject_id}")

    def on_decided(self, session: Session, approval: Approval, *, words: str, actor: Actor, now: datetime) -> None:
        self.told.append(f"{approval.state.value} by {actor.name}")

    def scope(self, session: Session, subject_id: int) -> Scope | None:
        return Scope(lead=self.lead)

    def kept_out(self, session: Session, subject_id: int, person_id: int | None) -> str:
        return ""

    def described(self, session: Session, ids: Collection[int]) -> Mapping[int, Described]:
        return {one: Described(f"Agreement {one}", "Joint PhD", f"/agreements/{one}") for one in ids}

    def facts(self, session: Session, subject_id: int) -> Sequence[tuple[str, str]]:
        return []


def test_an_agreement_with_one_key_is_asked_written_about_and_decided(session: Session, people: Cast) -> None:
    room = Agreements(people.oxford.id)
    subjects = {**SUBJECTS, room.kind: room}
    asked = Asked(subject=("agreement", 7), lead_id=people.oxford.id, organisation_ids=(people.oxford.id,))
    approval = ask(session, asked, now=NOW)
    tell_asked(session, approval, now=NOW)
    message = session.scalars(select(OutboxMessage)).one()
    kind = next(one for one in letters("https://programme.example.ac.uk", subjects) if one.name == message.letter)
    written = kind.compose(session, message, now=NOW)
    assert written is not None
    it = written.variables["it"]
    assert (it.title, it.about, it.due_at) == ("Agreement 7", "Joint PhD", None)
    turned = Turn(says=YES, person_id=None)
    turn_key(session, approval.keys[0].id, turned, subjects=subjects, actor=actor_of(people.omar), now=NOW)
    assert room.told == ["held 7", "granted by Omar Otterbrook"]
    assert approval.state is ApprovalState.GRANTED
