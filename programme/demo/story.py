"""The demonstration's story: people join, organisers publish and open, participants register, one cancels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.demo import deciding, door, ground, people, reminding, signing_up
from programme.demo.mail import writing
from programme.demo.strands import cohorts, entrepreneurship, exchange, placements
from programme.engines.calendar.actions import events, series
from programme.engines.calendar.actions.series import SeriesDetails
from programme.engines.calendar.actions.values import Contributor, Details, Plan
from programme.engines.calendar.models import Event, Series, Venue
from programme.engines.calendar.states import MaterialReach
from programme.engines.calendar.times import nearest_instant, to_wall
from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.questionnaire.conditions import ask_only_if, limit_options
from programme.engines.registration.openings import actions as openings
from programme.engines.registration.openings.editing.details import Details as OpeningDetails
from programme.engines.registration.openings.quotas import Kept
from programme.engines.registration.states import Eligibility, PlacesBy
from programme.flows import scheduling
from programme.flows.granting import giving
from programme.flows.reminding import open_registration
from programme.people import roles
from programme.people.identity import actor_of
from programme.people.models import Organisation
from programme.people.permissions import Grant
from programme.people.states import OrganisationKind, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.demo.happenings import Admission, Asked, Happening
    from programme.demo.people import Somebody
    from programme.engines.questionnaire.models import Question, Questionnaire
    from programme.engines.registration.models import Opening
    from programme.people.permissions import Actor

HAPPENINGS: tuple[Happening, ...] = (*cohorts.COHORTS, *placements.PLACEMENTS)
HAPPENINGS += (*entrepreneurship.ENTREPRENEURSHIP, *exchange.EXCHANGE)
PREPARED = timedelta(weeks=3)
"""How long before the present, or before an event that is over, its organisers set it up."""

BALLOT_BEFORE = timedelta(weeks=1)
DECEMBER, CLOSES, JANUARY, OPENS = 12, 21, 1, 4


@dataclass
class Stage:
    """Where the story happens: the session, the present instant, and what is there already."""

    session: Session
    now: datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)
    venues: dict[str | None, Venue] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    told: dict[str, Event] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)


def tell(session: Session, *, now: datetime, progress: Callable[[str], None]) -> int:
    """Tell the whole story into a founded, empty programme; returns the number of events."""
    stage = Stage(session, now)
    stage.organisations = {row.slug: row for row in session.scalars(select(Organisation))}
    stage.venues = {row.code: row for row in session.scalars(select(Venue))}
    progress("People")
    join(stage)
    for happening in HAPPENINGS:
        progress(happening.title)
        happen(stage, happening)
    reminding.remind(session, actor=stage.actors[people.LIVERPOOL], now=now - PREPARED)
    door.open_the_door(session, now=now - PREPARED)
    progress("Decisions by two keys")
    deciding.decide(session, organisations=stage.organisations, actors=stage.actors, now=now)
    progress("Letters to many")
    liverpool = stage.organisations[people.LIVERPOOL]
    writing.write(session, organisation=liverpool, actor=stage.actors[people.LIVERPOOL], now=now)
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
    for somebody in people.RESEARCHERS:
        signing_up.open_account(stage.session, somebody, now=before)


def give(stage: Stage, somebody: Somebody, wanted: Grant) -> Actor:
    """The operator gives a role; returns its holder as they act from now on."""
    holder = giving.Holder(somebody.address, somebody.name)
    _, person, _ = giving.give(stage.session, holder, wanted, actor=roles.OPERATOR, now=stage.now - PREPARED)
    return actor_of(person)


def happen(stage: Stage, happening: Happening) -> None:
    """An organiser of the lead makes the event, shares it, publishes it and opens registration."""
    actor = stage.actors[happening.lead]
    plan = plan_for(stage, happening)
    then = min(stage.now, plan.starts_at) - PREPARED
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
    for admission in happening.admissions:
        signing_up.fill(stage.session, admit(stage, event, admission, actor=actor, then=then), admission, now=stage.now)
    if plan.ends_at < stage.now:
        leave_materials(stage, event, actor=actor)


def owners_of(stage: Stage, happening: Happening) -> list[int]:
    """Return the ids of those that share the event."""
    return [stage.organisations[slug].id for slug in happening.co_owners]


def plan_for(stage: Stage, happening: Happening) -> Plan:
    """Return when and where: so many weeks from the present week, at London wall time."""
    today = to_wall(stage.now)
    monday = today.date() - timedelta(days=today.weekday())
    day = clear_of_christmas(monday + timedelta(weeks=happening.weeks, days=happening.weekday))
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


def clear_of_christmas(day: date) -> date:
    """Move a day of the universities' winter closure to the same weekday two weeks on."""
    closed = (day.month == DECEMBER and day.day >= CLOSES) or (day.month == JANUARY and day.day < OPENS)
    return day + timedelta(weeks=2) if closed else day


