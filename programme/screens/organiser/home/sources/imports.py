"""What imports need: a file that waits to be confirmed, and rows that were odd."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.web.words import join_words, plural
from programme.engines.calendar.models import ImportFile
from programme.flows.importing.files import KEPT_FOR
from programme.screens.organiser.home.need import Need
from programme.screens.organiser.imports.pages import mine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

LATELY = timedelta(days=14)
MOST = 5
ODD = "odd"


def needs(session: Session, actor: Actor, *, now: datetime) -> Iterator[Need]:
    """Return what imports need of their organisers; administrators hear how many had odd rows, and whose they are."""
    for row in found(session, mine(actor), ImportFile.confirmed_at.is_(None)):
        why = "It is thrown away by itself a week after it was uploaded."
        yield Need(
            f"Confirm or drop the import of {row.filename}",
            f"/organise/imports/{row.id}",
            why,
            row.uploaded_at + KEPT_FOR,
            "Look",
        )
    own = [row for row in found(session, mine(actor), ImportFile.confirmed_at > now - LATELY) if odd(row)]
    for row in own:
        title = f"{plural(odd(row), 'odd row')} in {row.filename}"
        why = "Each was taken with a stated default: see which, and correct the events."
        yield Need(title, f"/organise/imports/{row.id}", why, None, "Look", station="ahead")
    if actor.is_administrator:
        yield from others(session, own, now=now)


def others(session: Session, own: Sequence[ImportFile], *, now: datetime) -> Iterator[Need]:
    """Say of how many imports of other people rows were odd."""
    seen = {row.id for row in own}
    rows = [row for row in found(session, ImportFile.confirmed_at > now - LATELY) if odd(row) and row.id not in seen]
    if rows:
        told = join_words(f"{row.filename} ({odd(row)})" for row in rows)
        why = f"{told}. Their organisers see which rows."
        title = f"{plural(len(rows), 'import')} with odd rows in the last fortnight"
        yield Need(title, "/organise/audit?kind=organisation", why, None, "Look", station="ahead")


def found(session: Session, *conditions: ColumnElement[bool]) -> Sequence[ImportFile]:
    """Return the latest files."""
    latest = select(ImportFile).where(*conditions).order_by(ImportFile.id.desc()).limit(MOST)
    return session.scalars(latest).all()


def odd(row: ImportFile) -> int:
    """Return how many rows were odd."""
    told = row.counts.get(ODD, [])
    return len({note["line"] for note in told}) if isinstance(told, list) else int(told)
