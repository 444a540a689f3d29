"""What letters bring for calendars, read as strangers read it: with Python's mail parser and the icalendar package."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from typing import Any

from icalendar import Calendar
from sqlalchemy.orm import Session, sessionmaker

from programme.engines.mail.delivery.dispatching import dispatch
from programme.engines.mail.ports import MailRoom
from tests.bed.servers.smtp import Peer
from tests.conformance.rules import faults
from tests.conformance.strangers import STRANGERS

OURS = "programme@programme.example"
ASKS = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}


@dataclass
class Post:
    """Sends what waits, and remembers what came to the peer."""

    factory: sessionmaker[Session]
    room: MailRoom
    peer: Peer

    def sent(self, now: datetime) -> list[EmailMessage]:
        """Send everything, and return what came, oldest first."""
        before = len(self.peer.received)
        dispatch(self.factory, self.room, now=now)
        return [one.message for one in self.peer.received[before:]]


def calendar_part(message: EmailMessage) -> MIMEPart | None:
    """The calendar part that stands beside the text, if there is one."""
    return next((part for part in parts(message) if part.get_content_type() == "text/calendar"), None)


def parts(message: EmailMessage) -> list[MIMEPart]:
    """What the text is said in, one way after the other."""
    first: MIMEPart = next(iter(message.iter_parts()), message) if message.is_multipart() else message
    body = first if first.get_content_type() == "multipart/alternative" else message
    return list(body.iter_parts()) if body.get_content_type() == "multipart/alternative" else []


def words(message: EmailMessage) -> str:
    """The plain text, on one line."""
    text = message.get_body(("plain",))
    assert text is not None
    return " ".join(text.get_content().split())


def files(message: EmailMessage) -> list[MIMEPart]:
    """The files of a letter."""
    return list(message.iter_attachments())


def octets(part: MIMEPart) -> bytes:
    """What a part holds."""
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def method_and_entries(content: bytes) -> tuple[str, list[Any]]:
    """Read a calendar: its method, and its events; it breaks no rule, and strangers agree on when they are."""
    calendar = Calendar.from_ical(content)
    assert faults(content, method=str(calendar["METHOD"])) == []
    readings = [read(content) for read in STRANGERS.values()]
    assert readings == [readings[0]] * len(STRANGERS)
    return str(calendar["METHOD"]), calendar.walk("VEVENT")


def checked(content: bytes, *, to: str) -> tuple[str, Any]:
    """Check that an invitation, or what takes one back, is as section 3 of the paper says; return method and event."""
    method, entries = method_and_entries(content)
    (entry,) = entries
    assert entry.errors == []
    assert len(Calendar.from_ical(content).walk("VTIMEZONE")) == 1
    assert str(entry["ORGANIZER"]).lower() == f"mailto:{OURS}"
    attendee = entry["ATTENDEE"]
    assert not isinstance(attendee, list)
    assert str(attendee).lower() == f"mailto:{to}"
    told = {key: str(value) for key, value in attendee.params.items() if key != "CN"}
    assert told == (ASKS if method == "REQUEST" else {key: ASKS[key] for key in ("CUTYPE", "ROLE")})
    assert entry["DTSTART"].dt < entry["DTEND"].dt
    assert entry["SUMMARY"]
    assert not str(entry["SUMMARY"]).startswith(("Cancelled", "Postponed"))
    assert (str(entry["STATUS"]) == "CANCELLED") == (method == "CANCEL")
    assert entry.walk("VALARM") == []
    for secret in ("/registrations/", "/feeds/", "/check-in/"):
        assert secret.encode() not in content.replace(b"\r\n ", b"")
    return method, entry
