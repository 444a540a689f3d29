"""What a letter brings for its reader's calendar: an invitation to answer, what takes one back, a file, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.ical.calendar import calendar_bytes
from programme.engines.calendar.invitations.method import is_gone, method_for
from programme.engines.calendar.invitations.parties import Invitation, Party
from programme.engines.mail.ports import Attachment
from programme.engines.mail.queries import installation
from programme.engines.mail.wire.headers.mailboxes import is_address, on_the_wire
from programme.engines.mail.wording.stationery import PROGRAMME
from programme.engines.registration.states import LIVE
from programme.flows.calendars.letters.wishing import Way, way_of
from programme.flows.calendars.personal import entries_for, entry_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.ical.calendar import Method
    from programme.engines.calendar.ical.entry import CalendarEntry
    from programme.engines.calendar.models import Event
    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Registration

FILENAME = "invite.ics"
"""What every invitation is called: some programs look for no other."""


class Brings(StrEnum):
    """What a letter brings, as its templates say it."""

    NOTHING = ""
    INVITATION = "invitation"
    END = "end"
    FILE = "file"
    FEED = "feed"


BROUGHT = {"REQUEST": Brings.INVITATION, "CANCEL": Brings.END, "PUBLISH": Brings.FILE}


@dataclass(frozen=True, slots=True)
class Calendars:
    """What writing them needs: links, and the address that invites; empty where nobody reads answers."""

    links: Links
    organizer: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The files of a letter that are for calendars, and what it says of them."""

    brings: Brings = Brings.NOTHING
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar it is: the letter, and the registration it is about."""

    message: OutboxMessage
    registration: Registration


def part_of_registration(
    session: Session, reader: Reader, *, calendars: Calendars, now: datetime, begins: bool = False
) -> Part:
    """Return what a letter about a registration brings; one that ended takes out what is held by no other.

    Where a place `begins` at what has no date yet, there is nothing to take out that they could have.
    """
    row = reader.registration
    entries = entries_for(session, row, links=calendars.links)
    if row.state not in LIVE:
        entries = [entry for entry in entries if is_gone(entry)]
    title = slug(row.opening.title, row.opening_id)
    part = part_of(session, entries, reader, title=title, calendars=calendars, now=now)
    return Part() if begins and part.brings is Brings.END else part


def part_of_event(session: Session, event: Event, reader: Reader, *, calendars: Calendars, now: datetime) -> Part:
    """Return what a letter about one event brings to somebody who has a place at it."""
    entry = entry_for(session, event, reader.registration, links=calendars.links)
    title = slug(event.title, event.id)
    return part_of(session, [entry], reader, title=title, calendars=calendars, now=now)


def part_of(
    session: Session,
    entries: Sequence[CalendarEntry],
    reader: Reader,
    *,
    title: str,
    calendars: Calendars,
    now: datetime,
) -> Part:
    """Return what a letter about events brings, by its reader's wish and by whether answers are read."""
    if not entries:
        return Part()
    entries = [replace(entry, image_url=None) for entry in entries]  # what opens a letter fetches nothing
    way, since = way_of(session, reader.registration.person_id)
    is_answered = way is not Way.FILE and may_invite(calendars.organizer, reader.message.recipient)
    method = method_for(entries, is_answered=is_answered, now=now)
    if since is not None and not (method != "PUBLISH" and was_invited(reader.registration, before=since)):
        return Part(Brings.FEED)
    if method == "PUBLISH":
        file = Attachment(f"{title}.ics", calendar_bytes(map(entry_block, entries), method=method), method=method)
    else:
        (entry,) = entries
        file = invitation(session, entry, reader.message, organizer=calendars.organizer, method=method)
    return Part(BROUGHT[method], (file,))


def may_invite(organizer: str, recipient: str) -> bool:
    """Whether an address can be invited by ours: nobody is by themselves, nor where nobody reads what they answer."""
    return bool(organizer) and is_address(recipient) and not Party(organizer).is_at(recipient)


def was_invited(registration: Registration, *, before: datetime) -> bool:
    """Whether somebody was invited to the one event of a registration before they subscribed.

    What their answer put into a calendar is then changed and taken out by letters still: it would stay wrong there.
    """
    confirmed = registration.confirmed_at
    return len(registration.seats) == 1 and confirmed is not None and confirmed < before


def invitation(
    session: Session, entry: CalendarEntry, message: OutboxMessage, *, organizer: str, method: Method
) -> Attachment:
    """Return the invitation of one person to one event, or what takes it back."""
    here = installation(session)
    parties = Invitation(
        organizer=Party(on_the_wire(organizer), here.name if here else PROGRAMME),
        attendee=Party(on_the_wire(message.recipient), message.recipient_name),
        asks=method == "REQUEST",
    )
    content = calendar_bytes([entry_block(replace(entry, invitation=parties))], method=method)
    return Attachment(FILENAME, content, method=method)
