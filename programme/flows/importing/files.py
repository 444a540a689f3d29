"""Uploaded files between their preview and the confirmation: kept, claimed once, forgotten after a week."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.core.refusal import Refusal
from programme.engines.calendar.models import ImportFile
from programme.engines.calendar.reading.reader import read

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from programme.engines.calendar.reading.rows import Reading

KEPT_FOR = timedelta(days=7)
GONE = "The file is not kept any more. Throw this import away and upload the file again."


def folder(store: Path) -> Path:
    """Return where files wait."""
    return store / "uploads" / "imports"


def stash(store: Path, data: bytes, *, filename: str, around: date) -> str:
    """Keep the bytes of a file that can be read, and return the name they are kept under.

    Raises Refusal, and keeps nothing, where the file cannot be read.
    """
    folder(store).mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(20)
    (folder(store) / name).write_bytes(data)
    try:
        reading_of(store, name, filename=filename, around=around)
    except BaseException:
        wipe(store, name)
        raise
    return name


def reading_of(store: Path, name: str, *, filename: str, around: date) -> Reading:
    """Read a kept file, old series `around` a day; raises Refusal where it is gone."""
    try:
        return read_once(folder(store) / name, filename, around)
    except FileNotFoundError:
        raise Refusal(GONE) from None


@lru_cache(maxsize=2)
def read_once(path: Path, filename: str, around: date) -> Reading:
    """Read a kept file, which never changes; the pages of a preview need it again and again."""
    return read(filename, path.read_bytes(), around=around)


def claim(session: Session, import_id: int, *, now: datetime) -> bool:
    """Mark a file as confirmed, as the transaction's first write; False where somebody was faster."""
    free = (ImportFile.id == import_id, ImportFile.confirmed_at.is_(None))
    marked = update(ImportFile).where(*free).values(confirmed_at=now).returning(ImportFile.id)
    return session.scalar(marked.execution_options(synchronize_session=False)) is not None


def forget(session: Session, store: Path, row: ImportFile) -> bool:
    """Throw a file away that was not confirmed; False where it was."""
    if row.confirmed_at is not None:
        return False
    session.delete(row)
    session.flush()
    wipe(store, row.stored_as)
    return True


def wipe(store: Path, name: str) -> None:
    """Remove the bytes; what was imported is in the events."""
    (folder(store) / name).unlink(missing_ok=True)


def forget_unconfirmed(session: Session, store: Path, *, now: datetime) -> int:
    """Throw away files that waited a week for their confirmation, and return how many; for the housekeeping job."""
    old = (ImportFile.confirmed_at.is_(None), ImportFile.uploaded_at < now - KEPT_FOR)
    return sum(forget(session, store, row) for row in session.scalars(select(ImportFile).where(*old)).all())
