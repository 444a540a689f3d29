"""Openings, registrations and seats."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import Visibility
from programme.engines.questionnaire.models import AnswerSheet, Questionnaire
from programme.engines.registration.offers.deadline import USUAL_MORNING
from programme.engines.registration.states import (
    Attendance,
    Eligibility,
    OpeningState,
    PlacesBy,
    RegistrationState,
    SeatState,
    Source,
)
from programme.people.groups.models import Group
from programme.people.models import Organisation, Person, Strand

IS_OFFERED = text("state = 'offered'")
IS_LIVE = text("state in ('draft', 'pending', 'waitlisted', 'offered', 'confirmed')")
IS_LEAVING = text("leaves_at IS NOT NULL")
IS_APART = text("state <> 'held'")


class Opening(Base):
    """Something one can register for: window, capacity, eligibility, form.

    `revision` is what deciders lock by raising it. `unproved_hours` is how long an address nobody has proved
    holds a place. Capacity empty means without limit. `chooses` is how many of its events each person chooses, or
    fewer if `may_choose_fewer`; empty admits to all of them. `most_together` is for how many one registration may be.
    `section_a_page` says that the form is filled in one section a page. `visibility` is of calls alone: an opening that
    admits to events is seen by whoever sees one of them.
    `counts_when_proved` says that a registration counts for an organisation only once its address is proved. Whoever
    moves up has the place at once, or, with `offer_hours`, is offered it for so long; what would end at night ends at
    `offer_morning`, minutes after midnight in London.
    """

    __tablename__ = "opening"

    id: Mapped[Key]
    title: Mapped[Line]
    note: Mapped[str] = mapped_column(Text, default="")
    strand: Mapped[Strand] = state_column(Strand)
    state: Mapped[OpeningState] = state_column(OpeningState, default=OpeningState.DRAFT)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    capacity: Mapped[int | None]
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    places_by: Mapped[PlacesBy] = state_column(PlacesBy, default=PlacesBy.FIRST_COME)
    ballot_at: Mapped[datetime | None]
    ballot_seed: Mapped[str] = mapped_column(String(64), default="")
    visibility: Mapped[Visibility] = state_column(Visibility, default=Visibility.PUBLIC)
    eligibility: Mapped[Eligibility] = state_column(Eligibility, default=Eligibility.ANYONE)
    eligible_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("person_group.id", ondelete="SET NULL"), index=True
    )
    unproved_hours: Mapped[int] = mapped_column(default=48)
    offer_hours: Mapped[int | None]
    offer_morning: Mapped[int] = mapped_column(default=USUAL_MORNING, server_default=text(str(USUAL_MORNING)))
    counts_when_proved: Mapped[bool] = mapped_column(default=False)
    chooses: Mapped[int | None]
    may_choose_fewer: Mapped[bool] = mapped_column(default=False)
    most_together: Mapped[int] = mapped_column(default=1)
    section_a_page: Mapped[bool] = mapped_column(default=False)
    questionnaire_id: Mapped[int | None] = mapped_column(ForeignKey("questionnaire.id"))
    lead_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_name: Mapped[Line] = mapped_column(default="")
    contact_address: Mapped[str] = mapped_column(String(254), default="")
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    questionnaire: Mapped[Questionnaire | None] = relationship()
    lead_organisation: Mapped[Organisation] = relationship()
    eligible_group: Mapped[Group | None] = relationship()
    co_owners: Mapped[list[Organisation]] = relationship(secondary="opening_co_owner", order_by=Organisation.position)
    members_of: Mapped[list[Organisation]] = relationship(
        secondary="opening_eligible_organisation", order_by=Organisation.position
    )
    events: Mapped[list[Event]] = relationship(secondary="opening_event", order_by=(Event.starts_at, Event.id))
    quotas: Mapped[list[Quota]] = relationship(cascade="all, delete-orphan", order_by="Quota.organisation_id")


class OpeningCount(Base):
    """How many are in each state, as counted last at a revision of an opening: see `openings/counted`."""

    __tablename__ = "opening_count"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int]
    heads: Mapped[str] = mapped_column(Text)


class OpeningEvent(Base):
    """An opening admits to an event."""

    __tablename__ = "opening_event"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, index=True)


class OpeningCoOwner(Base):
    """An organisation that shares an opening with its lead."""

    __tablename__ = "opening_co_owner"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)


class OpeningEligibleOrganisation(Base):
    """An organisation whose members may register, where eligibility asks for membership."""

    __tablename__ = "opening_eligible_organisation"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)


class Quota(Base):
    """Places of an opening that are guaranteed to one organisation until they are released to everybody.

    They are released at `release_at`, or `release_days` before the first event begins, at the same time of London's
    clock; of a date that is not known yet, not before it is. `released_at` is when that was noted: it is for good.
    """

    __tablename__ = "quota"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    places: Mapped[int]
    release_at: Mapped[datetime | None]
    release_days: Mapped[int | None]
    released_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship()


class Registration(Base):
    """One person's claim on an opening.

    `organisation_id` is where they say they belong; `counts_for_id` the organisation in whose share they are counted,
    decided when they register (see `actions.Claim`), empty for none.
    `person_id` is empty once the person's data are gone: what stays counts, and names nobody (see `keeping`).
    `joined_at` and `id` order the waiting list. `prove_by` is set while the address is unproved: past it the
    registration lapses. `offered_at` and `answer_by` say when a place was offered and until when it can be taken; they
    stay when that is over. The link to see, change or cancel without signing in is reckoned from `id` and
    `link_version` (see `links`): raising the version ends every link told before. `form_key` knows a form sent twice.
    `heads` is for how many people it is: whoever registered and their companions, kept beside them, as tallies add it.
    Of a series, `takes_weeks` says that whoever waits takes the chair of a week that somebody skips, and `leaves_at` is
    from when on the place is given up: the chairs before it stay.
    """

    __tablename__ = "registration"
    __table_args__ = (
        Index(
            "uq_registration_live",
            "opening_id",
            "person_id",
            unique=True,
            sqlite_where=IS_LIVE,
            postgresql_where=IS_LIVE,
        ),
        Index("ix_registration_roll", "opening_id", "state", "joined_at", "id"),
        Index("ix_registration_joined", "opening_id", "joined_at", "id"),
        # Holds all that is counted of an opening for its form and its roll, so that thousands of rows stay unread.
        Index("ix_registration_origin", "opening_id", "state", "organisation_id", "counts_for_id", "prove_by"),
        Index(
            "ix_registration_share",
            *("opening_id", "state", "counts_for_id", "joined_at", "id", "heads", "leaves_at"),
        ),
        Index(
            "ix_registration_leaving",
            "opening_id",
            sqlite_where=IS_LEAVING,
            postgresql_where=IS_LEAVING,
        ),
        Index("ix_registration_prove_by", "prove_by"),
        Index("ix_registration_answer_by", "answer_by", sqlite_where=IS_OFFERED, postgresql_where=IS_OFFERED),
    )

    id: Mapped[Key]
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Line]
    address: Mapped[str] = mapped_column(String(254))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    counts_for_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[RegistrationState] = state_column(RegistrationState)
    source: Mapped[Source] = state_column(Source, default=Source.SELF)
    joined_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    prove_by: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    answer_sheet_id: Mapped[int | None] = mapped_column(ForeignKey("answer_sheet.id"))
    link_version: Mapped[int] = mapped_column(default=1)
    heads: Mapped[int] = mapped_column(default=1)
    takes_weeks: Mapped[bool] = mapped_column(default=True)
    leaves_at: Mapped[datetime | None]
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    opening: Mapped[Opening] = relationship()
    person: Mapped[Person | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=organisation_id)
    counts_for: Mapped[Organisation | None] = relationship(foreign_keys=counts_for_id)
    answer_sheet: Mapped[AnswerSheet | None] = relationship()
    seats: Mapped[list[Seat]] = relationship(cascade="all", order_by="Seat.event_id")
    companions: Mapped[list[Companion]] = relationship(cascade="all, delete-orphan", order_by="Companion.id")


class Companion(Base):
    """Somebody who comes along under another's registration: a name, and own answers where the opening has a form."""

    __tablename__ = "companion"

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    name: Mapped[Line]
    answer_sheet_id: Mapped[int | None] = mapped_column(ForeignKey("answer_sheet.id"), index=True)
    answer_sheet: Mapped[AnswerSheet | None] = relationship()


