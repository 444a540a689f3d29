"""Who invites and who is invited, as content lines of an entry (RFC 5545 sections 3.8.4.1 and 3.8.4.3)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

UNQUOTABLE = re.compile(r"[\"^]")
"""What RFC 6868 would write with a circumflex, which older programs show as it stands."""
SAFE_IN_ADDRESSES = "!$'*+-._~@="
ATTENDING = "CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT"


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two: an address as mail carries it, and a name, which may be empty."""

    address: str
    name: str = ""

    def is_at(self, address: str) -> bool:
        """Whether this is who reads an address."""
        return self.address.casefold() == address.casefold()


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who invites whom; `asks` for an answer, or tells that there is nothing to come to any more."""

    organizer: Party
    attendee: Party
    asks: bool = True


def party_lines(invitation: Invitation) -> Iterator[str]:
    """Give the organiser and the one attendee: nobody learns who else was invited."""
    yield f"ORGANIZER{name_of(invitation.organizer)}:{mail_to(invitation.organizer)}"
    asked = ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE" if invitation.asks else ""
    yield f"ATTENDEE;{ATTENDING}{asked}{name_of(invitation.attendee)}:{mail_to(invitation.attendee)}"


def name_of(party: Party) -> str:
    """Return a name as a parameter, quoted, without what a quoted one cannot hold; nothing where it is empty."""
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in party.name)
    plain = "".join(c for c in UNQUOTABLE.sub("", kept) if unicodedata.category(c) not in {"Cs", "Cn"})
    words = " ".join(plain.replace("\ufeff", "").split())
    return f';CN="{words}"' if words else ""


def mail_to(party: Party) -> str:
    """Return an address as RFC 6068 writes it."""
    return f"mailto:{quote(party.address, safe=SAFE_IN_ADDRESSES)}"
