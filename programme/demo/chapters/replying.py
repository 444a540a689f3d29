"""Demonstration: calendars answer invitations by mail; one says no, and nothing shows that it is the person's own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.replies.reading import Answer
from programme.engines.mail.addresses.reading.parts import part_of
from programme.engines.mail.answering.ports import Incoming
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.flows.replying.taking import Replies
from programme.people.models import Installation

if TYPE_CHECKING:
    from programme.demo.stage import Stage
    from programme.engines.calendar.models import Event

DAY = "Accelerator methods day"
SAID = (Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED)
LATELY = timedelta(hours=5)
MESSAGE = """\
From: {address}
Subject: {answer}: {title}
Content-Type: text/calendar; charset=utf-8; method=REPLY

BEGIN:VCALENDAR
METHOD:REPLY
BEGIN:VEVENT
UID:event-{event_id}@{host}
SEQUENCE:{sequence}
DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}
ATTENDEE;PARTSTAT={said}:mailto:{address}
COMMENT:{comment}
END:VEVENT
END:VCALENDAR
"""
COMMENTS = {Answer.DECLINED: "Teaching that day after all\\, sorry."}


def reply(stage: Stage) -> None:
    """Let the calendars of three who have a place answer."""
    opening = stage.openings[DAY]
    placed = (Registration.opening_id == opening.id, Registration.state == RegistrationState.CONFIRMED)
    rows = stage.session.scalars(select(Registration).where(*placed).order_by(Registration.id)).all()
    for row, answer in zip(rows[1:], SAID, strict=False):
        take(stage, row, opening.events[0], answer)


def take(stage: Stage, row: Registration, event: Event, answer: Answer) -> None:
    """One message comes in."""
    raw = MESSAGE.format(
        address=row.address,
        answer=answer.value.capitalize(),
        title=event.title,
        event_id=event.id,
        host=stage.session.scalar(select(Installation.uid_host)),
        sequence=event.sequence + 1,
        stamp=stage.now - LATELY,
        said=answer.value.upper(),
        comment=COMMENTS.get(answer, ""),
    )
    Replies()(stage.session, Incoming(part_of(raw.encode())), now=stage.now - LATELY)
