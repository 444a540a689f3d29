"""What documents ask of the rooms that own their subjects: may somebody read this file. By default nobody may."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from programme.engines.documents.models import Document
    from programme.people.permissions import Actor


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wants to read: who acts, and what the secret links in their hands open."""

    actor: Actor
    opened: frozenset[tuple[str, int]] = field(default_factory=frozenset)


class MayRead(Protocol):
    """Answers for the files of one kind of subject."""

    def __call__(self, session: Session, subject_id: int, part: int | None, reader: Reader, /) -> bool:
        """Whether a reader may read the file of a part of a subject."""


def any_of(*plugs: MayRead) -> MayRead:
    """Return a plug that lets in whomever one of several does: rooms may each know readers of a kind of file."""

    def either(session: Session, subject_id: int, part: int | None, reader: Reader, /) -> bool:
        return any(plug(session, subject_id, part, reader) for plug in plugs)

    return either


def may_read(plugs: Mapping[str, MayRead], session: Session, document: Document, reader: Reader) -> bool:
    """Whether a reader may read a file. What belongs to nothing, or to what nobody answers for, is nobody's."""
    plug = plugs.get(document.subject_kind)
    if plug is None or document.subject_id is None or document.forgotten_at is not None:
        return False
    return plug(session, document.subject_id, document.part, reader)
