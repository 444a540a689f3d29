"""What the form of an opening offers: events to admit to, organisations, and what an event says already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g
from sqlalchemy import select
from wtforms import SelectChoice

from programme.core.web.words import plural
from programme.engines.calendar.states import Audience
from programme.engines.registration.offers.usual import usual_morning
from programme.engines.registration.openings.queries import MOST_EVENTS, events_to_admit
from programme.engines.registration.states import Eligibility
from programme.extensions import database_session
from programme.people import queries as people
from programme.people.groups.queries import groups_of
from programme.people.guards import actor
from programme.people.models import Organisation, OrganisationKind, Strand
from programme.screens.roll.heading import moment_of, title_of

if TYPE_CHECKING:
    from programme.engines.calendar.models import Event
    from programme.engines.registration.openings.forms import OpeningForm

ADMITS = (
    "Whoever has a place has a chair at each of these. None for an application or a call: say under Who whether "
    "everybody sees it."
)


def events_open(chosen: list[int]) -> list[Event]:
    """Return the chosen events that the acting person may open registration for."""
    found = events_to_admit(database_session(), actor(), chosen=chosen, now=g.now) if chosen else []
    return [event for event in found if event.id in chosen]


def data_from(events: list[Event]) -> dict[str, Any]:
    """Return what a new form is filled with from the events."""
    usual = {"has_waiting_list": True, "unproved_hours": 48, "most_together": 1}
    usual["offer_morning"] = usual_morning(database_session())
    if not events:
        return {**usual, "strand": Strand.EXCHANGE.value}
    first = events[0]
    return {
        "title": title_of(first),
        "lead": first.lead_organisation_id,
        "strand": first.strand.value,
        "events": [event.id for event in events],
        "capacity": first.room_capacity,
        **usual,
        "contact_name": first.contact_name,
        "contact_address": first.contact_address,
        **eligibility_from(first),
    }


def eligibility_from(event: Event) -> dict[str, Any]:
    """Return who may register by who may attend, as the event's page says it."""
    if event.audience is Audience.LEAD_UNIVERSITY:
        return {"eligibility": Eligibility.MEMBERS.value, "members_of": [event.lead_organisation_id]}
    if event.audience is Audience.BOTH_UNIVERSITIES:
        universities = select(Organisation.id).where(Organisation.kind == OrganisationKind.UNIVERSITY)
        members = list(database_session().scalars(universities))
        return {"eligibility": Eligibility.MEMBERS.value, "members_of": members}
    return {}


def offered(form: OpeningForm, chosen: list[int]) -> OpeningForm:
    """Fill in the choices of the form: the events that are ticked, those a search finds, and what lies ahead."""
    session, words = database_session(), form.event_words.data or ""
    events = events_to_admit(session, actor(), chosen=chosen, words=words, now=g.now)
    form.events.description = told_of(len(events), len(set(chosen)), words)
    known = people.organisations(session)
    form.events.choices = [
        SelectChoice(
            event.id, title_of(event), {"hint": moment_of(event.starts_at) if event.date_is_known else "No date"}
        )
        for event in events
    ]
    form.members_of.choices = [SelectChoice(row.id, row.name) for row in known]
    form.eligible_group_id.choices = groups_to_choose(form.eligible_group_id.object_data)
    for line in form.quotas:
        line.form.organisation.choices = [
            SelectChoice("", "Nobody"),
            *(SelectChoice(row.id, row.name) for row in known),
        ]
    if form.lead is not None:
        form.lead.choices = [SelectChoice(row.id, row.name) for row in known if row.id in actor().organises_for]
    return form


def groups_to_choose(chosen: int | None) -> list[SelectChoice]:
    """Return the groups that one looks after; one that a colleague chose stays, without its name."""
    mine = database_session().scalars(groups_of(actor())).all()
    other = (
        [SelectChoice(chosen, "The group that is chosen now")]
        if chosen and chosen not in {row.id for row in mine}
        else []
    )
    return [SelectChoice("", "None"), *other, *(SelectChoice(row.id, row.title) for row in mine)]


def told_of(number: int, ticked: int, words: str) -> str:
    """Say which events are listed, where it is not simply all of them."""
    if words:
        found = max(0, number - ticked)
        return f"{plural(found, 'event')} found with “{words}”." if found else f"No other event of yours has “{words}”."
    is_cut = number >= MOST_EVENTS
    return f"{ADMITS} The next {MOST_EVENTS} of yours are listed: look for others by their title." if is_cut else ADMITS
