"""From a message that came in to the calendar's answer in it, who sent that, and whether our own host vouches for them.

Pure, bounded, and without an error whatever the bytes are. Nothing is fetched, nothing in it is carried out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.calendar.replies.lines import UNPRINTABLE, decoded
from programme.engines.calendar.replies.reading import CalendarAnswer, answer_in
from programme.engines.mail.addresses.reading.parts import Part, in_words, leaves
from programme.engines.mail.addresses.reading.reader import ADDRESS, LONGEST_SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from programme.engines.mail.addresses.reading.parts import Fields

REPLY = "REPLY"
CALENDARS = frozenset({"text/calendar", "application/ics", "text/x-vcalendar", "application/calendar"})
LONGEST_EXCERPT = 300
QUOTED, COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"'), re.compile(r"\([^()]*\)")
ANGLED = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
FROM_DOMAIN = re.compile(r"\bheader\.from=([^\s;]+)")
DMARC = "dmarc="


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A calendar's answer, and the one address it came from: empty where that is none, or several.

    `is_authentic` is whether our own host says that it does come from there; `excerpt` what a person wrote beside.
    """

    answer: CalendarAnswer
    sender: str = ""
    subject: str = ""
    is_authentic: bool = False
    excerpt: str = ""


def reply_in(whole: Part, *, authserv_id: str = "") -> Reply | None:
    """Read a message; None where no calendar is in it."""
    parts = list(leaves(whole))
    found = [answer for answer in calendars_among(parts) if answer.method]
    if not found:
        return None
    sender = sender_of(whole.fields)
    return Reply(
        answer=next((answer for answer in found if answer.method == REPLY), found[0]),
        sender=sender,
        subject=in_words(whole.fields.first("subject"))[:LONGEST_SUBJECT],
        is_authentic=vouches_for(whole.fields, sender, authserv_id=authserv_id),
        excerpt=excerpt_of(parts),
    )


def calendars_among(parts: list[Part]) -> Iterator[CalendarAnswer]:
    """Give what the calendar parts say, by their type or, where that says nothing, by their names."""
    for part in parts:
        if part.kind in CALENDARS or is_named_so(part):
            content = part.content if part.fields.first("content-transfer-encoding") else part.body
            found = answer_in(content, charset=part.parameter("charset"), method=part.parameter("method"))
            if found is not None:
                yield found


def is_named_so(part: Part) -> bool:
    """Whether a part is a file whose name ends in .ics."""
    names = (part.parameter("name"), part.fields.first("content-disposition").rstrip('" '))
    return any(name.lower().endswith(".ics") for name in names)


def sender_of(fields: Fields) -> str:
    """Return the address that a message says it is from, never one that only stands in the name beside it."""
    told = fields.every("from")
    if len(told) != 1:
        return ""
    plain = COMMENT.sub(" ", QUOTED.sub(" ", told[0]))
    found = ANGLED.findall(plain) or ADDRESS.findall(plain)
    return str(found[0])[:254] if len(found) == 1 else ""


def vouches_for(fields: Fields, sender: str, *, authserv_id: str) -> bool:
    """Whether our own receiving host found that a message comes from its sender's domain (DMARC, RFC 8601).

    Whoever writes a message can write such a field into it: only the topmost of our own host counts, which stands above
    all that the message brought along, and only if it speaks of this very domain.
    """
    domain = sender.rpartition("@")[2].lower()
    if not (authserv_id and domain):
        return False
    for field in fields.every("authentication-results"):
        who, _, results = COMMENT.sub(" ", QUOTED.sub(" ", field)).partition(";")
        told = [one.strip().lower() for one in results.split(";") if one.strip().lower().startswith(DMARC)]
        if who.lower().split()[:1] == [authserv_id.lower()] and told:
            return len(told) == 1 and passes(told[0], domain)
    return False


def passes(result: str, domain: str) -> bool:
    """Whether one result of DMARC is a pass of a domain."""
    about = FROM_DOMAIN.search(result)
    return result.split(maxsplit=1)[0] == "dmarc=pass" and about is not None and about[1].strip(".") == domain


def excerpt_of(parts: list[Part]) -> str:
    """Return the beginning of what was written beside the calendar."""
    text = next((part for part in parts if part.kind == "text/plain"), None)
    if text is None:
        return ""
    words = decoded(text.content[: 4 * LONGEST_EXCERPT], charset=text.parameter("charset"))
    return " ".join(UNPRINTABLE.sub(" ", words).split())[:LONGEST_EXCERPT]
