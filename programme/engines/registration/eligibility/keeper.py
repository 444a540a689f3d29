"""What eligibility keeps on somebody: that they are on a list, and invitations; both let go when all is long over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select

from programme.core.web.words import plural
from programme.engines.registration.eligibility.models import Invitation, ListedAddress
from programme.engines.registration.keeping.namelessness import over
from programme.engines.registration.models import Opening, OpeningEvent
from programme.people.keeping.ports import AT_ONCE, Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times


class EligibilityKept:
    """Invitations, and addresses on lists of those who may register."""

    tables = frozenset({"invitation", "listed_address"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give what somebody was invited to, and where their address is on a list."""
        yield Section("invitations", invitations(session, who))
        yield Section("lists of who may register", lists(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that both go."""
        for model, word in ((Invitation, "invitation"), (ListedAddress, "list of who may register")):
            many = "lists of who may register" if model is ListedAddress else ""
            theirs = select(func.count()).select_from(model).where(model.address_key == who.key)
            number = session.scalar(theirs) or 0
            if number:
                yield Fate(f"The address in {plural(number, word, many)}")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Delete both; the links of the invitations open nothing any more."""
        del now
        session.execute(delete(Invitation).where(Invitation.address_key == who.key))
        session.execute(delete(ListedAddress).where(ListedAddress.address_key == who.key))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Delete both where everything was over long ago, at the time when registrations lose their names."""
        done = long_over(before=now - times.registered)
        spent = select(Invitation.id).where(Invitation.opening_id.in_(done)).order_by(Invitation.id).limit(AT_ONCE)
        ids = session.scalars(spent).all()
        if ids:
            session.execute(delete(Invitation).where(Invitation.id.in_(ids)))
        return len(ids) + retire_lists(session, done)


def retire_lists(session: Session, done: Select[int]) -> int:
    """Delete addresses from the lists of some openings, a bounded number of them."""
    keys = select(ListedAddress.opening_id, ListedAddress.address_key).where(ListedAddress.opening_id.in_(done))
    rows = session.execute(keys.order_by(ListedAddress.opening_id, ListedAddress.address_key).limit(AT_ONCE)).all()
    for opening_id in {row.opening_id for row in rows}:
        here = [row.address_key for row in rows if row.opening_id == opening_id]
        theirs = ListedAddress.opening_id == opening_id
        session.execute(delete(ListedAddress).where(theirs, ListedAddress.address_key.in_(here)))
    return len(rows)


def long_over(*, before: datetime) -> Select[int]:
    """Return the openings whose every event ended before an instant; those without any, whose registration did."""
    eventless = ~select(OpeningEvent.opening_id).where(OpeningEvent.opening_id == Opening.id).exists()
    return select(Opening.id).where(or_(Opening.id.in_(over(before=before)), eventless & (Opening.closes_at < before)))


def invitations(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give somebody's invitations."""
    rows = select(Invitation, Opening.title).join(Opening, Opening.id == Invitation.opening_id)
    for row, title in session.execute(rows.where(Invitation.address_key == who.key).order_by(Invitation.id)):
        yield {
            "to": title,
            "name": row.name,
            "address": row.address,
            "state": row.state.value,
            "invited": iso(row.invited_at),
            "answered": iso(row.answered_at),
            "taken back": iso(row.revoked_at),
        }


def lists(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the openings on whose list an address is."""
    rows = select(Opening.title, ListedAddress.address, ListedAddress.added_at)
    listed = rows.join(Opening, Opening.id == ListedAddress.opening_id).where(ListedAddress.address_key == who.key)
    for title, address, added_at in session.execute(listed.order_by(Opening.id)):
        yield {"for": title, "address": address, "since": iso(added_at)}


ELIGIBILITY = EligibilityKept()
