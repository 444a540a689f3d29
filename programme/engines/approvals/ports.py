"""What approvals ask of the rooms whose things are decided about: a plug for each kind of thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.approvals.models import Approval
    from programme.people.permissions import Actor, Scope


@dataclass(frozen=True, slots=True)
class Described:
    """A thing that is decided about: what it is called, what it belongs to, and where organisers see it (a path)."""

    title: str
    about: str
    path: str


class ApprovalSubject(Protocol):
    """A kind of thing that is decided about by keys."""

    @property
    def kind(self) -> str:
        """Return the word that approvals of this kind are kept under."""

    def hold(self, session: Session, subject_id: int, *, now: datetime) -> None:
        """Lock what a decision would change, before the approval itself; Refusal where nothing is to be decided."""

    def on_decided(self, session: Session, approval: Approval, *, words: str, actor: Actor, now: datetime) -> None:
        """Carry the decision out and tell whom it concerns; `words` are for whoever was decided about."""

    def scope(self, session: Session, subject_id: int) -> Scope | None:
        """Return whose the thing is; None where it is gone."""

    def kept_out(self, session: Session, subject_id: int, person_id: int | None) -> str:
        """Say why somebody turns no key about this thing, as it concerns them; nothing where they may."""

    def described(self, session: Session, ids: Collection[int]) -> Mapping[int, Described]:
        """Return what things are called, by id, in a number of statements that does not grow."""

    def facts(self, session: Session, subject_id: int) -> Sequence[tuple[str, str]]:
        """Return what whoever turns a key by a link has to know: never what is sensitive."""


Subjects = Mapping[str, ApprovalSubject]
