"""Cohorts remind: of their researchers' milestones, by rules of the cohort that count from each day one is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Date, String, and_, cast, func, literal, null, or_, select

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import gives_its_key_back
from programme.engines.mail.states import OutboxState
from programme.engines.reminders.actions import Wish, give_usual_rules
from programme.engines.reminders.models import Anchor, Audience, OffsetUnit
from programme.engines.reminders.ports import Reach, Side
from programme.people.models import Person
from programme.people.states import Strand
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, Supervision
from programme.strands.cohorts.progress.resting import rests
from programme.strands.cohorts.rights import runs
from programme.strands.cohorts.states import UNDER_WAY, UNREACHED, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, FromClause, Select
    from sqlalchemy.orm import Session

    from programme.engines.reminders.models import ReminderRule
    from programme.engines.reminders.ports import Only

COHORT, LETTER = "cohort", "milestones_due"
WEEKS_BEFORE, DAYS_A_WEEK = (10, 6, 3, 1), 7


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

        A letter goes once a person and London day, whatever fell due in whichever cohort: it tells all there is. So
        what fell due before the last letter has the key of that one, which is used up; the rest has that of today.
        """
        del audience
        today = literal(f"{LETTER}:", String) + cast(Person.id, String) + literal(":", String) + due.c.today
        once = func.coalesce(told_by(due), today, type_=String)
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
            .where(concerns(due), ~is_overtaken(due))
        )
        return found.where(Person.id.in_(only.people)) if only else found


def is_overtaken(due: FromClause) -> ColumnElement[bool]:
    """Whether a later reminder of the same day is due by now as well: whoever comes late has the last one alone."""
    other = due.alias("other")
    same = and_(other.c.subject_id == due.c.subject_id, other.c.anchor == due.c.anchor)
    later = select(other.c.rule_id).where(same, other.c.due_at > due.c.due_at, other.c.due_at <= due.c.now)
    return later.correlate(due).exists()


def told_by(due: FromClause) -> Any:
    """Select the key of a letter that told somebody of what fell due; of none, where it tells them something new.

    One that came too late told nobody, nor did one that was not wanted.
    """
    told = (
        OutboxMessage.letter == LETTER,
        OutboxMessage.person_id == Person.id,
        OutboxMessage.created_at >= due.c.due_at,
        OutboxMessage.state != OutboxState.EXPIRED,
        ~gives_its_key_back(),
        ~concerns(due, is_new_since(OutboxMessage.created_at)),
    )
    return select(func.max(OutboxMessage.dedup_key)).where(*told).correlate(due, Person).scalar_subquery()


def is_new_since(instant: Any) -> ColumnElement[bool]:
    """Whether a milestone has got another day since an instant, or somebody has begun to supervise its researcher."""
    moved = and_(Milestone.state == MilestoneState.OPEN, Milestone.sequence > 0, Milestone.changed_at > instant)
    begun = select(Supervision.id).where(
        Supervision.candidature_id == Candidature.id,
        Supervision.person_id == Person.id,
        Supervision.begins_on > func.date(instant, type_=Date),
    )
    return or_(moved, begun.correlate(Candidature, Person, OutboxMessage).exists())


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
    return and_(Milestone.state.in_(UNREACHED), Milestone.due_at.is_not(None), Candidature.state.in_(UNDER_WAY))


def is_asked_for(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Whether it is on a day, too: while a course rests nothing has to be handed in; what was, is signed still."""
    handed_in = Milestone.state == MilestoneState.HANDED_IN
    return and_(is_waited_for(), or_(handed_in, ~rests(Candidature.id, today)))


def concerns(due: FromClause, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a milestone that is due at the instant is somebody's own, or of somebody they supervise now.

    With `more`, one of which that holds as well.
    """
    own = and_(Candidature.person_id == Person.id, Milestone.state == MilestoneState.OPEN)
    today = func.date(due.c.now, type_=Date)
    return (
        select(Milestone.id)
        .join(Candidature, Candidature.id == Milestone.candidature_id)
        .where(Candidature.cohort_id == due.c.subject_id, Milestone.due_at == due.c.anchor, is_asked_for(today))
        .where(or_(own, Candidature.id.in_(supervised_by(Person.id, today).correlate(due, Person))), *more)
        .correlate(due, Person, OutboxMessage)
        .exists()
    )


def supervised_by(person_id: Any, today: date | ColumnElement[date]) -> Select[int]:
    """Select the candidatures that somebody supervises on a day."""
    return select(Supervision.candidature_id).where(
        Supervision.person_id == person_id,
        runs(today),
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
