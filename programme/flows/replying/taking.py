"""Taking in a message that answers an invitation: to which event, by whom; what is odd waits in the tray."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.database import LARGEST_ID
from programme.engines.calendar.models import Event
from programme.engines.registration.replies.actions import put_into_tray
from programme.engines.registration.replies.models import OddReply
from programme.engines.registration.replies.queries import chair_of, chair_under
from programme.engines.registration.replies.rule import COUNTER, REPLY, Outcome
from programme.flows.replying.acting import act
from programme.flows.replying.reading import reply_in
from programme.flows.replying.weighing import folded, speaker_of
from programme.people.models import Installation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.answering.ports import Incoming
    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.models import Registration
    from programme.flows.replying.reading import Reply

OURS = re.compile(r"event-(\d{1,19})@(.{1,253})", re.IGNORECASE)
ANSWERS = frozenset({REPLY, COUNTER})
NO_EVENT = "It answers an invitation that is none of ours."
NO_PERSON = "Nobody is registered for this event under that address, and it names no letter of ours."
IN_TRAY, THERE_ALREADY = "Left in the tray: ", "The same waits in the tray already: "


@dataclass(frozen=True, slots=True)
class Replies:
    """Takes answers of calendars. `authserv_id` is how our own receiving host names itself where it vouches (DMARC)."""

    authserv_id: str = ""

    def __call__(self, session: Session, message: Incoming, *, now: datetime) -> str | None:
        """Do what a message answers, and say what came of it; None where no calendar's answer to us is in it."""
        reply = reply_in(message.whole, authserv_id=self.authserv_id)
        if reply is None:
            return None
        event = event_of(session, reply.answer.uid)
        if event is None:
            is_answer = reply.answer.method in ANSWERS
            return into_tray(session, reply, why=NO_EVENT, now=now) if is_answer else None
        return answered(session, reply, event, message.letters, now=now)


def event_of(session: Session, uid: str) -> Event | None:
    """Return the event of a UID, if it is one that we gave: its host is this installation's for ever."""
    match, host = OURS.fullmatch(uid), session.scalar(select(Installation.uid_host).limit(1))
    if match is None or host is None or match[2].lower() != host.lower() or int(match[1]) > LARGEST_ID:
        return None
    return session.get(Event, int(match[1]))


def answered(session: Session, reply: Reply, event: Event, letters: Sequence[OutboxMessage], *, now: datetime) -> str:
    """Let a reply about an event of ours count, or wait in the tray; says which, and why."""
    keyed = keyed_registration(session, event, letters)
    row = keyed or chair_under(session, event.id, addresses_in(reply))
    if row is None:
        return into_tray(session, reply, why=NO_PERSON, now=now, event=event)
    acted = act(session, row.id, event, reply, has_key=keyed is not None, now=now)
    verdict = acted.verdict
    if verdict.outcome is Outcome.PROPOSED:
        return into_tray(session, reply, why=verdict.why, now=now, event=event, registration=row)
    return f"{'Done' if verdict.outcome is Outcome.APPLIED else 'Left aside'}: {verdict.why}"


def keyed_registration(session: Session, event: Event, letters: Sequence[OutboxMessage]) -> Registration | None:
    """Return whose invitation one of our letters is: it is about their registration, or told them of this event."""
    about = {row.subject_id for row in letters if row.subject_kind == "registration"}
    told = {row.person_id for row in letters if (row.subject_kind, row.subject_id) == ("event", event.id)}
    ids, people = {one for one in about if one}, {one for one in told if one}
    return chair_of(session, event.id, letters_about=ids, people=people) if ids or people else None


def addresses_in(reply: Reply) -> list[str]:
    """Return for whom a reply may speak: for one; where nobody can say for whom, for any whom it names."""
    one = speaker_of(reply)
    return [folded(named.address) for named in ((one,) if one else reply.answer.attendees)]


def into_tray(
    session: Session,
    reply: Reply,
    *,
    why: str,
    now: datetime,
    event: Event | None = None,
    registration: Registration | None = None,
) -> str:
    """Let somebody look at a reply; it is kept in its own words, and nothing in it is carried out."""
    answer, speaker = reply.answer, speaker_of(reply)
    odd = OddReply(
        registration_id=registration.id if registration else None,
        event_id=event.id if event else None,
        uid=answer.uid,
        method=answer.method,
        sender=reply.sender,
        attendee_address=speaker.address if speaker else "",
        subject_line=reply.subject,
        said=speaker.said if speaker else "",
        answer=speaker.answer if speaker and answer.method == REPLY and answer.events == 1 else None,
        answered_at=min(answer.stamp or now, now),
        words=answer.comment or reply.excerpt,
        why=why,
        came_at=now,
    )
    return f"{IN_TRAY if put_into_tray(session, odd) else THERE_ALREADY}{why}"
