"""Due days of a cohort in the calendars of those who run it: all-day, as counts, without whose they are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from programme.core.web.words import plural
from programme.engines.calendar.feeds.entries import COLOURS, STRANDS
from programme.engines.calendar.ical.entry import CalendarEntry
from programme.engines.calendar.term_weeks.term_dates import week_labels
from programme.engines.calendar.times import london_day
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.states import Strand
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, MilestoneRule, Rulebook
from programme.strands.cohorts.rights import awards_of
from programme.strands.cohorts.states import UNDER_WAY, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.calendar.feeds.entries import Site
    from programme.engines.calendar.ports import Window
    from programme.people.permissions import Actor

STRAND = Strand.COHORTS.value
MOST_ENTRIES = 1_000


class CohortDays:
    """The days on which so many of a cohort have something due, for the organisers of its universities."""

    def entries(self, session: Session, person_id: int, window: Window, *, site: Site) -> Iterator[CalendarEntry]:
        """Give an all-day entry for each milestone and day of each cohort that somebody runs, in order of time."""
        person = session.get(Person, person_id)
        if person is None or not person.grants:
            return
        rows = session.execute(counted(actor_of(person), first=london_day(window.held_until))).all()
        changed = changes(session, {row.cohort_id for row in rows})
        for row in rows:
            yield entry_of(row, changed=max(changed[row.cohort_id], row.rules_changed_at), site=site)


def counted(actor: Actor, *, first: date) -> Select[*tuple[Any, ...]]:
    """Count what is due from a day on by cohort, home university, milestone and day; what does not apply is left out.

    The home university is that whose rules ask for it.
    """
    done = func.count().filter(Milestone.state == MilestoneState.DONE).label("done")
    provisional = func.count().filter(Milestone.is_provisional).label("provisional")
    what = (Candidature.cohort_id, Cohort.title.label("cohort"), Milestone.rule_id, MilestoneRule.title)
    when = (Milestone.occurrence, Milestone.due_on)
    rules = Rulebook.changed_at.label("rules_changed_at")
    return (
        select(*what, *when, rules, func.count().label("people"), done, provisional)
        .join(Candidature, Candidature.id == Milestone.candidature_id)
        .join(Cohort, Cohort.id == Candidature.cohort_id)
        .join(MilestoneRule, MilestoneRule.id == Milestone.rule_id)
        .join(Rulebook, Rulebook.id == MilestoneRule.rulebook_id)
        .where(Cohort.award_id.in_(awards_of(actor)), Candidature.state.in_(UNDER_WAY))
        .where(Milestone.due_on >= first, Milestone.state != MilestoneState.EXEMPT)
        .group_by(*what, *when, rules)
        .order_by(Milestone.due_on, Candidature.cohort_id, Milestone.rule_id, Milestone.occurrence)
        .limit(MOST_ENTRIES)
    )


def changes(session: Session, cohort_ids: set[int]) -> dict[int, datetime]:
    """Return when any milestone of some cohorts changed last: whoever moved away from a day changed its count, too."""
    last = (
        select(Candidature.cohort_id, func.max(Milestone.changed_at))
        .join(Milestone, Milestone.candidature_id == Candidature.id)
        .where(Candidature.cohort_id.in_(cohort_ids))
        .group_by(Candidature.cohort_id)
    )
    return {row[0]: row[1] for row in session.execute(last)} if cohort_ids else {}


def entry_of(row: Any, *, changed: datetime, site: Site) -> CalendarEntry:
    """Return what is due on a day as a calendar shows it; another day is another entry."""
    title = f"{row.title} {row.occurrence}" if row.occurrence else row.title
    who = f"{plural(row.people, 'researcher')}, {row.done} done" if row.done else plural(row.people, "researcher")
    address = f"{site.base_url}/organise/cohorts/{row.cohort_id}/milestones"
    lines = [
        "Dates are provisional." if row.provisional else "",
        *(f"{week.name}: {week.label.long}" for week in week_labels(site.dates, row.due_on)),
        address,
    ]
    return CalendarEntry(
        uid=f"cohort-{row.cohort_id}-{row.rule_id}-{row.occurrence}-{row.due_on:%Y%m%d}@{site.uid_host}",
        sequence=0,
        last_changed=changed,
        starts=row.due_on,
        ends=row.due_on + timedelta(days=1),
        summary=f"{row.cohort}: {title} due ({who})",
        description="\n".join(line for line in lines if line),
        url=address,
        categories=(STRANDS[STRAND],),
        transparent=True,
        colour=COLOURS[STRAND],
    )


COHORT_DAYS = CohortDays()
