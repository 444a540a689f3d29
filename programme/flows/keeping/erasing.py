"""Deleting what is kept on somebody: what would become of what, then all rooms at once, and a last letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.calendar.keeping.contacts import is_contact
from programme.engines.calendar.models import PersonalFeed
from programme.engines.mail.keeping.plugs import forget_letters
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration import actions
from programme.engines.registration.drafts.keeping import DRAFT, let_go
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.eligibility.links import INVITATION
from programme.engines.registration.eligibility.models import Invitation, ListedAddress
from programme.engines.registration.keeping.namelessness import make_nameless
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import LIVE
from programme.flows.keeping.taking_away import subject_of
from programme.flows.notices.keys.gathering import KEY, forget_keys_in_letters
from programme.flows.notices.people.farewells import tell_gone
from programme.flows.notices.places.registrations import is_over, tell_promoted
from programme.people.keeping.ports import hanging, known_to
from programme.people.models import Person, RoleGrant
from programme.people.permissions import Actor
from programme.people.roles import LAST_ADMINISTRATOR, administrators
from programme.people.states import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Fate, Keeper, Subject

GONE = Actor(person_id=audit.ERASED)
"""Whoever deleted their own data: the trail names nobody for them."""

REGISTRATION = Registration.__tablename__
CHANGED = "Something about this account changed at the same moment. Look at it again, then confirm once more."


@dataclass(frozen=True, slots=True)
class Preview:
    """What deleting would do: coming registrations are cancelled, some things go, some stay and name nobody."""

    coming: tuple[Registration, ...]
    goes: tuple[Fate, ...]
    stays: tuple[Fate, ...]
    is_last_administrator: bool = False


def preview(session: Session, person: Person, keepers: Iterable[Keeper], *, now: datetime) -> Preview:
    """Say what `erase_person` would do now, the account first."""
    who = subject_of(person)
    fates = [fate for keeper in reversed(tuple(keepers)) for fate in keeper.fates(session, who)]
    return Preview(
        coming=tuple(coming(session, person.id, now=now)),
        goes=tuple(fate for fate in fates if not fate.stays),
        stays=tuple(fate for fate in fates if fate.stays),
        is_last_administrator=is_last_administrator(session, person),
    )


def erase_person(
    session: Session, person: Person, keepers: Iterable[Keeper], *, actor: Actor, now: datetime
) -> list[str]:
    """Delete somebody: what is to come is cancelled and the next move up, then every room lets them go.

    Returns the titles of what was cancelled. One last letter says that it is done. Raises Refusal for the only
    administrator, and where somebody registers them for something in the same moment.
    """
    if is_last_administrator(session, person):
        raise Refusal(LAST_ADMINISTRATOR)
    who, rows = subject_of(person), coming(session, person.id, now=now)
    is_own, had_account = actor.person_id == person.id, person.signed_in_at is not None
    cancel_all(session, rows, who, now=now)
    titles = [row.opening.title for row in rows]
    session.flush()
    hold(session, person)
    if coming(session, person.id, now=now):
        raise Refusal(CHANGED)
    try:
        with session.begin_nested():
            for keeper in keepers:
                keeper.erase(session, who, now=now)
    except IntegrityError:
        raise Refusal(CHANGED) from None
    session.expire_all()
    verb = "deleted their account" if is_own else "deleted an account"
    doer, cancelled = GONE if is_own else actor, {"cancelled": len(titles)}
    note(session, verb, ("person", audit.ERASED), actor=doer, now=now, after=cancelled)
    tell_gone(session, who, titles, is_account=is_own or had_account, now=now)
    return titles


def erase_registration(session: Session, row: Registration, keepers: Iterable[Keeper], *, now: datetime) -> bool:
    """Delete what one registration holds, for whoever has its link; a place to come is given back to the next.

    What other rooms keep about it goes with it. Says whether that was all there was on a guest, who is gone altogether
    then.
    """
    person = row.person
    if person is None:
        return True
    who, title = subject_of(person), row.opening.title
    is_all = is_all_there_is(session, person, row, keepers)
    rows = [row] if row.state in LIVE and not is_over(row.opening, now=now) else []
    cancel_all(session, rows, who, now=now)
    session.flush()
    hold(session, person)
    is_all = is_all and is_all_there_is(session, person, row, keepers)
    forget_letters(session, OutboxMessage.id.in_(letters_about(session, row)))
    forget_letters(session, and_(OutboxMessage.subject_kind == KEY, OutboxMessage.subject_id.in_(keys_about(row))))
    forget_keys_in_letters(session, row.opening_id, session.scalars(keys_about(row)).all())
    forget_way_in(session, row.opening_id, {who.key, row.address.casefold()}, now=now)
    make_nameless(session, [row.id], now=now)
    for room in hanging(keepers):
        room.let_go_with(session, REGISTRATION, [row.id], now=now)
    for keeper in keepers if is_all else ():
        keeper.erase(session, who, now=now)
    session.expire_all()
    lead = row.opening.lead_organisation_id
    note(session, "deleted their data", ("registration", row.id), actor=GONE, now=now, organisation_id=lead)
    tell_gone(session, who, [title] if rows else [], is_account=False, now=now)
    return is_all


def goes_besides(session: Session, row: Registration, keepers: Iterable[Keeper]) -> list[Fate]:
    """Say what of other rooms goes with one registration."""
    return [fate for room in hanging(keepers) for fate in room.fates_with(session, REGISTRATION, [row.id])]


def forget_way_in(session: Session, opening_id: int, keys: set[str], *, now: datetime) -> None:
    """Let go by what some addresses came to an opening: its invitation, its list, and forms that were not sent."""
    invited = select(Invitation.id).where(Invitation.opening_id == opening_id, Invitation.address_key.in_(keys))
    begun = select(Draft.id).where(Draft.opening_id == opening_id, Draft.address_key.in_(keys))
    for kind, ids in ((INVITATION, session.scalars(invited).all()), (DRAFT, session.scalars(begun).all())):
        forget_letters(session, and_(OutboxMessage.subject_kind == kind, OutboxMessage.subject_id.in_(ids)))
    let_go(session, session.scalars(begun).all(), now=now)
    session.execute(delete(Invitation).where(Invitation.id.in_(invited)))
    listed = (ListedAddress.opening_id == opening_id, ListedAddress.address_key.in_(keys))
    session.execute(delete(ListedAddress).where(*listed))


def hold(session: Session, person: Person) -> None:
    """Let nobody register this person, or refer to them otherwise, until the transaction ends."""
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())


def coming(session: Session, person_id: int, *, now: datetime) -> list[Registration]:
    """Return the live registrations of somebody for what is still to come, the next one first."""
    statement = (
        select(Registration)
        .where(Registration.person_id == person_id, Registration.state.in_(LIVE))
        .options(joinedload(Registration.opening).selectinload(Opening.events))
        .order_by(Registration.id)
    )
    rows = [row for row in session.scalars(statement) if not is_over(row.opening, now=now)]
    return sorted(rows, key=lambda row: min((event.starts_at for event in row.opening.events), default=now))


def cancel_all(session: Session, rows: Sequence[Registration], who: Subject, *, now: datetime) -> None:
    """Cancel registrations as their person would, and tell whoever moves up; every opening concerned is locked first.

    Their own letters would find nobody any more: the last letter says what was cancelled.
    """
    contact = session.scalars(select(Opening.id).where(is_contact(Opening, who))).all()
    actions.lock_all(session, {*(row.opening_id for row in rows), *contact})
    for row in rows:
        tell_promoted(session, actions.cancel(session, row.id, now=now).promoted, now=now)


def is_last_administrator(session: Session, person: Person) -> bool:
    """Whether nobody would be left to run the installation."""
    runs = select(RoleGrant.id).where(RoleGrant.person_id == person.id, RoleGrant.role == Role.ADMINISTRATOR)
    return session.scalar(runs.limit(1)) is not None and administrators(session) == 1


def is_all_there_is(session: Session, person: Person, row: Registration, keepers: Iterable[Keeper] = ()) -> bool:
    """Whether a registration is all that is held on a guest: whoever has an account deletes that, signed in.

    Of `keepers`, those whose people stay known are asked as well.
    """
    elsewhere = (select(Person.id).where(Person.id == person.id, Person.id.in_(known)) for known in known_to(keepers))
    others = (
        select(Registration.id).where(Registration.person_id == person.id, Registration.id != row.id),
        select(RoleGrant.id).where(RoleGrant.person_id == person.id),
        select(PersonalFeed.id).where(PersonalFeed.person_id == person.id),
        *elsewhere,
    )
    return person.signed_in_at is None and not any(session.scalar(found.limit(1)) for found in others)


def letters_about(session: Session, row: Registration) -> list[int]:
    """Return the letters about a registration: its own, and news of its events to its person."""
    own = and_(OutboxMessage.subject_kind == "registration", OutboxMessage.subject_id == row.id)
    news = and_(OutboxMessage.subject_kind.in_(("event", "series")), OutboxMessage.person_id == row.person_id)
    found = session.execute(
        select(OutboxMessage.id, OutboxMessage.subject_kind, OutboxMessage.context).where(or_(own, news))
    )
    return [number for number, kind, told in found if kind == "registration" or row.id in told_by(told)]


def told_by(context: Mapping[str, Any]) -> set[int | None]:
    """Return the registrations by which a letter about events, or about several of them, told its news."""
    return {context.get("registration_id"), *(entry.get("registration_id") for entry in context.get("changes", ()))}


def keys_about(row: Registration) -> Select[int]:
    """Return the keys that were asked for about a registration: their letters name its person."""
    about = (Approval.subject_kind == row.__tablename__, Approval.subject_id == row.id)
    return select(ApprovalKey.id).join(Approval, Approval.id == ApprovalKey.approval_id).where(*about)


def note(session: Session, verb: str, subject: tuple[str, int], *, actor: Actor, now: datetime, **told: Any) -> None:
    """Write into the trail that data were deleted, and not whose."""
    audit.record(session, person_id=actor.person_id, verb=verb, subject=subject, now=now, **told)
