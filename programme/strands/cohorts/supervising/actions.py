"""Verbs of supervision: add, change, end, take out; each under the record’s lock, and the agreement begins anew.

What waits for a signature is asked of whoever gives it now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.calendar.times import london_day
from programme.people.affiliations import person_for
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.models import Supervision
from programme.strands.cohorts.progress.handing.signing import ask_following
from programme.strands.cohorts.rights import CANDIDATURE, candidature_scope
from programme.strands.cohorts.rulebooks.queries import books
from programme.strands.cohorts.signing.actions import start_again
from programme.strands.cohorts.supervising import rule
from programme.strands.cohorts.supervising.queries import held, place_of, supervisions
from programme.strands.cohorts.supervising.signed import AGREEMENT
from programme.strands.cohorts.supervising.words import ROLES

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature
    from programme.strands.cohorts.states import SupervisionRole

GONE = "Somebody took this supervision out meanwhile."
ENDED = "This supervision ended on {day} already. Change its dates if that is wrong."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a supervision is to be; both days included, `share` in per cent."""

    role: SupervisionRole
    organisation_id: int
    share: int
    begins_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A supervision after a verb, and how many signatures under the agreement have to be given again."""

    supervision: Supervision
    voided: int = 0


def add(
    session: Session, candidature_id: int, wanted: Wanted, *, name: str, address: str, actor: Actor, now: datetime
) -> Changed:
    """Let somebody supervise, known by their e-mail address; Refusal where the rule says no (see `rule.py`)."""
    row = hold(session, candidature_id)
    person = person_for(session, address=address, name=name, now=now)
    refuse_wrong(session, row, person, wanted)
    new = Supervision(candidature_id=row.id, person_id=person.id)
    put(new, wanted)
    session.add(new)
    session.flush()
    note(session, row, "added a supervisor", actor=actor, now=now, after=told(new))
    return Changed(new, ask_anew(session, row, now=now))


def change(
    session: Session, candidature_id: int, supervision_id: int, wanted: Wanted, *, actor: Actor, now: datetime
) -> Changed:
    """Change as what, for whom, how much and how long somebody supervises; who it is stays."""
    row = hold(session, candidature_id)
    own = supervision_of(session, row, supervision_id)
    if values_of(own) == wanted:
        return Changed(own)
    refuse_wrong(session, row, own.person, wanted, instead_of=own.id)
    before = told(own)
    put(own, wanted)
    session.flush()
    note(session, row, "changed a supervision", actor=actor, now=now, before=before, after=told(own))
    return Changed(own, ask_anew(session, row, now=now))


def end(
    session: Session, candidature_id: int, supervision_id: int, *, ends_on: date, actor: Actor, now: datetime
) -> Changed:
    """Let a supervision end with a day: from the next one on its person sees the record no more."""
    row = hold(session, candidature_id)
    own = supervision_of(session, row, supervision_id)
    if own.ends_on == ends_on:
        return Changed(own)
    if own.ends_on is not None and own.ends_on < london_day(now):
        raise Refusal(ENDED.format(day=rule.said(own.ends_on)), field="ends_on")
    refuse_wrong(session, row, own.person, replace(values_of(own), ends_on=ends_on), instead_of=own.id)
    before = told(own)
    own.ends_on = ends_on
    session.flush()
    note(session, row, "ended a supervision", actor=actor, now=now, before=before, after=told(own))
    return Changed(own, ask_anew(session, row, now=now))


def take_out(session: Session, candidature_id: int, supervision_id: int, *, actor: Actor, now: datetime) -> int:
    """Take a supervision out that was entered by mistake: its person sees the record no more, at once.

    Return how many signatures under the agreement have to be given again.
    """
    row = hold(session, candidature_id)
    own = supervision_of(session, row, supervision_id)
    note(session, row, "took out a supervision", actor=actor, now=now, before=told(own))
    session.delete(own)
    session.flush()
    return ask_anew(session, row, now=now)


def ask_anew(session: Session, row: Candidature, *, now: datetime) -> int:
    """Ask whoever signs for milestones now; let nobody have signed the agreement, and return how many had."""
    ask_following(session, row, now=now)
    return start_again(session, (AGREEMENT, row.id), now=now)


def supervision_of(session: Session, row: Candidature, supervision_id: int) -> Supervision:
    """Return a supervision of a record, as it is now; Refusal where it is gone."""
    found = next((one for one in supervisions(session, [row.id])[row.id] if one.id == supervision_id), None)
    if found is None:
        raise Refusal(GONE)
    return found


def refuse_wrong(
    session: Session, row: Candidature, person: Person, wanted: Wanted, *, instead_of: int | None = None
) -> None:
    """Refuse what the rule does not let stand beside the others, at its field."""
    others = [held(one) for one in supervisions(session, [row.id])[row.id] if one.id != instead_of]
    name = person.name or person.address
    it = rule.Held(person.id, name, wanted.role, wanted.organisation_id, wanted.share, wanted.begins_on, wanted.ends_on)
    found = rule.wrong(it, others, place_of(row, books(session, [row.home_organisation_id])))
    if found:
        raise Refusal(found.sentence, field=found.field)


def put(row: Supervision, wanted: Wanted) -> None:
    """Write what a supervision is to be."""
    row.role, row.organisation_id, row.share = wanted.role, wanted.organisation_id, wanted.share
    row.begins_on, row.ends_on = wanted.begins_on, wanted.ends_on


def values_of(row: Supervision) -> Wanted:
    """Return what a supervision is."""
    return Wanted(
        role=row.role,
        organisation_id=row.organisation_id,
        share=row.share,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
    )


def told(row: Supervision) -> dict[str, Any]:
    """Return a supervision as the trail tells it."""
    return {
        "name": row.person.name or row.person.address,
        "as": ROLES[row.role],
        "for": row.organisation.short_name,
        "share": row.share,
        "from": row.begins_on.isoformat(),
        "until": row.ends_on.isoformat() if row.ends_on else None,
    }


def note(
    session: Session,
    row: Candidature,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write an act upon a supervision into the trail of its record."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(CANDIDATURE, row.id),
        now=now,
        organisation_id=candidature_scope(row).lead,
        before=before,
        after=after,
    )
