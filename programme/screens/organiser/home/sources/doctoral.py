"""What doctoral cohorts need of those who run them: supervisions, milestones, admissions, and who comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.web.words import long_date, plural
from programme.engines.calendar.times import start_of_day
from programme.screens.organiser.home.need import Need
from programme.strands.cohorts.models import FundingAward
from programme.strands.cohorts.organising.admitting import accepted, late_references
from programme.strands.cohorts.organising.joining import not_joint
from programme.strands.cohorts.organising.progress import coming_back, handed_in, overdue
from programme.strands.cohorts.rights import awards_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Milestone
    from programme.strands.cohorts.organising.joining import NotJoint

HOME = "/organise/cohorts"
MOST = 10
NO_NAME = "Somebody whose data are deleted"


def needs(session: Session, actor: Actor, *, now: datetime) -> Iterator[Need]:
    """Return what the cohorts need that somebody runs or shares; whoever has none is asked one question."""
    if session.scalar(select(FundingAward.id).where(FundingAward.id.in_(awards_of(actor))).limit(1)) is None:
        return
    for one in not_joint(session, actor, now=now)[:MOST]:
        yield from supervision_needs(one, now=now)
    yield from signing_needs(session, actor, now=now)
    yield from late_needs(session, actor, now=now)
    yield from admission_needs(session, actor, now=now)
    for row, back_on in coming_back(session, actor, now=now):
        name = row.person.name if row.person else NO_NAME
        why = "The suspension ends then. Look at what is due next, and at who supervises."
        where = f"/records/{row.id}/milestones"
        yield Need(f"{name} comes back on {long_date(back_on)}", where, why, start_of_day(back_on), "Look", "pause")


def supervision_needs(one: NotJoint, *, now: datetime) -> Iterator[Need]:
    """Say of one cohort for how many supervision lacks somebody, was refused, and waits for signatures."""
    page, cohort = f"{HOME}/{one.cohort.id}/supervision", one.cohort.title
    if one.refused:
        title = f"{plural(one.refused, 'supervision agreement')} refused: {cohort}"
        yield Need(title, page, "Read why, put it right, and ask again.", now, "Read why", station="late")
    if one.lacking:
        number = len(one.lacking)
        title = f"{plural(number, 'supervision is', 'supervisions are')} not joint yet: {cohort}"
        why = one.lacking[0] if number == 1 else "Each lacks a primary supervisor at home, or one at the partner."
        yield Need(title, page, why, None, "Name them")
    if one.unasked:
        title = f"{plural(one.unasked, 'supervision agreement')} to be signed: {cohort}"
        yield Need(title, page, "Everybody is named, and not everybody has been asked to sign.", None, "Ask them")
    if one.unanswered:
        title = f"{plural(one.unanswered, 'supervision agreement')} not answered: {cohort}"
        yield Need(title, page, "Somebody was asked more than a week ago.", None, "Ask again", station="wait")


def signing_needs(session: Session, actor: Actor, *, now: datetime) -> Iterator[Need]:
    """Say which milestones wait for an organiser's signature, and for somebody whom nobody has named."""
    found = handed_in(session, actor, now=now)
    if found.own:
        why = "Everybody before you has signed."
        title = f"{plural(len(found.own), 'milestone waits', 'milestones wait')} for an organiser’s signature"
        yield Need(title, place_of(found.own), why, now, "Sign", "offer")
    if found.stuck:
        why = "They were handed in, and whoever would sign next is not named on the record, or has left."
        title = f"{plural(len(found.stuck), 'milestone waits', 'milestones wait')} for nobody"
        yield Need(title, place_of(found.stuck), why, now, "Name them", station="late")


def place_of(rows: Sequence[Milestone]) -> str:
    """Return where some milestones are found: the page of one, or the grid of the cohort of the first."""
    first = rows[0]
    if len(rows) == 1:
        return f"/records/{first.candidature_id}/milestones/{first.id}"
    return f"{HOME}/{first.candidature.cohort_id}/milestones?show=handed_in"


def late_needs(session: Session, actor: Actor, *, now: datetime) -> Iterator[Need]:
    """Say of each cohort how many milestones are late."""
    for one in overdue(session, actor, now=now):
        people = plural(one.researchers, "researcher")
        title = f"{plural(one.milestones, 'milestone')} late: {one.title}"
        why = f"Of {people}. They and their supervisors are reminded weekly."
        yield Need(
            title, f"{HOME}/{one.cohort_id}/milestones?show=overdue", why, start_of_day(one.since), "Look", "late"
        )


def admission_needs(session: Session, actor: Actor, *, now: datetime) -> Iterator[Need]:
    """Say who accepted and is no candidature yet, and how many references are late."""
    for one in accepted(session, actor):
        title = f"{plural(one.number, 'person', 'people')} accepted a place: {one.title}"
        why = "Make the candidature: milestones, reminders and supervision begin with it."
        yield Need(title, f"{HOME}/{one.cohort_id}/admission", why, now, "Admit", "offer")
    for one in late_references(session, actor, now=now):
        title = f"{plural(one.number, 'reference is', 'references are')} late: {one.title}"
        why = "Remind the referees, or ask the applicants for others."
        yield Need(title, f"{HOME}/{one.cohort_id}/admission", why, one.since, "Remind", "late")
