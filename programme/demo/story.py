"""The demonstration's story: people join, organisers publish and open, participants register, one cancels."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.demo import ground, openings, people, signing_up
from programme.demo.chapters import (
    afterwards,
    applying,
    deciding,
    door,
    following_up,
    gathering,
    inviting,
    reminding,
    replying,
    skipping,
)
from programme.demo.doctoral import story as doctoral
from programme.demo.mail import writing
from programme.demo.pictures import showing
from programme.demo.stage import PREPARED, Stage, clear_of_christmas, remembering
from programme.demo.strands import cohorts, entrepreneurship, exchange, mentoring, methods_week, placements
from programme.engines.calendar.actions import events, series
from programme.engines.calendar.actions.series import SeriesDetails
from programme.engines.calendar.actions.values import Contributor, Details, Plan
from programme.engines.calendar.models import Venue
from programme.engines.calendar.states import MaterialReach
from programme.engines.calendar.times import nearest_instant, to_wall
from programme.flows import scheduling
from programme.flows.granting import giving
from programme.people import roles
from programme.people.identity import actor_of
from programme.people.models import Organisation
from programme.people.permissions import Grant
from programme.people.states import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from programme.demo.happenings import Happening
    from programme.demo.people import Somebody
    from programme.engines.calendar.models import Event
    from programme.engines.documents.shelf import Shelf
    from programme.people.permissions import Actor

HAPPENINGS: tuple[Happening, ...] = (*cohorts.COHORTS, *methods_week.METHODS_WEEK, *placements.PLACEMENTS)
HAPPENINGS += (*entrepreneurship.ENTREPRENEURSHIP, *mentoring.MENTORING, *exchange.EXCHANGE)

CHAPTERS: tuple[tuple[str, Callable[[Stage], None]], ...] = (
    ("A date of a series skipped", skipping.skip_a_date),
    ("Teams", gathering.gather),
    ("Invitations", inviting.invite),
    ("Applications", applying.apply),
    ("A second form", following_up.follow_up),
    ("Answers of calendars", replying.reply),
    ("Pictures", showing.show_pictures),
    ("An afternoon that is over", afterwards.look_back),
    *((chapter.title, chapter.tell) for chapter in doctoral.CHAPTERS),
    ("The doctoral cohort as a whole", doctoral.look),
)
STEPS = 2 * len(HAPPENINGS) + len(CHAPTERS) + 3


def tell(session: Session, *, now: datetime, progress: Callable[[str], None], shelf: Shelf) -> int:
    """Tell the whole story into a founded, empty programme; returns the number of events."""
    with remembering(session):
        return told(Stage(session, now, shelf), progress=progress)


def told(stage: Stage, *, progress: Callable[[str], None]) -> int:
    """Tell every chapter; returns the number of events."""
    session, now = stage.session, stage.now
    stage.organisations = {row.slug: row for row in session.scalars(select(Organisation))}
    stage.venues = {row.code: row for row in session.scalars(select(Venue))}
    progress("People")
    join(stage)
    for happening in HAPPENINGS:
        progress(happening.title)
        happen(stage, happening)
    for happening in HAPPENINGS:
        progress(happening.title)
        admit(stage, happening)
    reminding.remind(session, actor=stage.actors[people.LIVERPOOL], now=now - PREPARED)
    door.open_the_door(session, now=now - PREPARED)
    progress("Decisions by two keys")
    deciding.decide(session, organisations=stage.organisations, actors=stage.actors, now=now)
    progress("Letters to many")
    liverpool = stage.organisations[people.LIVERPOOL]
    writing.write(session, organisation=liverpool, actor=stage.actors[people.LIVERPOOL], now=now)
    for words, chapter in CHAPTERS:
        progress(words)
        chapter(stage)
    return len(stage.told)


def join(stage: Stage) -> None:
    """Everybody makes an account by a link; those who organise get their roles."""
    before = stage.now - PREPARED - timedelta(days=1)
    staff = (people.ADMINISTRATOR, people.LIVERPOOL_ORGANISER, people.OXFORD_ORGANISER, people.HELPER, people.PARTNER)
    for somebody in staff:
        signing_up.open_account(stage.session, somebody, now=before)
    give(stage, people.ADMINISTRATOR, Grant(Role.ADMINISTRATOR))
    give(stage, people.PARTNER, Grant(Role.PARTNER, organisation=stage.organisations["lcrca"].id))
    for organiser in (people.LIVERPOOL_ORGANISER, people.OXFORD_ORGANISER):
        organisation = stage.organisations[organiser.organisation]
        person = give(stage, organiser, Grant(Role.ORGANISER, organisation=organisation.id))
        stage.actors[organiser.organisation] = person
    ground.lay(
        stage.session,
        liverpool_id=stage.organisations[people.LIVERPOOL].id,
        actor=stage.actors[people.LIVERPOOL],
        now=stage.now - PREPARED,
    )
    for somebody in (*people.RESEARCHERS, *people.SUPERVISORS):
        signing_up.open_account(stage.session, somebody, now=before)


def give(stage: Stage, somebody: Somebody, wanted: Grant) -> Actor:
    """The operator gives a role; returns its holder as they act from now on."""
    holder = giving.Holder(somebody.address, somebody.name)
    _, person, _ = giving.give(stage.session, holder, wanted, actor=roles.OPERATOR, now=stage.now - PREPARED)
    return actor_of(person)


def happen(stage: Stage, happening: Happening) -> None:
    """An organiser of the lead makes the event, shares it and publishes it."""
    actor = stage.actors[happening.lead]
    plan = plan_for(stage, happening)
    then = stage.prepared(plan.starts_at)
    event = events.create(
        stage.session,
        details_of(stage, happening, actor=actor, then=then),
        plan=plan,
        lead_id=stage.organisations[happening.lead].id,
        actor=actor,
        now=then,
    )
    stage.told[happening.title] = event
    events.share(stage.session, event.id, owners_of(stage, happening), actor=actor, now=then)
    if happening.draft:
        return
    scheduling.publish(stage.session, event.id, actor=actor, now=then)
    if plan.ends_at < stage.now:
        leave_materials(stage, event, actor=actor)


def admit(stage: Stage, happening: Happening) -> None:
    """The organiser opens registration, and people register: before the event, where it is over."""
    event = stage.told[happening.title]
    actor, then = stage.actors[happening.lead], stage.prepared(event.starts_at)
    for admission in happening.admissions:
        opening = openings.prepare(stage, event, admission, actor=actor, now=then)
        stage.openings[opening.title] = opening
        if not admission.invited_only:
            openings.open_it(stage, opening, actor=actor, now=then)
            signing_up.fill(stage.session, opening, admission, now=min(stage.now, event.starts_at))


def owners_of(stage: Stage, happening: Happening) -> list[int]:
    """Return the ids of those that share the event."""
    return [stage.organisations[slug].id for slug in happening.co_owners]


def plan_for(stage: Stage, happening: Happening) -> Plan:
    """Return when and where: so many weeks from the present week, at London wall time."""
    today = to_wall(stage.now)
    monday = clear_of_christmas(today.date() - timedelta(days=today.weekday()) + timedelta(weeks=happening.weeks))
    day = monday + timedelta(days=happening.weekday)
    starts = nearest_instant(datetime.combine(day, happening.starts))
    ends = nearest_instant(datetime.combine(day, happening.starts) + timedelta(minutes=happening.minutes))
    venue = stage.venues.get(happening.venue) if happening.venue else None
    return Plan(
        starts_at=starts,
        ends_at=ends,
        venue_id=venue.id if venue else None,
        room=happening.room,
        is_online=bool(happening.online),
    )


def details_of(stage: Stage, happening: Happening, *, actor: Actor, then: datetime) -> Details:
    """Return what the event's form would hold."""
    whole = stage.told.get(happening.part_of)
    return Details(
        title=happening.title,
        title_is_known=happening.title_is_known,
        strand=happening.strand,
        room_capacity=happening.holds,
        summary=happening.summary,
        description=happening.description,
        visibility=happening.visibility,
        audience=happening.audience,
        audience_note=happening.audience_note,
        online_link=happening.online,
        focus_areas=happening.focus,
        price_note=happening.price_note,
        shop_url=happening.shop_url,
        contact_name=actor.name,
        contact_address=stage.organisations[happening.lead].contact_address,
        series_id=series_of(stage, happening, actor=actor, then=then),
        part_of_id=whole.id if whole else None,
        contributions=tuple(Contributor(name, affiliation) for name, affiliation in happening.speakers),
    )


def series_of(stage: Stage, happening: Happening, *, actor: Actor, then: datetime) -> int | None:
    """Return the event's series, made and shared when it is first named."""
    if not happening.series:
        return None
    if happening.series not in stage.series:
        details = SeriesDetails(
            title=happening.series,
            strand=happening.strand,
            description="Public lectures, once a month, in one city or the other. Free, and for everyone.",
            contact_name=actor.name,
            contact_address=stage.organisations[happening.lead].contact_address,
        )
        lead = stage.organisations[happening.lead]
        made = series.create(stage.session, details, lead_id=lead.id, actor=actor, now=then)
        series.share(stage.session, made.id, owners_of(stage, happening), actor=actor, now=then)
        stage.series[happening.series] = made
    return stage.series[happening.series].id


def leave_materials(stage: Stage, event: Event, *, actor: Actor) -> None:
    """Put something to read on the page of an event that is over."""
    for title, reach in (("Slides", MaterialReach.ALL), ("Reading list for those who came", MaterialReach.CAME)):
        events.add_material(
            stage.session,
            event.id,
            title=title,
            url=f"https://files.example.ac.uk/heritage/{title.split()[0].lower()}",
            reach=reach,
            actor=actor,
            now=stage.now - timedelta(days=2),
        )
