"""Roles in scopes: given, taken back, moved to a successor; every act leaves its entry in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.people.models import Organisation, Person, Role, RoleGrant, Strand
from programme.people.permissions import Actor, Grant, Scope, Verb, may, may_grant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

OPERATOR = Actor(name="the programme's operator", grants=(Grant(Role.ADMINISTRATOR),))
"""Whoever may run commands on the machine: the trail names nobody for them."""

NOT_YOURS = "You can give and take back roles only within what you organise yourself."
LAST_ADMINISTRATOR = "This is the only administrator. Make somebody else one first."
ROLE_WORDS = {
    Role.ADMINISTRATOR: "Administrator",
    Role.ORGANISER: "Organiser",
    Role.HELPER: "Helper",
    Role.PARTNER: "Partner",
}
STRAND_WORDS = {
    Strand.COHORTS: "Doctoral cohorts",
    Strand.PLACEMENTS: "Placements",
    Strand.ENTREPRENEURSHIP: "Entrepreneurship",
    Strand.EXCHANGE: "Knowledge exchange",
}


def grant(session: Session, *, actor: Actor, holder: Person, wanted: Grant, now: datetime) -> tuple[RoleGrant, bool]:
    """Give `holder` the role; return it, and whether it is new. Refusal where `actor` may not give it."""
    check_shape(wanted)
    if not may_grant(actor, wanted):
        raise Refusal(NOT_YOURS)
    same = next((row for row in holder.grants if as_grant(row) == wanted), None)
    if same is not None:
        return same, False
    row = new_grant(wanted, holder=holder, giver=actor.person_id, now=now)
    holder.grants.append(row)
    session.flush()
    trail(session, row, verb="grant", actor=actor, now=now, after=facts_of(row, holder))
    return row, True


def check_shape(wanted: Grant) -> None:
    """Refuse a role whose scope says too little or too much."""
    if wanted.role is Role.ADMINISTRATOR:
        if wanted.organisation or wanted.strand or wanted.subject:
            raise Refusal("An administrator runs the whole installation: leave organisation and strand empty.")
    elif wanted.organisation is None:
        raise Refusal("Choose the organisation the role is for.", field="organisation")
    elif wanted.role is Role.HELPER and wanted.subject is None:
        raise Refusal("A helper helps with one event or series: say which.", field="helps_with")


def new_grant(wanted: Grant, *, holder: Person, giver: int | None, now: datetime) -> RoleGrant:
    """Return the row for a role."""
    kind, number = wanted.subject or (None, None)
    return RoleGrant(
        person_id=holder.id,
        role=wanted.role,
        organisation_id=wanted.organisation,
        strand=wanted.strand,
        subject_kind=kind,
        subject_id=number,
        granted_by_id=giver,
        granted_at=now,
    )


def revoke(session: Session, row: RoleGrant, *, actor: Actor, now: datetime) -> None:
    """Take a role back; Refusal where `actor` may not, or where nobody would be left to run the installation."""
    if not may_grant(actor, as_grant(row)):
        raise Refusal(NOT_YOURS)
    if row.role is Role.ADMINISTRATOR and administrators(session) == 1:
        raise Refusal(LAST_ADMINISTRATOR)
    holder = session.get_one(Person, row.person_id)
    trail(session, row, verb="revoke", actor=actor, now=now, before=facts_of(row, holder))
    holder.grants.remove(row)
    session.delete(row)
    session.flush()


def administrators(session: Session) -> int:
    """Return how many people run the installation."""
    counted = select(func.count(func.distinct(RoleGrant.person_id))).where(RoleGrant.role == Role.ADMINISTRATOR)
    return session.scalar(counted) or 0


def strands_to_hand_over(actor: Actor, *, organisation: int) -> Sequence[Strand]:
    """Return the strands of an organisation whose things `actor` may hand over to another."""
    return [strand for strand in Strand if may(actor, Verb.HAND_OVER, Scope(lead=organisation, strand=strand))]


def grants_to_move(leaver: Person, *, organisation: int, strands: Sequence[Strand]) -> list[RoleGrant]:
    """Return the roles of `leaver` that would move: those for all strands only where all may be handed over."""
    whole = len(strands) == len(Strand)
    return [
        row
        for row in leaver.grants
        if row.organisation_id == organisation
        and row.role in {Role.ORGANISER, Role.HELPER}
        and (whole if row.strand is None else row.strand in strands)
    ]


def move_grants(
    session: Session, rows: Sequence[RoleGrant], *, leaver: Person, successor: Person, actor: Actor, now: datetime
) -> None:
    """Give `successor` the roles in `rows` instead of `leaver`; what both hold stays once."""
    held = {as_grant(row) for row in successor.grants}
    for row in rows:
        trail(session, row, verb="revoke", actor=actor, now=now, before=facts_of(row, leaver))
        leaver.grants.remove(row)
        session.delete(row)
        if as_grant(row) not in held:
            taken = new_grant(as_grant(row), holder=successor, giver=actor.person_id, now=now)
            successor.grants.append(taken)
            session.flush()
            trail(session, taken, verb="grant", actor=actor, now=now, after=facts_of(taken, successor))
    session.flush()


def as_grant(row: RoleGrant) -> Grant:
    """Return the row as the permission table reads it."""
    subject = (row.subject_kind, row.subject_id) if row.subject_kind and row.subject_id is not None else None
    return Grant(role=row.role, organisation=row.organisation_id, strand=row.strand, subject=subject)


def in_words(row: RoleGrant, *, thing: str = "") -> str:
    """Return `Organiser for University of Liverpool, Placements`; `thing` is the title of what a helper helps with."""
    words = ROLE_WORDS[row.role]
    if row.organisation is not None:
        words += f" for {row.organisation.name}"
    if row.subject_kind:
        return f"{words}, {thing or f'{row.subject_kind} {row.subject_id}'}"
    return f"{words}, {STRAND_WORDS[row.strand]}" if row.strand is not None else words


def facts_of(row: RoleGrant, holder: Person) -> dict[str, Any]:
    """Return what the trail keeps of a role."""
    return {
        "person": holder.name or holder.address,
        "role": row.role.value,
        "organisation": row.organisation.name if row.organisation else None,
        "strand": row.strand.value if row.strand else None,
        "thing": f"{row.subject_kind} {row.subject_id}" if row.subject_kind else None,
    }


def trail(session: Session, row: RoleGrant, *, verb: str, actor: Actor, now: datetime, **sides: dict[str, Any]) -> None:
    """Write an act about a role into the trail, where the organisation's organisers may read it."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=f"{verb} a role",
        subject=("person", row.person_id),
        now=now,
        organisation_id=row.organisation_id,
        **sides,
    )


def organisation_named(session: Session, text: str) -> Organisation:
    """Return the organisation of a slug; Refusal names those there are."""
    found = session.scalar(select(Organisation).where(Organisation.slug == text))
    if found is None:
        known = session.scalars(select(Organisation.slug).order_by(Organisation.position)).all()
        raise Refusal(f"There is no organisation {text!r}. There are: {', '.join(known)}.", field="organisation")
    return found
