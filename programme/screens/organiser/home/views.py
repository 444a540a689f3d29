"""The home of organisers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, redirect, render_template
from sqlalchemy import func, select

from programme.core.audit import AuditEntry
from programme.core.web.words import plural
from programme.engines.calendar.models import Event
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.engines.mail.queries import late_ticks
from programme.engines.registration.models import OpeningEvent
from programme.extensions import database_session
from programme.people.guards import actor, sum_readers
from programme.screens.organiser.events.form import choices
from programme.screens.organiser.home.needs import grouped, needs
from programme.screens.organiser.home.sources import registering, running

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from programme.screens.organiser.events.queries import Filling

blueprint = Blueprint("organise_home", __name__, url_prefix="/organise")
SINCE = timedelta(days=7)
DEEDS = {
    "created": ("event", "made"),
    "published": ("event", "published"),
    "moved": ("event", "moved"),
    "cancelled": ("event", "cancelled"),
    "postponed": ("event", "postponed"),
    "reinstated": ("event", "reinstated"),
    "copied": ("event", "copied"),
    "edited": ("change", "made to events"),
}


@blueprint.get("")
@sum_readers
def home() -> Any:
    """Show what needs the organiser now; a partner has nothing here but sums."""
    if not actor().may_organise:
        return redirect("/organise/sums", 303)
    session = database_session()
    found = needs(session, actor(), now=g.now)
    late = late_ticks(session, now=g.now)
    filling = registering.upcoming(session, actor(), now=g.now)[: registering.MOST_FILLING]
    return render_template(
        "organiser/needs/home.html",
        groups=grouped(found, now=g.now),
        filling=filling,
        starts=first_starts(filling, now=g.now),
        deeds=deeds(),
        weeks=week_labels(terms(session), london_day(g.now)),
        late=late,
        standstill=running.standstill(late),
        since=running.last_beat(session, late),
        beats=running.beats(session) if actor().is_administrator else (),
        jobs=running.JOBS,
        organises=bool(actor().organises_for),
        may_create=bool(choices.leads(session, actor())),
    )


def first_starts(filling: Sequence[Filling], *, now: datetime) -> dict[int, datetime]:
    """Return when each opening's next event starts."""
    ids = [item.opening.id for item in filling]
    statement = (
        select(OpeningEvent.opening_id, func.min(Event.starts_at))
        .join(Event, Event.id == OpeningEvent.event_id)
        .where(OpeningEvent.opening_id.in_(ids), Event.ends_at > now)
        .group_by(OpeningEvent.opening_id)
    )
    return {row[0]: row[1] for row in database_session().execute(statement)} if ids else {}


def deeds() -> list[str]:
    """Say what the actor's organisations did lately."""
    statement = (
        select(AuditEntry.verb, func.count())
        .where(AuditEntry.at > g.now - SINCE, AuditEntry.verb.in_(DEEDS), AuditEntry.subject_kind == "event")
        .where(AuditEntry.organisation_id.in_(actor().organises_for))
        .group_by(AuditEntry.verb)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in database_session().execute(statement)}
    return [f"{plural(counts[verb], word)} {done}" for verb, (word, done) in DEEDS.items() if counts.get(verb)]
