"""The files that somebody handed in with answers: given back whole with everything else that is held."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.files.kinds import FILE_KINDS
from programme.core.web.words import plural
from programme.engines.documents.queries import documents_of
from programme.engines.registration.drafts.keeping import DRAFT, of
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.follow_ups.models import FollowUpRequest
from programme.engines.registration.models import Registration
from programme.people.keeping.ports import Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from programme.engines.documents.models import Document
    from programme.engines.documents.shelf import Shelf
    from programme.people.keeping.ports import Subject, Times

SHEET = "answer_sheet"


@dataclass(frozen=True, slots=True)
class FilesKept:
    """Files of answers. They go with their answers (see `namelessness`); their bytes within minutes (see documents)."""

    shelf: Shelf
    tables: frozenset[str] = frozenset({"document"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give every file with its bytes, in base64."""
        yield Section("files handed in", (self.told(row) for row in files_of(session, who)))

    def told(self, row: Document) -> Mapping[str, Any]:
        """Return one file; its bytes are read as it is asked for."""
        path = self.shelf.path(row.token)
        content = base64.b64encode(path.read_bytes()).decode() if path.is_file() else None
        kind = FILE_KINDS[row.kind].media_type
        return {"name": row.name, "kind": kind, "handed in": iso(row.uploaded_at), "content in base64": content}

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that files go."""
        number = len(files_of(session, who))
        if number:
            yield Fate(f"{plural(number, 'file')} handed in with answers, or kept with a form that is not sent yet")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Change nothing: files went with the answers that named them."""

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Change nothing: files go with the answers that name them."""
        del session, times, now
        return 0


def files_of(session: Session, who: Subject) -> Sequence[Document]:
    """Return the files of somebody's answers, and of forms that they have not sent yet."""
    sheets = select(Registration.answer_sheet_id).where(
        Registration.person_id == who.person_id, Registration.answer_sheet_id.is_not(None)
    )
    second = select(FollowUpRequest.sheet_id).join(Registration).where(Registration.person_id == who.person_id)
    found = [*session.scalars(sheets), *session.scalars(second)]
    drafts = session.scalars(select(Draft.id).where(of(who))).all()
    return [
        *documents_of(session, SHEET, [one for one in found if one is not None]),
        *documents_of(session, DRAFT, drafts),
    ]
