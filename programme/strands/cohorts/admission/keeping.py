"""What admission keeps on people: referees and what they wrote, reviewers and what they said, and who was admitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.web.words import plural
from programme.engines.documents.actions import forget_all
from programme.engines.documents.queries import documents_of
from programme.engines.mail.keeping.plugs import forget_letters
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.keeping.files import FilesKept
from programme.engines.registration.models import Registration
from programme.people.keeping.ports import AT_ONCE, Fate, Section, iso
from programme.strands.cohorts.admission.judging import HALF_POINTS
from programme.strands.cohorts.admission.referees.queries import REFERENCE
from programme.strands.cohorts.models import Admission, AdmissionReviewer, Reference, Review

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.documents.shelf import Shelf
    from programme.people.keeping.ports import Subject, Times


class AdmissionsKept:
    """References, reviewers, reviews. It stands before registrations, by whose person applications are found."""

    tables = frozenset({"reference", "admission_reviewer", "review", "admitted"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give what referees somebody named, what they wrote as one, and what they reviewed.

        What referees and reviewers said of somebody was said in confidence, and is not given.
        """
        yield Section("referees you named", (told(row) for row in session.scalars(about(who))))
        yield Section("references asked of you", (told_to_referee(row) for row in session.scalars(asked_of(who))))
        yield Section("applications you review", reviewed(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that all of it goes."""
        named, asked = (how_many(session, found) for found in (about(who), asked_of(who)))
        if named:
            yield Fate(f"{plural(named, 'reference')} about you, and what reviewers said of your applications")
        if asked:
            yield Fate(f"{plural(asked, 'reference')} that you were asked for, with what you wrote")
        own = select(func.count()).where(AdmissionReviewer.person_id == who.person_id)
        if session.scalar(own):
            yield Fate("That you review applications, and your scores")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Delete references by and about somebody, what reviewers said of them, and what they reviewed."""
        own = session.scalars(select(Registration.id).where(Registration.person_id == who.person_id)).all()
        forget_applications(session, own, now=now)
        written = session.scalars(asked_of(who).with_only_columns(Reference.id)).all()
        forget_references(session, written, now=now)
        session.execute(delete(AdmissionReviewer).where(AdmissionReviewer.person_id == who.person_id))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Delete what was said about applications that name nobody any more."""
        del times
        nameless = select(Registration.id).where(Registration.person_id.is_(None))
        some = nameless.where(
            or_(
                Registration.id.in_(select(Reference.registration_id)),
                Registration.id.in_(select(Review.registration_id)),
            )
        )
        ids = session.scalars(some.order_by(Registration.id).limit(AT_ONCE)).all()
        forget_applications(session, ids, now=now)
        return len(ids)

    def fates_with(self, session: Session, kind: str, ids: Sequence[int]) -> Iterator[Fate]:
        """Say that what was said of applications goes with them."""
        if kind != Registration.__tablename__:
            return
        named = how_many(session, select(Reference).where(Reference.registration_id.in_(ids)))
        said = session.scalar(select(func.count()).select_from(Review).where(Review.registration_id.in_(ids)))
        if named:
            yield Fate(f"{plural(named, 'reference')} about you, with what referees wrote")
        if said:
            yield Fate("What reviewers said of your application")

    def let_go_with(self, session: Session, kind: str, ids: Sequence[int], *, now: datetime) -> None:
        """Delete what was said of applications whose name is deleted."""
        if kind == Registration.__tablename__:
            forget_applications(session, ids, now=now)


@dataclass(frozen=True, slots=True)
class ReferenceFilesKept:
    """The files that referees sent: given back whole to whoever sent them. They go with their references."""

    shelf: Shelf
    tables: frozenset[str] = frozenset()

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give every file with its bytes."""
        ids = session.scalars(asked_of(who).with_only_columns(Reference.id)).all()
        files = documents_of(session, REFERENCE, ids)
        yield Section("files that came with references of yours", (FilesKept(self.shelf).told(row) for row in files))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say nothing: what becomes of references is said of them."""
        del session, who
        return iter(())

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Change nothing: files go with the references that they came with."""

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Change nothing: files go with the references that they came with."""
        del session, times, now
        return 0


def forget_applications(session: Session, ids: Any, *, now: datetime) -> None:
    """Delete what referees and reviewers said about applications."""
    if not ids:
        return
    references = session.scalars(select(Reference.id).where(Reference.registration_id.in_(ids))).all()
    forget_references(session, references, now=now)
    session.execute(delete(Review).where(Review.registration_id.in_(ids)))


def forget_references(session: Session, ids: Any, *, now: datetime) -> None:
    """Delete references, the files that came with them, and the letters that asked for them."""
    if ids:
        forget_all(session, REFERENCE, ids, now=now)
        about_these = and_(OutboxMessage.subject_kind == REFERENCE, OutboxMessage.subject_id.in_(ids))
        forget_letters(session, about_these)
        session.execute(delete(Reference).where(Reference.id.in_(ids)))


def about(who: Subject) -> Select[Reference]:
    """Select the references about somebody."""
    joined = select(Reference).join(Registration, Registration.id == Reference.registration_id)
    return joined.where(Registration.person_id == who.person_id).order_by(Reference.id)


def asked_of(who: Subject) -> Select[Reference]:
    """Select the references that somebody was asked for, at the address they have."""
    return select(Reference).where(Reference.address_key == who.key).order_by(Reference.id)


def how_many(session: Session, found: Select[Reference]) -> int:
    """Return how many references a selection finds."""
    return session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0


def told(row: Reference) -> Mapping[str, Any]:
    """Return a reference in words, for whom it is about: never what it says."""
    return {"name": row.name, "address": row.address, "where it stands": row.state.value, "asked": iso(row.asked_at)}


def told_to_referee(row: Reference) -> Mapping[str, Any]:
    """Return a reference in words, for whoever writes it."""
    return {
        "about": row.registration.name,
        "your name as it was given": row.name,
        "where it stands": row.state.value,
        "asked": iso(row.asked_at),
        "answered": iso(row.answered_at),
        "what you wrote": row.text,
    }


def reviewed(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give what somebody reviewed: which call, what they declared and scored; not whose application it was."""
    own = select(Review).join(AdmissionReviewer, AdmissionReviewer.id == Review.reviewer_id)
    call = joinedload(Review.reviewer).joinedload(AdmissionReviewer.admission).joinedload(Admission.opening)
    rows = own.where(AdmissionReviewer.person_id == who.person_id).options(call, selectinload(Review.scores))
    for row in session.scalars(rows.order_by(Review.id)):
        titles = {one.id: one.title for one in row.reviewer.admission.criteria}
        yield {
            "for": row.reviewer.admission.opening.title,
            "application": row.registration_id,
            "declared": row.conflict.value if row.conflict else None,
            "declared in words": row.conflict_words,
            "scores": {titles[one.criterion_id]: one.half_points / HALF_POINTS for one in row.scores},
            "words": row.words,
        }


ADMISSIONS = AdmissionsKept()
