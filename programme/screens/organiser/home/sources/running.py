"""What the installation needs of those who run it: nothing is said where nothing is needed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, func, select

from programme.config import ROOT
from programme.core.schema import revisions
from programme.core.web.words import join_words, moment, plural
from programme.engines.mail.models import Heartbeat, OutboxMessage
from programme.engines.mail.queries import installation, late_ticks
from programme.engines.mail.states import OutboxState
from programme.people.models import Organisation, OrganisationKind, Person, Role, RoleGrant
from programme.screens.organiser.home.need import Need

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

HERE = "/organise#installation"
TIDIES, SENDS = "housekeep", "dispatch"
TIDIED_WITHIN = timedelta(days=1)
WAITS_AT_MOST = timedelta(hours=1)
UNUSED_AFTER = timedelta(days=14)
JOBS = {
    "remind": "Reminders",
    "readdress": "Letters to changed addresses",
    "lapse": "Places nobody confirmed",
    "draw": "Ballots",
    "hurry": "Keys that are due or late",
    "release": "Places kept",
    "offers": "Offers of places",
    "move_up": "Waiting lists",
    "broadcast": "Letters to many",
    "bundle": "Reminders in one letter",
    "morning": "Morning letters",
    SENDS: "Sending letters",
    "inbox": "Reading what came back",
    "drafts": "Reminders of forms not sent",
    "follow-ups": "Second forms",
    "subscribed": "Calendars of others",
    "references": "Reminders to referees",
    "courses": "Doctoral courses that begin",
    "signers": "Asking who signs after a supervisor",
    "destinations": "Asking where researchers went",
    "sweep": "Files nobody sent",
    TIDIES: "Deleting what has served its time",
}
"""What the jobs of the scheduler are called."""


def needs(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return what the installation needs; of others than administrators it needs nothing."""
    if not actor.is_administrator:
        return []
    return [
        *schema_needs(session, now=now),
        *clock_needs(session, now=now),
        *mail_needs(session, now=now),
        *organisation_needs(session),
        *unused_roles(session, now=now),
    ]


def schema_needs(session: Session, *, now: datetime) -> Iterator[Need]:
    """Say where the database waits for a migration."""
    found = revisions.status(session.connection(), ROOT / "migrations")
    if not found.is_current:
        why = f"It is at {found.current or 'nothing'}, the programme at {found.newest}: run “programme migrate up”."
        yield Need("The database waits for a migration", HERE, why, now, "Look", station="late")


def clock_needs(session: Session, *, now: datetime) -> Iterator[Need]:
    """Say where the scheduler does not do its work, and since when nothing was deleted that should be."""
    late = late_ticks(session, now=now)
    if late:
        names = join_words(JOBS.get(tick, tick).lower() for tick in late)
        why = f"Late: {names}. Start it with “programme scheduler”, or read its log."
        yield Need("The scheduler does not keep time", HERE, why, last_beat(session, late) or now, "Look", "late")
    tidied = session.get(Heartbeat, TIDIES)
    if tidied is not None and tidied.succeeded_at is not None and now - tidied.succeeded_at > TIDIED_WITHIN:
        why = f"Last {moment(tidied.succeeded_at)}. The privacy page promises people when their data go."
        due = tidied.succeeded_at + TIDIED_WITHIN
        yield Need("Personal data past their time were not deleted", HERE, why, due, "Look", station="late")


def standstill(late: Mapping[str, str]) -> str:
    """Say which jobs are late; nothing where none ever ran."""
    if set(late) >= set(JOBS):
        return "everything it does"
    return join_words(JOBS[tick].lower() for tick in late if tick in JOBS)


def last_beat(session: Session, ticks: Iterable[str]) -> datetime | None:
    """Return when the first of several jobs stopped: its last success, if it had one."""
    return session.scalar(select(func.min(Heartbeat.succeeded_at)).where(Heartbeat.tick.in_(list(ticks))))


def mail_needs(session: Session, *, now: datetime) -> Iterator[Need]:
    """Say where letters stand still: paused, held up at the mail server, or waiting for too long."""
    row = installation(session)
    if row is not None and row.sending_paused_at is not None:
        why = f"Since {moment(row.sending_paused_at)}{': ' + row.pause_reason if row.pause_reason else ''}."
        yield Need("Sending is paused", "/organise/mail", why, now, "Resume", station="pause")
        return
    sends = session.get(Heartbeat, SENDS)
    if sends is not None and sends.last_error:
        yield Need("The mail server refuses our letters", "/organise/mail", f"{sends.last_error}.", now, "Look", "late")
    waits = select(func.count()).where(OutboxMessage.state == OutboxState.PENDING, OutboxMessage.attempts == 0)
    count = session.scalar(waits.where(OutboxMessage.due_at < now - WAITS_AT_MOST)) or 0
    if count:
        title = f"{plural(count, 'letter')} should have left an hour ago"
        yield Need(title, "/organise/mail?state=pending", "Nobody has tried to send them yet.", now, "Look", "late")


def organisation_needs(session: Session) -> Iterator[Need]:
    """Say what is missing of the universities: domains that prove a tie, mailboxes, and somebody who organises."""
    universities = select(Organisation).where(Organisation.kind == OrganisationKind.UNIVERSITY)
    led = set(session.scalars(select(RoleGrant.organisation_id).where(RoleGrant.role == Role.ORGANISER)))
    for row in session.scalars(universities.order_by(Organisation.position)):
        lacks = lacking(row)
        if lacks:
            why = f"Missing: {'; '.join(lacks)}."
            yield Need(f"Complete {row.name}", f"/organise/organisations/{row.id}", why, None, "Enter", "ahead")
        if row.id not in led:
            why = "Give somebody the role of organiser there."
            yield Need(f"Nobody organises for {row.name}", "/organise/people/grants", why, None, "Give", "ahead")


def lacking(row: Organisation) -> list[str]:
    """Return what is not known of a university."""
    found = []
    if not row.domains:
        found.append("mail domains (no address proves who is a member)")
    if not row.contact_address:
        found.append("a mailbox for answers to letters")
    if not (row.privacy_address or row.privacy_url):
        found.append("whom people ask about their data")
    return found


def unused_roles(session: Session, *, now: datetime) -> Iterator[Need]:
    """Say how many people were given a role a while ago and never signed in."""
    given = exists().where(RoleGrant.person_id == Person.id, RoleGrant.granted_at < now - UNUSED_AFTER)
    count = session.scalar(select(func.count()).select_from(Person).where(never_here(), given)) or 0
    if count:
        title = f"{plural(count, 'person', 'people')} with a role never signed in"
        why = "Perhaps the address is wrong, or they have left: ask, or take the role back."
        yield Need(title, "/organise/people?never=1", why, None, "Look", "ahead")


def never_here() -> ColumnElement[bool]:
    """Whether somebody never signed in."""
    return Person.signed_in_at.is_(None)


def beats(session: Session) -> Sequence[Heartbeat]:
    """Return how each job of the scheduler does."""
    return session.scalars(select(Heartbeat).order_by(Heartbeat.tick)).all()