def details_of(stage: Stage, happening: Happening, *, actor: Actor, then: datetime) -> Details:
    """Return what the event's form would hold."""
    whole = stage.told.get(happening.part_of)
    return Details(
        title=happening.title,
        title_is_known=happening.title_is_known,
        strand=happening.strand,
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


def admit(stage: Stage, event: Event, admission: Admission, *, actor: Actor, then: datetime) -> Opening:
    """An organiser prepares an opening with its form, and opens it."""
    opening = openings.create(
        stage.session,
        opening_details(stage, event, admission),
        lead_id=event.lead_organisation_id,
        strand=event.strand,
        actor=actor,
        now=then,
    )
    if admission.form:
        opening.questionnaire = new_questionnaire(stage.session, now=then)
        ask(stage.session, opening.questionnaire, admission.form)
    return open_registration(stage.session, opening.id, actor=actor, now=then)


def ask(session: Session, form: Questionnaire, questions: Iterable[Asked]) -> None:
    """Ask the questions of a form, each with its rules."""
    rows: dict[str, Question] = {}
    for asked in questions:
        rows[asked.label] = row = add_question(
            session,
            form,
            kind=asked.kind,
            label=asked.label,
            hint=asked.hint,
            is_required=asked.required,
            is_sensitive=asked.sensitive,
            settings={"options": list(asked.options)} if asked.options else {},
        )
        if asked.places:
            limit_options(session, row, dict(asked.places))
        if asked.only_if:
            ask_only_if(session, row, rows[asked.only_if[0]], asked.only_if[1])


def opening_details(stage: Stage, event: Event, admission: Admission) -> OpeningDetails:
    """Return what the opening's form would hold."""
    universities = [row.id for row in stage.organisations.values() if row.kind is OrganisationKind.UNIVERSITY]
    by = PlacesBy.BALLOT if admission.by_ballot else PlacesBy.DECISION if admission.by_decision else PlacesBy.FIRST_COME
    closes = BALLOT_BEFORE if admission.by_ballot else timedelta(days=admission.closes_days)
    return OpeningDetails(
        title=admission.title or event.title,
        event_ids=(event.id,),
        capacity=admission.capacity,
        has_waiting_list=admission.waiting_list,
        offer_hours=admission.offer_hours,
        places_by=by,
        closes_at=event.starts_at - closes if closes else None,
        ballot_at=event.starts_at - BALLOT_BEFORE if admission.by_ballot else None,
        eligibility=Eligibility.MEMBERS if admission.members_only else Eligibility.ANYONE,
        members_of=tuple(universities) if admission.members_only else (),
        quotas=tuple(kept_by(admission, one) for one in universities) if admission.kept_each else (),
        contact_name=event.contact_name,
        contact_address=event.contact_address,
    )


def kept_by(admission: Admission, organisation_id: int) -> Kept:
    """Return the places that are kept for one university."""
    return Kept(organisation_id=organisation_id, places=admission.kept_each, release_days=admission.kept_days)


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
