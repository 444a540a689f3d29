"""What feedback keeps on somebody: that they gave it. What they said names nobody, and nobody can find it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from programme.core.web.words import plural
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.feedback.models import Feedback, FeedbackGiven
from programme.engines.registration.keeping.namelessness import over
from programme.engines.registration.models import Opening, Registration
from programme.people.keeping.ports import AT_ONCE, Fate, Section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

WRITTEN = [name for name, kind in KINDS.items() if not kind.is_counted]


class FeedbackKept:
    """That somebody has given feedback; and what was written freely, in which people may be named."""

    tables = frozenset({"feedback", "feedback_given"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Say of what somebody has given feedback."""
        titles = session.scalars(
            select(Opening.title)
            .join(Registration, Registration.opening_id == Opening.id)
            .where(Registration.id.in_(given_by(who)))
            .order_by(Registration.id)
        )
        yield Section("feedback given, kept without a name", ({"of": title} for title in titles))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say what goes, and what stays."""
        number = session.scalar(select(func.count()).select_from(given_by(who).subquery())) or 0
        if number:
            yield Fate(f"That you have given feedback {plural(number, 'time')}")
            yield Fate("What you said in it", "It was kept without a name, so nobody can tell which is yours.")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Forget that somebody has said something."""
        del now
        session.execute(delete(FeedbackGiven).where(FeedbackGiven.registration_id.in_(given_by(who))))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Forget who has given feedback, and what was written freely, when registrations lose their names."""
        ended = over(before=now - times.registered)
        given = select(FeedbackGiven.registration_id).join(
            Registration, Registration.id == FeedbackGiven.registration_id
        )
        who = session.scalars(given.where(Registration.opening_id.in_(ended)).limit(AT_ONCE)).all()
        said = session.scalars(written(ended).limit(AT_ONCE)).all()
        if who:
            session.execute(delete(FeedbackGiven).where(FeedbackGiven.registration_id.in_(who)))
        if said:
            session.execute(delete(Answer).where(Answer.id.in_(said)))
        return len(who) + len(said)


def given_by(who: Subject) -> Select[int]:
    """Select the registrations of somebody for which feedback was given."""
    return (
        select(FeedbackGiven.registration_id)
        .join(Registration, Registration.id == FeedbackGiven.registration_id)
        .where(Registration.person_id == who.person_id)
    )


def written(openings: Select[int]) -> Select[int]:
    """Select what was written freely about openings."""
    return (
        select(Answer.id)
        .join(Feedback, Feedback.answer_sheet_id == Answer.sheet_id)
        .join(Question, Question.id == Answer.question_id)
        .where(Feedback.opening_id.in_(openings), Question.kind.in_(WRITTEN))
        .order_by(Answer.id)
    )


FEEDBACK = FeedbackKept()
