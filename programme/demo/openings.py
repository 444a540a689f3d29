"""Demonstration: organisers prepare openings with their forms, and open them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.questionnaire.conditions import ask_only_if, end_form_at, limit_options
from programme.engines.registration.openings import actions
from programme.engines.registration.openings.editing.details import Details
from programme.engines.registration.openings.quotas import Kept
from programme.engines.registration.states import Eligibility, PlacesBy
from programme.flows.reminding import open_registration
from programme.people.states import OrganisationKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.demo.happenings import Admission, Asked
    from programme.demo.stage import Stage
    from programme.engines.calendar.models import Event
    from programme.engines.questionnaire.models import Question, Questionnaire
    from programme.engines.registration.models import Opening
    from programme.people.permissions import Actor

BALLOT_BEFORE = timedelta(weeks=1)


def prepare(stage: Stage, event: Event, admission: Admission, *, actor: Actor, now: datetime) -> Opening:
    """An organiser prepares an opening with its form."""
    opening = actions.create(
        stage.session,
        details_of(stage, event, admission),
        lead_id=event.lead_organisation_id,
        strand=event.strand,
        actor=actor,
        now=now,
    )
    if admission.is_call:
        actions.share(stage.session, opening.id, [row.id for row in event.co_owners], actor=actor, now=now)
    if admission.form:
        opening.questionnaire = new_questionnaire(stage.session, now=now)
        ask(stage.session, opening.questionnaire, admission.form)
    return opening


def open_it(stage: Stage, opening: Opening, *, actor: Actor, now: datetime) -> Opening:
    """An organiser lets people register."""
    return open_registration(stage.session, opening.id, actor=actor, now=now)


def ask(session: Session, form: Questionnaire, questions: Iterable[Asked]) -> None:
    """Ask the questions of a form, each with its rules."""
    rows: dict[str, Question] = {}
    for asked in questions:
        options = {"options": list(asked.options)} if asked.options else {}
        rows[asked.label] = row = add_question(
            session,
            form,
            kind=asked.kind,
            label=asked.label,
            hint=asked.hint,
            is_required=asked.required,
            is_sensitive=asked.sensitive,
            settings={**options, **dict(asked.needs)},
        )
        if asked.places:
            limit_options(session, row, dict(asked.places))
        if asked.only_if:
            ask_only_if(session, row, rows[asked.only_if[0]], asked.only_if[1])
        if asked.ends:
            end_form_at(session, row, *asked.ends)


def details_of(stage: Stage, event: Event, admission: Admission) -> Details:
    """Return what the opening's form would hold."""
    universities = [row.id for row in stage.organisations.values() if row.kind is OrganisationKind.UNIVERSITY]
    closes = BALLOT_BEFORE if admission.by_ballot else timedelta(days=admission.closes_days)
    return Details(
        title=admission.title or event.title,
        note=admission.note,
        event_ids=admitted_to(stage, event, admission),
        chooses=admission.chooses,
        most_together=admission.most_together,
        section_a_page=admission.section_a_page,
        capacity=admission.capacity,
        has_waiting_list=admission.waiting_list,
        offer_hours=admission.offer_hours,
        places_by=manner_of(admission),
        closes_at=event.starts_at - closes if closes else None,
        ballot_at=event.starts_at - BALLOT_BEFORE if admission.by_ballot else None,
        eligibility=eligibility_of(admission),
        members_of=tuple(universities) if admission.members_only else (),
        quotas=tuple(kept_by(admission, one) for one in universities) if admission.kept_each else (),
        contact_name=event.contact_name,
        contact_address=event.contact_address,
    )


def admitted_to(stage: Stage, event: Event, admission: Admission) -> tuple[int, ...]:
    """Return the ids of the events that a place admits to."""
    if admission.is_call:
        return ()
    return tuple(stage.told[title].id for title in admission.to) or (event.id,)


def manner_of(admission: Admission) -> PlacesBy:
    """Return how places are given."""
    if admission.by_ballot:
        return PlacesBy.BALLOT
    return PlacesBy.DECISION if admission.by_decision else PlacesBy.FIRST_COME


def eligibility_of(admission: Admission) -> Eligibility:
    """Return who may register."""
    if admission.invited_only:
        return Eligibility.INVITED
    return Eligibility.MEMBERS if admission.members_only else Eligibility.ANYONE


def kept_by(admission: Admission, organisation_id: int) -> Kept:
    """Return the places that are kept for one university."""
    return Kept(organisation_id=organisation_id, places=admission.kept_each, release_days=admission.kept_days)
