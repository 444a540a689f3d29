"""What signing asks of the rooms whose things are signed: a plug for each kind of thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Signature


Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Described:
    """A thing that is signed: what it is called, whose it is, its page (a path), and by when, if by any day."""

    title: str
    about: str
    path: str
    due_on: date | None = None
    file: str = ""


class SignedThing(Protocol):
    """A kind of thing that is signed. Each belongs to a candidature, which is locked before anything is decided."""

    @property
    def kind(self) -> str:
        """Return the word that signatures of this kind are kept under."""

    def described(self, session: Session, ids: Collection[int]) -> Mapping[int, Described]:
        """Return what things are called, by id, in one statement; what is gone is left out."""

    def facts(self, session: Session, ids: Collection[int]) -> Mapping[int, Facts]:
        """Return what whoever signs has to know, by id, in statements that do not grow: never what is sensitive."""

    def on_answered(self, session: Session, signature: Signature, *, actor: Actor, now: datetime) -> None:
        """Carry out what follows from an answer, if anything; the candidature is locked."""


SignedThings = Mapping[str, SignedThing]
