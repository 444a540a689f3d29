"""Tables of admission: what ties a call to a cohort, references, reviewers with their scores, and who was admitted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.registration.models import Opening, Registration
from programme.people.models import Organisation, Person
from programme.strands.cohorts.admission.states import Conflict, ReferenceState, Ruling
from programme.strands.cohorts.models.awards import Cohort
from programme.strands.cohorts.models.candidatures import Candidature


class Admission(Base):
    """A call by which people come into a cohort, with what is asked about each of them.

    `references_by` and `reviews_by` are instants; what comes later is late, or locked. `home_question_id` and its like
    are the questions of the form that say which university somebody wishes, their project, and how they would study:
    one that is succeeded by another is followed there. `revision` is what verbs lock by raising it.
    """

    __tablename__ = "admission"
    __table_args__ = (CheckConstraint("references_wanted BETWEEN 0 AND 3", name="references_wanted"),)

    id: Mapped[Key]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), unique=True)
    references_wanted: Mapped[int] = mapped_column(default=2)
    references_by: Mapped[datetime | None]
    reviews_by: Mapped[datetime | None]
    hides_names: Mapped[bool] = mapped_column(default=False)
    home_question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"), index=True)
    project_question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"), index=True)
    studies_question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    cohort: Mapped[Cohort] = relationship()
    opening: Mapped[Opening] = relationship()
    criteria: Mapped[list[AdmissionCriterion]] = relationship(
        cascade="all, delete-orphan", order_by="AdmissionCriterion.position, AdmissionCriterion.id"
    )
    reviewers: Mapped[list[AdmissionReviewer]] = relationship(
        cascade="all, delete-orphan", back_populates="admission", order_by="AdmissionReviewer.id"
    )


class AdmissionCriterion(Base):
    """What applications are scored by, from 0 to 5. `anchors` say what each of these six numbers means."""

    __tablename__ = "admission_criterion"
    __table_args__ = (CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),)

    id: Mapped[Key]
    admission_id: Mapped[int] = mapped_column(ForeignKey("admission.id", ondelete="CASCADE"), index=True)
    title: Mapped[Line]
    weight: Mapped[int] = mapped_column(default=1)
    anchors: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)


class AdmissionReviewer(Base):
    """Who reviews applications, for which university. `open_until` is until when their scores are unlocked again."""

    __tablename__ = "admission_reviewer"
    __table_args__ = (UniqueConstraint("admission_id", "person_id"),)

    id: Mapped[Key]
    admission_id: Mapped[int] = mapped_column(ForeignKey("admission.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    named_at: Mapped[datetime]
    open_until: Mapped[datetime | None]
    admission: Mapped[Admission] = relationship(back_populates="reviewers")
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()


class Review(Base):
    """One application in the hands of one reviewer: what they declared, what the chair decided, and what they say."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("reviewer_id", "registration_id"),)

    id: Mapped[Key]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("admission_reviewer.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    assigned_at: Mapped[datetime]
    conflict: Mapped[Conflict | None] = state_column(Conflict)
    conflict_words: Mapped[str] = mapped_column(String(500), default="")
    declared_at: Mapped[datetime | None]
    ruling: Mapped[Ruling | None] = state_column(Ruling)
    words: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime | None]
    reviewer: Mapped[AdmissionReviewer] = relationship()
    registration: Mapped[Registration] = relationship()
    scores: Mapped[list[ReviewScore]] = relationship(cascade="all, delete-orphan", order_by="ReviewScore.criterion_id")


class ReviewScore(Base):
    """What a reviewer gives for one criterion, in half points: 10 is five."""

    __tablename__ = "review_score"
    __table_args__ = (CheckConstraint("half_points BETWEEN 0 AND 10", name="half_points"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(
        ForeignKey("admission_criterion.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    half_points: Mapped[int]


class Reference(Base):
    """A reference about an applicant: who is asked for it, where it stands, and what they wrote; a file may go with it.

    The link is reckoned from `id` and `link_version`, which is random: the number of one that is gone may be another's.
    """

    __tablename__ = "reference"
    __table_args__ = (
        UniqueConstraint("registration_id", "address_key"),
        Index("ix_reference_asked", "state", "reminded_at"),
    )

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    name: Mapped[Line]
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254), index=True)
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[ReferenceState] = state_column(ReferenceState, default=ReferenceState.NOT_ASKED)
    text: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    link_version: Mapped[int]
    registration: Mapped[Registration] = relationship()


class Admitted(Base):
    """An accepted application that became a candidature: once only."""

    __tablename__ = "admitted"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"), unique=True)
    admitted_at: Mapped[datetime]
    registration: Mapped[Registration] = relationship()
    candidature: Mapped[Candidature] = relationship()
