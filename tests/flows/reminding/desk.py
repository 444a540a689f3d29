"""A talk with a roll and rules of reminders, for tests of who is reminded and what letters say."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration
from programme.engines.reminders.actions import Thing, Wish, add
from programme.engines.reminders.models import Anchor, Audience
from programme.flows.reminding import queue_due_reminders
from programme.flows.subjects.events import EVENTS
from programme.flows.subjects.openings import OPENINGS
from programme.people.groups.models import Group, GroupMember
from programme.people.identity import actor_of
from programme.people.models import Person
from tests.factories.cast import LONG_AGO, Cast
from tests.factories.things import SOON, registration

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEFORE, AFTER = SOON - 20 * HOUR, SOON + HOUR + DAY


@dataclass
class Desk:
    """A talk of Oxford's that Liverpool shares, with a roll."""

    app: Flask
    session: Session
    cast: Cast
    talk: Event
    opening: Opening

    def rule(self, audience: Audience, *, after: bool = False, **given: Any) -> None:
        """Let the talk remind somebody: a day before its start, or at its end."""
        wish = Wish(audience=audience, anchor=Anchor.END, offset=0) if after else Wish(audience=audience)
        wish = Wish(**{**wish.columns, **given})
        thing = Thing(EVENTS, self.talk.id, self.cast.oxford.id)
        add(self.session, thing, wish, actor=actor_of(self.cast.omar), now=LONG_AGO)

    def closing(self, audience: Audience, **given: Any) -> None:
        """Let the opening remind somebody a day before it closes, which is when the talk starts."""
        self.opening.closes_at = SOON
        wish = Wish(anchor=Anchor.CLOSING, audience=audience, **given)
        thing = Thing(OPENINGS, self.opening.id, self.cast.oxford.id)
        add(self.session, thing, wish, actor=actor_of(self.cast.omar), now=LONG_AGO)

    def enter(self, who: Person, **given: Any) -> Registration:
        """Put somebody on the roll."""
        return registration(self.session, to=self.opening, who=who, **given)

    def group(self, *members: Person) -> dict[str, Any]:
        """Make a group, and return what narrows a rule to it."""
        row = Group(title="Cohort 3", organisation_id=self.cast.oxford.id, created_at=LONG_AGO)
        row.members = [GroupMember(person_id=one.id, added_at=LONG_AGO) for one in members]
        self.session.add(row)
        self.session.flush()
        return {"group": row.id, "title": row.title}

    def told(self, now: Any) -> list[str]:
        """Queue what is due, and return who is written to, by first name; again, and nobody is."""
        queue_due_reminders(self.session, now)
        assert queue_due_reminders(self.session, now + timedelta(minutes=1)) == 0
        names = self.session.scalars(select(OutboxMessage.recipient_name).order_by(OutboxMessage.recipient_name))
        return [name.split()[0] for name in names]

    def still(self, now: Any) -> int:
        """How many of the queued letters are wanted; both ways of asking say the same, and one by one as well."""
        rows = self.session.scalars(select(OutboxMessage)).all()
        letters, found = self.app.extensions["mail_room"].letters, set()
        for kind in {row.letter for row in rows}:
            some = [row for row in rows if row.letter == kind]
            known = letters[kind]
            written = known.compose_all(self.session, some, now=now)
            assert set(written) == set(known.still_wanted(self.session, some, now=now))
            assert {row.id: known.compose(self.session, row, now=now) for row in some if row.id in written} == written
            found |= set(written)
        return len(found)
