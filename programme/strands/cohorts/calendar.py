"""Milestones in personal calendars: all-day entries on the day something is due, own and of whom one supervises."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from programme.engines.calendar.feeds.entries import COLOURS, STRANDS
from programme.engines.calendar.feeds.feed import PAST_STAYS
from programme.engines.calendar.ical.entry import CalendarEntry
from programme.engines.calendar.term_weeks.term_dates import week_labels
from programme.engines.calendar.times import london_day
from programme.people.states import Strand
from programme.strands.cohorts.models import Candidature, Milestone, MilestoneRule, Rulebook
from programme.strands.cohorts.reminding.subject import supervised_by
from programme.strands.cohorts.states import UNDER_WAY, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.calendar.feeds.entries import Site
    from programme.engines.calendar.ports import Window

STRAND = Strand.COHORTS.value
MOST_ENTRIES = 1_000


class MilestoneDays:
    """The days on which somebody's milestones are due, and those of the researchers they supervise."""

    def entries(self, session: Session, person_id: int, window: Window, *, site: Site) -> Iterator[CalendarEntry]:
        """Give an all-day entry for each, in order of time; what is done stays for a while and says so."""
        for milestone, rules_changed_at in session.execute(theirs(person_id, window)):
            changed = max(milestone.changed_at, rules_changed_at)
            yield entry_of(milestone, person_id, changed=changed, site=site)


def theirs(person_id: int, window: Window) -> Select[Milestone, datetime]:
    """Select the milestones that have a day and concern somebody, and when their rules changed last.

    What does not apply is left out.
    """
    first = london_day(window.held_until)
    today = london_day(window.held_until + PAST_STAYS)
    return (
        select(Milestone, Rulebook.changed_at)
        .join(Candidature, Candidature.id == Milestone.candidature_id)
        .join(MilestoneRule, MilestoneRule.id == Milestone.rule_id)
        .join(Rulebook, Rulebook.id == MilestoneRule.rulebook_id)
        .where(Milestone.due_on >= first, Milestone.state != MilestoneState.EXEMPT, Candidature.state.in_(UNDER_WAY))
        .where(or_(Candidature.person_id == person_id, Candidature.id.in_(supervised_by(person_id, today))))
        .options(contains_eager(Milestone.rule), contains_eager(Milestone.candidature).joinedload(Candidature.person))
        .order_by(Milestone.due_on, Milestone.id)
        .limit(MOST_ENTRIES)
    )


def entry_of(milestone: Milestone, person_id: int, *, changed: datetime, site: Site) -> CalendarEntry:
    """Return a milestone as a calendar shows it."""
    candidature, rule = milestone.candidature, milestone.rule
    title = f"{rule.title} {milestone.occurrence}" if milestone.occurrence else rule.title
    own = candidature.person_id == person_id
    whose = "" if own or candidature.person is None else f"{candidature.person.name}: "
    day = milestone.due_on
    assert day is not None  # noqa: S101  the selection asks for a day
    address = f"{site.base_url}/records/{candidature.id}/milestones"
    said = "done" if milestone.state is MilestoneState.DONE else "due"
    lines = [
        rule.form,
        rule.advice if own else "",
        "Dates are provisional." if milestone.is_provisional else "",
        *(f"{week.name}: {week.label.long}" for week in week_labels(site.dates, day)),
        address,
    ]
    return CalendarEntry(
        uid=f"milestone-{milestone.id}@{site.uid_host}",
        sequence=milestone.sequence,
        last_changed=changed,
        starts=day,
        ends=day + timedelta(days=1),
        summary=f"{whose}{title} {said}",
        description="\n".join(line for line in lines if line),
        url=address,
        categories=(STRANDS[STRAND],),
        transparent=True,
        colour=COLOURS[STRAND],
    )


MILESTONE_DAYS = MilestoneDays()
