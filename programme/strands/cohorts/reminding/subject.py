"""Cohorts remind: of their researchers' milestones, by rules of the cohort that count from each day one is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Date, String, and_, cast, func, literal, null, or_, select

from programme.engines.reminders.actions import Wish, give_usual_rules
from programme.engines.reminders.models import Anchor, Audience, OffsetUnit
from programme.engines.reminders.ports import Reach, Side
from programme.people.models import Person
from programme.people.states import Strand
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, Supervision
from programme.strands.cohorts.states import UNDER_WAY, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, FromClause, Select
    from sqlalchemy.orm import Session

    from programme.engines.reminders.models import ReminderRule
    from programme.engines.reminders.ports import Only

COHORT, LETTER = "cohort", "milestones_due"
WAITS = (MilestoneState.OPEN, MilestoneState.HANDED_IN)
"""States in which there is still something to do, by the researcher or by whoever signs."""
WEEKS_BEFORE, DAYS_A_WEEK = (10, 6, 3, 1), 7
LENGTH_OF_DAY = len("2027-12-04")


class MilestoneSubject:
    """The milestones of a cohort, as the rules of reminders see them: as many instants as there are days due."""

    kind = COHORT
    may_repeat = True
    anchors: Mapping[Anchor, str] = {Anchor.DUE: "the day a milestone is due"}
    audiences: Mapping[Audience, Reach] = {
        Audience.CONCERNED: Reach(
            "researchers and their supervisors",
            "Sent because a milestone is yours, or that of somebody you supervise.",
            {Side.BEFORE: LETTER, Side.AFTER: LETTER},
        ),
    }

    def moments(self, anchor: Anchor, *, drafts: bool = False) -> Select[Any]:
        """Select every day on which something is due in a cohort; with `drafts`, for a look beforehand, the next."""
        del anchor
        instant: Any = func.min(Milestone.due_at) if drafts else Milestone.due_at
        found = select(Candidature.cohort_id.label("subject_id"), instant.label("instant"))
        found = found.join(Milestone, Milestone.candidature_id == Candidature.id).where(is_waited_for())
        return found.group_by(Candidature.cohort_id) if drafts else found.distinct()

    def recipients(self, audience: Audience, due: FromClause, *, only: Only | None = None) -> Select[Any]:
        """Select who has something to do about a milestone that is due at the instant reminded of.

        A letter goes once a person and day, whatever fell due: it tells all there is. Of several reminders of one day,
        as there are where it was set so near that some of them are past, the latest counts.
        """
        del audience
        day = func.substr(cast(latest_of(due), String), 1, LENGTH_OF_DAY)
        once = literal(f"{LETTER}:", String) + cast(Person.id, String) + literal(":", String) + day
        found = (
            select(
                (literal("person", String) + cast(Person.id, String)).label("who"),
                Person.address.label("recipient"),
                Person.name.label("recipient_name"),
                Person.id.label("person_id"),
                literal("person", String).label("subject_kind"),
                Person.id.label("subject_id"),
                *nobodys(),
                literal(0, BigInteger).label("link_version"),
                due.c.rule_id.label("rule_id"),
                due.c.stamp.label("stamp"),
                once.label("once"),
            )
            .select_from(due)
            .join(Person, Person.address != "")
            .where(concerns(due))
        )
        return found.where(Person.id.in_(only.people)) if only else found


def latest_of(due: FromClause) -> ColumnElement[Any]:
    """Return when the latest of the reminders fell due that count from the same instant of the same cohort."""
    other = due.alias("other")
    same = and_(other.c.subject_id == due.c.subject_id, other.c.anchor == due.c.anchor)
    return select(func.max(other.c.due_at)).where(same).correlate(due).scalar_subquery()


def nobodys() -> list[ColumnElement[Any]]:
    """Return the columns of a letter that is between the programme and one person."""
    return [
        cast(null(), BigInteger).label("organisation_id"),
        cast(null(), String).label("strand"),
        literal("", String).label("sender_name"),
        literal("", String).label("reply_to"),
    ]


def is_waited_for() -> ColumnElement[bool]:
    """Whether something is left to do for a milestone that has a day, in a course that is under way."""
    return and_(Milestone.state.in_(WAITS), Milestone.due_at.is_not(None), Candidature.state.in_(UNDER_WAY))


def concerns(due: FromClause) -> ColumnElement[bool]:
    """Whether a milestone that is due at the instant is somebody's own, or of somebody they supervise now."""
    own = and_(Candidature.person_id == Person.id, Milestone.state == MilestoneState.OPEN)
    today = func.date(due.c.now, type_=Date)
    return (
        select(Milestone.id)
        .join(Candidature, Candidature.id == Milestone.candidature_id)
        .where(Candidature.cohort_id == due.c.subject_id, Milestone.due_at == due.c.anchor, is_waited_for())
        .where(or_(own, Candidature.id.in_(supervised_by(Person.id, today).correlate(due, Person))))
        .correlate(due, Person)
        .exists()
    )


def supervised_by(person_id: Any, today: date | ColumnElement[date]) -> Select[int]:
    """Select the candidatures that somebody supervises on a day."""
    return select(Supervision.candidature_id).where(
        Supervision.person_id == person_id,
        Supervision.begins_on <= today,
        or_(Supervision.ends_on.is_(None), Supervision.ends_on >= today),
    )


def usual() -> list[tuple[Wish, str]]:
    """Return what cohorts get where nobody has said what is usual: ten, six, three and one week before, then weekly."""
    common = {"anchor": Anchor.DUE, "unit": OffsetUnit.DAYS, "audience": Audience.CONCERNED}
    before = [Wish(**common, offset=-weeks * DAYS_A_WEEK) for weeks in WEEKS_BEFORE]  # type: ignore[arg-type]
    late = Wish(**common, offset=1, repeat_days=DAYS_A_WEEK)  # type: ignore[arg-type]
    return [(wish, LETTER) for wish in (*before, late)]


def remind_usually(session: Session, cohort: Cohort, *, now: datetime) -> list[ReminderRule]:
    """Give a cohort the reminders that are usual, once: whoever takes one out keeps it out."""
    return give_usual_rules(session, (COHORT, cohort.id), strand=Strand.COHORTS, now=now, otherwise=usual())


MILESTONES = MilestoneSubject()
