"""Letters to come: what will go out in the next sixty days for what one organises, day by day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, g, render_template, request
from sqlalchemy import and_, false, func, or_, select

from programme.core.web.lists import Page, page_number
from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import organised_by
from programme.engines.calendar.times import london_day
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.queries import visible_to
from programme.engines.mail.states import BroadcastState, OutboxState
from programme.engines.mail.written.models import Broadcast
from programme.engines.registration.feedback.actions import FEEDBACK
from programme.engines.registration.models import Opening
from programme.engines.registration.offers.actions import OFFER
from programme.engines.registration.openings.rights import listed_to
from programme.engines.reminders.outgoing import forecast
from programme.engines.reminders.outgoing.occurrences import rules_within, windows
from programme.engines.reminders.wording import offset_words
from programme.extensions import database_session
from programme.flows.granting.things import titles
from programme.people.guards import actor, organisers
from programme.people.states import Role
from programme.screens.organiser.reminders.things import address_of
from programme.screens.organiser.reminders.told_to import to_words
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.queries import cohort_titles
from programme.strands.cohorts.reminding.subject import COHORT
from programme.strands.cohorts.rights import awards_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from programme.engines.reminders.outgoing.occurrences import Occurrence
    from programme.engines.reminders.ports import ReminderSubject
    from programme.people.permissions import Actor

blueprint = Blueprint("organise_to_come", __name__, url_prefix="/organise/mail/to-come")
DAYS = 60
ON_A_PAGE, MOST_RULES, MOST_BROADCASTS = 40, 2_000, 200
UNSENT = (OutboxState.PENDING, OutboxState.HELD)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the agenda; a reminder has its occurrence, from which the rest is reckoned for one page alone."""

    at: datetime
    title: str = ""
    words: str = ""
    to: str = ""
    url: str = ""
    number: int | None = None
    sort: str = ""
    subject: ReminderSubject | None = None
    one: Occurrence | None = None


@blueprint.get("")
@organisers
def page() -> Any:
    """Show what is to come, day by day."""
    entries = sorted([*waiting(), *broadcasts(), *reminders()], key=lambda entry: (entry.at, entry.sort))
    shown = page_of_entries(entries, page_number(request.args.get("page")))
    days = [(day, list(some)) for day, some in groupby(told(shown.rows), key=lambda entry: london_day(entry.at))]
    return render_template("organiser/reminders/to_come.html", days=by_day(days), page=shown, number_of_days=DAYS)


def by_day(days: Sequence[tuple[date, list[Entry]]]) -> list[dict[str, Any]]:
    """Return each day with its lines."""
    return [{"day": day, "entries": entries} for day, entries in days]


def page_of_entries(entries: Sequence[Entry], number: int) -> Page[Entry]:
    """Return one page of the agenda."""
    last = max(1, -(-len(entries) // ON_A_PAGE))
    number = min(number, last)
    return Page(entries[(number - 1) * ON_A_PAGE : number * ON_A_PAGE], number, ON_A_PAGE, len(entries))


def reminders() -> list[Entry]:
    """Return the reminders of what one organises, reckoned from how things stand now."""
    session, until = database_session(), g.now + timedelta(days=DAYS)
    return [
        Entry(one.turn.due, subject=subject, one=one, sort="reminder")
        for subject in current_app.extensions["reminder_subjects"]
        for rules in [
            rules_within(
                session,
                subject,
                windows(session, subject.kind, now=g.now, until=until),
                things=things_of(subject.kind, actor()),
                most=MOST_RULES,
            )
        ]
        for one in forecast.between(rules, first=g.now, last=until)
    ]


def things_of(kind: str, who: Actor) -> Any:
    """Select the things of a kind that somebody organises, or looks after; not those where they only help."""
    if kind == "event":
        return select(Event.id).where(or_(false(), *organised_by(who)))
    if kind == COHORT:
        return select(Cohort.id).where(Cohort.award_id.in_(awards_of(who)))
    organises = replace(who, grants=tuple(one for one in who.grants if one.role is not Role.HELPER))
    return select(Opening.id).where(listed_to(organises) if kind in {"opening", OFFER, FEEDBACK} else false())


def told(entries: Sequence[Entry]) -> list[Entry]:
    """Fill in what reminders are of and how many each is for: of one page, in as many statements however many."""
    session = database_session()
    subjects = {entry.subject.kind: entry.subject for entry in entries if entry.subject}
    due = {
        kind: [entry.one for entry in entries if entry.one and entry.one.rule.subject_kind == kind] for kind in subjects
    }
    keys = {(kind, one.rule.subject_id) for kind, some in due.items() for one in some}
    named = {**titles(session, keys), **cohort_titles(session, keys)} if keys else {}
    numbers: dict[tuple[int, str], int] = {}
    for kind, some in due.items():
        numbers |= forecast.numbers(session, subjects[kind], some, now=g.now)
    return [reminder_line(entry, named, numbers) if entry.one else entry for entry in entries]


def reminder_line(entry: Entry, named: dict[tuple[str, int], str], numbers: dict[tuple[int, str], int]) -> Entry:
    """Return the line of a reminder."""
    one, subject = entry.one, entry.subject
    if one is None or subject is None:
        return entry
    rule = one.rule
    return replace(
        entry,
        title=named.get((rule.subject_kind, rule.subject_id), ""),
        words=offset_words(subject, rule),
        to=to_words(subject, rule),
        url=f"{address_of(rule.subject_kind, rule.subject_id)}/{rule.id}",
        number=numbers.get((rule.id, one.stamp), 0),
    )


def broadcasts() -> list[Entry]:
    """Return what organisers have written to go out at a time."""
    statement = (
        select(Broadcast.id, Broadcast.send_at, Broadcast.subject_line, Broadcast.counted)
        .where(Broadcast.state == BroadcastState.SCHEDULED, Broadcast.send_at < g.now + timedelta(days=DAYS))
        .where(written_for(actor()))
        .order_by(Broadcast.send_at, Broadcast.id)
        .limit(MOST_BROADCASTS)
    )
    return [
        Entry(
            max(row.send_at, g.now),
            row.subject_line,
            "written by an organiser",
            url=f"/organise/broadcasts/{row.id}",
            number=row.counted,
            sort="broadcast",
        )
        for row in database_session().execute(statement)
    ]


def written_for(who: Actor) -> ColumnElement[bool]:
    """Whether a broadcast is of what somebody organises."""
    organised = [one for one in who.grants if one.role is Role.ORGANISER and one.organisation is not None]
    return or_(
        false(),
        *[
            and_(
                Broadcast.organisation_id == one.organisation,
                or_(Broadcast.strand == one.strand) if one.strand else Broadcast.id.is_not(None),
            )
            for one in organised
        ],
    )


def waiting() -> list[Entry]:
    """Return how many letters of each kind wait in the outbox, by the day on which they go."""
    day = func.date(OutboxMessage.due_at)
    statement = (
        select(OutboxMessage.letter, func.min(OutboxMessage.due_at), func.count())
        .where(OutboxMessage.state.in_(UNSENT), visible_to(actor()))
        .group_by(OutboxMessage.letter, day)
    )
    letters = current_app.extensions["mail_room"].letters
    return [
        Entry(
            max(first, g.now),
            letters[letter].title if letter in letters else letter,
            "in the outbox",
            "",
            f"/organise/mail?state=pending&letter={letter}",
            number,
            "waiting",
        )
        for letter, first, number in database_session().execute(statement)
    ]
