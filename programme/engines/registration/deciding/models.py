"""The terms on which an opening decides, and decisions about many at once that may be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, state_column
from programme.engines.registration.deciding.changing import AnswersChange
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.people.models import Person


class DecisionTerms(Base):
    """Who decides about an opening's registrations, and until when answers may change; without a row, the defaults.

    `days` is how long each key has; past it the organisers of the lead and `escalation_address` are told. `asks_anew`
    says that a change of answers after a yes is looked at again.
    """

    __tablename__ = "decision_terms"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    decided_by: Mapped[DecidedBy] = state_column(DecidedBy, default=DecidedBy.ORGANISERS)
    days: Mapped[int] = mapped_column(default=14)
    escalation_address: Mapped[str] = mapped_column(String(254), default="")
    answers_change: Mapped[AnswersChange] = state_column(AnswersChange, default=AnswersChange.REGISTERED)
    answers_until: Mapped[datetime | None]
    asks_anew: Mapped[bool] = mapped_column(default=False)
    opening: Mapped[Opening] = relationship()


class KeyHolder(Base):
    """The person who turns an organisation's keys for an opening, where it is not any of its organisers."""

    __tablename__ = "key_holder"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    person: Mapped[Person] = relationship()


class DecisionRound(Base):
    """One decision about many of a roll at once: its letters wait until `letters_at`, and until then it may be undone.

    `person_id` is who decided.
    """

    __tablename__ = "decision_round"

    id: Mapped[Key]
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    verdict: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[datetime]
    letters_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    lines: Mapped[list[DecisionLine]] = relationship(cascade="all, delete-orphan", order_by="DecisionLine.id")


class DecisionLine(Base):
    """What a round did to one registration: how it stood before (`before`, by column) and after.

    `chairs` are those that it changed, by event: how each stood before and after, and when it had been lent. None is of
    rounds older than that. `letter_ids` are the letters that wait, `key_ids` the keys that were turned; `withdrawn_id`
    is the approval that was asked no more, as long as it is there. `follows` is set for those whom nobody decided
    about, but who moved up by it or were lent a chair.
    """

    __tablename__ = "decision_line"

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("decision_round.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    state_before: Mapped[RegistrationState] = state_column(RegistrationState)
    state_after: Mapped[RegistrationState] = state_column(RegistrationState)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    chairs: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=dict)
    letter_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    key_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    withdrawn_id: Mapped[int | None] = mapped_column(ForeignKey("approval.id", ondelete="SET NULL"), index=True)
    follows: Mapped[bool] = mapped_column(default=False)
    registration: Mapped[Registration] = relationship()
