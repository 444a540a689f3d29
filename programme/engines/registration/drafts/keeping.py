"""What drafts keep on somebody: what they typed and did not send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import joinedload

from programme.core.web.words import plural
from programme.engines.documents.actions import forget_all
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.drafts.queries import served_their_time
from programme.people.keeping.ports import AT_ONCE, Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

DRAFT = "draft"
"""What files of drafts belong to."""


class DraftsKept:
    """Forms that were begun and not sent, with their files."""

    tables = frozenset({"draft"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give every draft with what was typed."""
        rows = select(Draft).where(of(who)).options(joinedload(Draft.opening)).order_by(Draft.id)
        yield Section("forms not sent yet", (told(row) for row in session.scalars(rows)))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that drafts go."""
        number = len(session.scalars(select(Draft.id).where(of(who))).all())
        if number:
            yield Fate(f"{plural(number, 'form')} begun and not sent yet")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Delete every draft."""
        let_go(session, session.scalars(select(Draft.id).where(of(who))).all(), now=now)

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Delete drafts of what closed two weeks ago."""
        del times
        over = [row.id for row in session.scalars(served_their_time(now, limit=AT_ONCE))]
        let_go(session, over, now=now)
        return len(over)


def let_go(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """Delete drafts, and forget their files."""
    if ids:
        forget_all(session, DRAFT, ids, now=now)
        session.execute(delete(Draft).where(Draft.id.in_(ids)))


def of(who: Subject) -> ColumnElement[bool]:
    """Whether a draft is somebody's."""
    return or_(Draft.person_id == who.person_id, Draft.address_key == who.key)


def told(row: Draft) -> Mapping[str, Any]:
    """Return one draft in words."""
    labels = (
        {f"q{one.id}": one.label for one in row.opening.questionnaire.questions} if row.opening.questionnaire else {}
    )
    answers = [
        {"question": labels[name], "typed": values} for name, values in row.texts.items() if name in labels and values
    ]
    return {
        "for": row.opening.title,
        "name": row.name,
        "address": row.address,
        "begun": iso(row.created_at),
        "saved": iso(row.saved_at),
        "answers": answers,
    }


DRAFTS = DraftsKept()
