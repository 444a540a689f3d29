"""Demonstration: a summer school that both universities decide about, each with a key of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.demo import people, signing_up
from programme.demo.happenings import Comer
from programme.engines.approvals.actions import Turn
from programme.engines.approvals.queries import latest_approval
from programme.engines.approvals.states import KeyState
from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.notes.actions import write
from programme.engines.registration.openings import actions as openings
from programme.engines.registration.openings.editing.details import Details
from programme.engines.registration.states import PlacesBy
from programme.flows.deciding.keys import delegate_key, turn_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.deciding.settings import set_terms
from programme.flows.reminding import open_registration
from programme.people.states import Strand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening, Registration
    from programme.people.models import Organisation
    from programme.people.permissions import Actor

TITLE = "Summer school on quantum materials: applications"
NOTE = "Both universities decide together about each application. You hear from us within three weeks."
APPLICANTS = (people.RESEARCHERS[2], people.RESEARCHERS[4], people.RESEARCHERS[8], people.RESEARCHERS[9])
PREPARED, LATELY = timedelta(days=6), timedelta(days=1)


def decide(
    session: Session, *, organisations: Mapping[str, Organisation], actors: Mapping[str, Actor], now: datetime
) -> None:
    """Liverpool opens the school with Oxford; four apply, and some keys are turned."""
    liverpool, oxford = (actors[one] for one in (people.LIVERPOOL, people.OXFORD))
    opening = opened(session, organisations, actor=liverpool, now=now - PREPARED)
    rows = [
        signing_up.register(
            session, opening, Comer(one), turn=turn, now=now - PREPARED + timedelta(hours=7 * (turn + 1))
        )
        for turn, one in enumerate(APPLICANTS)
    ]
    keys = {row.id: keys_of(session, row, organisations) for row in rows}
    yes, no = KeyState.YES, KeyState.NO
    say(session, keys[rows[0].id][0], yes, "A strong project, and the right year.", actor=liverpool, now=now - LATELY)
    say(session, keys[rows[0].id][1], yes, "Agreed.", actor=oxford, now=now - LATELY)
    say(session, keys[rows[1].id][1], yes, "We know the work: good.", actor=oxford, now=now - LATELY)
    say(session, keys[rows[3].id][1], no, "The thesis is to be handed in that week.", actor=oxford, now=now - LATELY)
    given = keys[rows[2].id][0]
    address = "quillan.harbourne@people.example.ac.uk"
    delegate_key(
        session, given, name="Quillan Harbourne", address=address, subjects=SUBJECTS, actor=liverpool, now=now - LATELY
    )
    write(session, rows[1], "Asked whether she can come on the Sunday before.", actor=liverpool, now=now - LATELY)
    write(session, rows[1], "She can.", actor=oxford, now=now)


def opened(session: Session, organisations: Mapping[str, Organisation], *, actor: Actor, now: datetime) -> Opening:
    """Make the opening, share it, give it its form and its keys, and open it."""
    details = Details(
        title=TITLE,
        note=NOTE,
        capacity=12,
        places_by=PlacesBy.DECISION,
        closes_at=now + timedelta(weeks=6),
        contact_name="Olga Oakhurst",
        contact_address=people.LIVERPOOL_ORGANISER.address,
    )
    lead, other = (organisations[one].id for one in (people.LIVERPOOL, people.OXFORD))
    opening = openings.create(session, details, lead_id=lead, strand=Strand.COHORTS, actor=actor, now=now)
    openings.share(session, opening.id, [other], actor=actor, now=now)
    opening.questionnaire = new_questionnaire(session, now=now)
    add_question(session, opening.questionnaire, kind="long_text", label="What do you work on?", is_required=True)
    wanted = Wanted(decided_by=DecidedBy.KEYS, days=21, asks_anew=True)
    set_terms(session, opening.id, wanted, actor=actor, now=now)
    return open_registration(session, opening.id, actor=actor, now=now)


def keys_of(session: Session, row: Registration, organisations: Mapping[str, Organisation]) -> list[int]:
    """Return Liverpool's key and Oxford's for an application."""
    approval = latest_approval(session, "registration", row.id)
    found = {key.organisation_id: key.id for key in approval.keys} if approval is not None else {}
    return [found[organisations[one].id] for one in (people.LIVERPOOL, people.OXFORD)]


def say(session: Session, key_id: int, says: KeyState, reason: str, *, actor: Actor, now: datetime) -> None:
    """Turn a key."""
    words = "We cannot take people who hand in during the school. Apply again next year." if says is KeyState.NO else ""
    turned = Turn(says=says, person_id=None, reason=reason, words=words)
    turn_key(session, key_id, turned, subjects=SUBJECTS, actor=actor, now=now)
