"""What the calendar keeps on somebody: their secret calendar address, where they speak, imports, and contacts."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from programme.core.web.words import join_words, plural
from programme.engines.calendar.keeping.contacts import contacts, forget_contact, how_many
from programme.engines.calendar.models import Contribution, Event, ImportFile, PersonalFeed, Series
from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.people.keeping.ports import Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

PART = 500
NAMING = ((Event, "event"), (Series, "series"))


class CalendarKept:
    """Personal feeds, contributions, imports, subscribed addresses, and who is named as a contact."""

    tables = frozenset({"personal_feed", "contribution", "import_file", "event", "series", "subscribed_address"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give each; never the secret of an address."""
        yield Section("calendar addresses", feeds(session, who))
        yield Section("contributions", contributions(session, who))
        yield Section("imports", imports(session, who))
        yield Section("subscribed addresses", subscribed(session, who))
        events, series = (contacts(session, model, who, kind=kind) for model, kind in NAMING)
        yield Section("contact of events and series", chain(events, series))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say what becomes of each that there is."""
        if count(session, PersonalFeed, who):
            yield Fate("The secret calendar address: calendars that subscribe to it find nothing any more")
        named = [plural(number, word, many) for number, word, many in self.named(session, who) if number]
        if named:
            yield Fate(f"The name as the contact of {join_words(named)}: the university’s stands there instead")
        if count(session, ImportFile, who):
            yield Fate("Who imported files: their events stay")
        if count(session, SubscribedAddress, who):
            yield Fate("Who subscribed to calendars: they are followed as before")
        if count(session, Contribution, who):
            why = "Who spoke belongs to the record of a public event. Its organisers can take it out."
            yield Fate("The name where an event tells who speaks, chairs or hosts", why)

    def named(self, session: Session, who: Subject) -> Iterator[tuple[int, str, str]]:
        """Give how many events and series name somebody as their contact."""
        yield how_many(session, Event, who), "event", "events"
        yield how_many(session, Series, who), "series", "series"

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """End the calendar address, untie contributions and imports, and let the lead stand as the contact."""
        session.execute(delete(PersonalFeed).where(PersonalFeed.person_id == who.person_id))
        for model in (Contribution, ImportFile, SubscribedAddress):
            session.execute(update(model).where(model.person_id == who.person_id).values(person_id=None))
        forget_contact(session, Event, who, version=Event.version + 1, changed_at=now)
        forget_contact(session, Series, who)

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Nothing here has a time of its own; files that nobody confirmed go with the housekeeping of imports."""
        del session, times, now
        return 0


Named = PersonalFeed | ImportFile | Contribution | SubscribedAddress


def count(session: Session, model: type[Named], who: Subject) -> int:
    """Return how many rows of a kind are somebody's."""
    return session.scalar(select(func.count()).select_from(model).where(model.person_id == who.person_id)) or 0


def feeds(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give somebody's own calendar addresses, without their secrets."""
    statement = select(PersonalFeed).where(PersonalFeed.person_id == who.person_id).order_by(PersonalFeed.id)
    for row in session.scalars(statement):
        yield {
            "for": row.purpose,
            "made": iso(row.created_at),
            "last used": iso(row.last_used_at),
            "ended": iso(row.revoked_at),
        }


def contributions(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give where somebody speaks, chairs or judges, as far as it is known to be them."""
    statement = (
        select(Contribution, Event.title, Event.starts_at)
        .join(Event, Event.id == Contribution.event_id)
        .where(Contribution.person_id == who.person_id)
        .order_by(Contribution.id)
    )
    for row, title, starts in session.execute(statement):
        yield {
            "event": title,
            "starts": iso(starts),
            "as": row.role,
            "name": row.name,
            "affiliation": row.affiliation,
        }


def imports(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the files that somebody imported."""
    statement = select(ImportFile).where(ImportFile.person_id == who.person_id).order_by(ImportFile.id)
    for row in session.scalars(statement.execution_options(yield_per=PART)):
        yield {"file": row.filename, "uploaded": iso(row.uploaded_at), "confirmed": iso(row.confirmed_at)}


def subscribed(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the calendars that somebody subscribed to for their organisation."""
    theirs = SubscribedAddress.person_id == who.person_id
    for row in session.scalars(select(SubscribedAddress).where(theirs).order_by(SubscribedAddress.id)):
        yield {"calendar": row.title, "address": row.url, "since": iso(row.made_at)}


CALENDAR = CalendarKept()
