"""The verb of how an opening decides: its terms are set under its lock; tells nobody."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.engines.approvals import actions as approvals
from programme.engines.registration.actions import lock
from programme.engines.registration.deciding.changing import AnswersChange
from programme.engines.registration.deciding.keys import (
    REGISTRATION,
    ask_about,
    has_unapproved_in_line,
    refuse_to_lift,
)
from programme.engines.registration.deciding.models import DecisionTerms, KeyHolder
from programme.engines.registration.deciding.queries import decision_terms, key_holders, keyed_terms
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.queries import in_state
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.people.permissions import Scope, Verb, may

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from programme.engines.approvals.models import Approval
    from programme.engines.registration.models import Opening
    from programme.people.permissions import Actor

IN_LINE = "Some people wait for a place to whom no key has said yes: give them one, or refuse them, first."
NOT_YOURS = "The organisers of each university say who turns its key."
MOST_DAYS, FEWEST_KEYS = 365, 2
TERMS_OF_KEYS = ("decided_by", "days", "escalation_address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an organiser sets."""

    decided_by: DecidedBy = DecidedBy.ORGANISERS
    days: int = 14
    escalation_address: str = ""
    answers_change: AnswersChange = AnswersChange.REGISTERED
    answers_until: datetime | None = None
    asks_anew: bool = False


@dataclass(frozen=True, slots=True)
class TermsSet:
    """What setting terms came to: what is asked from now on about those who wait, and which terms of keys changed.

    `changed` has what stood before and stands now, by the name of the term; it is empty where no keys decided.
    """

    opening: Opening
    asked: tuple[Approval, ...] = ()
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


def set_terms(session: Session, opening_id: int, wanted: Wanted, *, actor: Actor, now: datetime) -> TermsSet:
    """Set how an opening decides. Keys that somebody waits for are not lifted by one university alone."""
    opening = lock(session, opening_id)
    check(opening, wanted)
    was_keyed = keyed_terms(session, opening) is not None
    if was_keyed and wanted.decided_by is not DecidedBy.KEYS:
        refuse_to_lift(session, opening, actor=actor)
    terms = decision_terms(session, opening_id)
    if wanted.decided_by is DecidedBy.KEYS and has_unapproved_in_line(session, opening_id):
        raise Refusal(IN_LINE, field="decided_by")
    before = facts(terms) if terms is not None else asdict(Wanted())
    if terms is None:
        terms = DecisionTerms(opening_id=opening_id)
        session.add(terms)
    for name, value in asdict(wanted).items():
        setattr(terms, name, value)
    session.flush()
    after = facts(terms)
    note_changes(session, opening, before, after, actor=actor, now=now)
    changed = {name: (before[name], after[name]) for name in TERMS_OF_KEYS if before[name] != after[name]}
    asked = turn_over(session, opening, terms, now=now) if "decided_by" in changed else ()
    return TermsSet(opening, asked, changed if was_keyed else {})


def name_holder(
    session: Session, opening_id: int, organisation_id: int, person_id: int | None, *, actor: Actor, now: datetime
) -> None:
    """Name who turns an organisation's keys from now on, or nobody but its organisers; only they may."""
    opening = lock(session, opening_id)
    holder = next((one for one in key_holders(opening) if one.id == organisation_id), None)
    if holder is None or not may(actor, Verb.DECIDE, Scope(lead=organisation_id, strand=opening.strand)):
        raise Refusal(NOT_YOURS)
    found = session.get(KeyHolder, (opening_id, organisation_id))
    if found is not None:
        session.delete(found)
        session.flush()
    if person_id is not None:
        session.add(KeyHolder(opening_id=opening_id, organisation_id=organisation_id, person_id=person_id))
    session.flush()
    verb = "named who turns keys" if person_id is not None else "let its organisers turn keys"
    note(session, opening, verb, actor=actor, now=now, after={"organisation": holder.short_name})


def check(opening: Opening, wanted: Wanted) -> None:
    """Refuse what cannot hang together."""
    if wanted.answers_change is AnswersChange.UNTIL and wanted.answers_until is None:
        raise Refusal("Enter until when answers may be changed.", field="answers_until")
    if wanted.decided_by is not DecidedBy.KEYS:
        return
    if opening.places_by is not PlacesBy.DECISION:
        raise Refusal(
            "Keys decide only where places are given by decision: choose “We decide” first.", field="decided_by"
        )
    if len(key_holders(opening)) < FEWEST_KEYS:
        raise Refusal("Share this opening with the other university first: each holds a key.", field="decided_by")


def turn_over(session: Session, opening: Opening, terms: DecisionTerms, *, now: datetime) -> tuple[Approval, ...]:
    """Let those who wait be decided about in the new way: keys are asked for, or needed no more."""
    rows = session.scalars(in_state(opening.id, RegistrationState.PENDING)).all()
    if terms.decided_by is DecidedBy.ORGANISERS:
        for row in rows:
            approvals.withdraw(session, REGISTRATION, row.id, now=now)
        return ()
    asked = (ask_about(session, row, now=now) for row in rows)
    return tuple(one for one in asked if one is not None)


def facts(terms: DecisionTerms) -> dict[str, Any]:
    """Return what the trail compares."""
    return {name: getattr(terms, name) for name in Wanted.__dataclass_fields__}


def note_changes(
    session: Session, opening: Opening, before: dict[str, Any], after: dict[str, Any], *, actor: Actor, now: datetime
) -> None:
    """Write what changed into the trail; where lateness is told to is an address, and stands in no trail."""
    changed = [name for name in after if after[name] != before[name] and name != "escalation_address"]
    if changed:
        old, new = ({name: in_json(told[name]) for name in changed} for told in (before, after))
        note(session, opening, "changed how it decides", actor=actor, now=now, before=old, after=new)


def in_json(value: Any) -> Any:
    """Return a fact as JSON keeps it."""
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value