class CompanionMark(Base):
    """Whether somebody who comes along came to one event; without a row nobody has said so yet.

    Whoever writes one holds the lock of the chair.
    """

    __tablename__ = "companion_mark"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), primary_key=True)
    companion_id: Mapped[int] = mapped_column(
        ForeignKey("companion.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    attendance: Mapped[Attendance] = state_column(Attendance)
    attended_at: Mapped[datetime | None]


class Seat(Base):
    """One registration's chair at one event; `revision` adds to the event's SEQUENCE in personal calendars.

    `lent_at` is when it was lent to somebody who waits, whatever became of it since. `attendance` is of whoever
    registered; who comes along by the same chair has a mark of their own.
    """

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("registration_id", "event_id"),
        Index("ix_seat_apart", "event_id", "state", sqlite_where=IS_APART, postgresql_where=IS_APART),
    )

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    state: Mapped[SeatState] = state_column(SeatState, default=SeatState.HELD)
    attendance: Mapped[Attendance] = state_column(Attendance, default=Attendance.UNKNOWN)
    attended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    lent_at: Mapped[datetime | None]
    event: Mapped[Event] = relationship()
    registration: Mapped[Registration] = relationship(back_populates="seats")
    companion_marks: Mapped[list[CompanionMark]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class RegistrationTag(Base):
    """A word that organisers put on a registration, to find and write to those who bear it."""

    __tablename__ = "registration_tag"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
