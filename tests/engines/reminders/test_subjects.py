"""What reminds plugs in: an invented kind of thing, with a due date and a letter that comes weekly while overdue."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger, FromClause, Select, String, literal, select
from sqlalchemy.orm import Session

from programme.core.database import Instant
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.reminders.actions import Thing, Wish, add
from programme.engines.reminders.models import Anchor, Audience
from programme.engines.reminders.outgoing.queueing import queue_due
from programme.engines.reminders.outgoing.sending import still_wanted
from programme.engines.reminders.ports import Only, Reach, Side
from programme.people.models import Person
from programme.people.permissions import Actor
from tests.factories.cast import LONG_AGO, Cast, assemble
from tests.factories.things import SOON

ERRAND, WEEK, HOUR, DOER = 41, timedelta(days=7), timedelta(hours=1), "Alice Aldgrove"


class Errands:
    """Errands of Alice's, of which the engine knows nothing: each has an instant by which it is to be done."""

    kind = "errand"
    may_repeat = True
    anchors = {Anchor.DUE: "the due date"}  # noqa: RUF012  a plug's values
    audiences = {  # noqa: RUF012
        Audience.CONFIRMED: Reach("whoever has it to do", "Yours to do.", dict.fromkeys(Side, "errand_due"))
    }

    def __init__(self) -> None:
        self.due: datetime | None = SOON

    def moments(self, anchor: Anchor, *, drafts: bool = False) -> Select[Any]:
        """Select when the errand is due, until it is done."""
        del anchor, drafts
        due: Any = literal(self.due, Instant)
        found = select(literal(ERRAND, BigInteger).label("subject_id"), due.label("instant"))
        return found.where(literal(self.due is not None))

    def recipients(self, audience: Audience, due: FromClause, *, only: Only | None = None) -> Select[Any]:
        """Select its doer."""
        del audience, only
        return (
            select(
                literal("person", String).label("who"),
                Person.address.label("recipient"),
                Person.name.label("recipient_name"),
                Person.id.label("person_id"),
                literal("errand", String).label("subject_kind"),
                due.c.subject_id.label("subject_id"),
                literal(None, BigInteger).label("organisation_id"),
                literal(None, OutboxMessage.__table__.c.strand.type).label("strand"),
                literal("The house", String).label("sender_name"),
                literal("", String).label("reply_to"),
                literal(0, BigInteger).label("link_version"),
                due.c.rule_id.label("rule_id"),
                due.c.stamp.label("stamp"),
            )
            .select_from(due)
            .join(Person, Person.name == DOER)
        )


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def errands(session: Session, cast: Cast) -> Errands:
    """The plug, with Alice to do it and a rule that repeats weekly from the due date."""
    plug = Errands()
    weekly = Wish(anchor=Anchor.DUE, offset=0, repeat_days=7)
    add(session, Thing(plug, ERRAND, cast.liverpool.id), weekly, actor=Actor(), now=LONG_AGO)
    session.commit()
    return plug


def letters(session: Session) -> list[OutboxMessage]:
    """What stands in the outbox, as it was queued."""
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_weekly_while_overdue_and_no_more_when_done(session: Session, errands: Errands) -> None:
    at = [SOON - timedelta(minutes=1), SOON, SOON + timedelta(days=3), SOON + WEEK, SOON + 2 * WEEK]
    assert [queue_due(session, [errands], now=now) for now in at] == [0, 1, 0, 1, 1]
    assert len({row.dedup_key for row in letters(session)}) == 3
    errands.due = None
    assert queue_due(session, [errands], now=SOON + 3 * WEEK) == 0


def test_after_an_outage_one_letter_goes_and_not_one_for_every_week(session: Session, errands: Errands) -> None:
    assert queue_due(session, [errands], now=SOON + 5 * WEEK + timedelta(hours=1)) == 1
    assert letters(session)[0].valid_until == SOON + 6 * WEEK - timedelta(hours=1)  # the clocks went forward in March


def test_it_goes_on_for_as_long_as_it_is_late(session: Session, errands: Errands) -> None:
    sent = [queue_due(session, [errands], now=SOON + number * WEEK + HOUR) for number in range(160)]
    assert sent == [1] * 160
    [last] = letters(session)[-1:]
    later = SOON + 159 * WEEK + HOUR
    assert still_wanted(session, [last], now=later, subject=errands) == [last.id]
    errands.due = None
    assert still_wanted(session, [last], now=later, subject=errands) == []
    assert queue_due(session, [errands], now=SOON + 160 * WEEK + HOUR) == 0


def test_moved_due_date_reminds_anew_and_its_old_letter_is_not_wanted(session: Session, errands: Errands) -> None:
    queue_due(session, [errands], now=SOON)
    [row] = letters(session)
    assert still_wanted(session, [row], now=SOON, subject=errands) == [row.id]
    errands.due = SOON + WEEK
    assert still_wanted(session, [row], now=SOON, subject=errands) == []
    assert queue_due(session, [errands], now=SOON) == 0
    assert queue_due(session, [errands], now=SOON + WEEK) == 1


def test_whoever_is_no_more_the_doer_is_not_written_to(session: Session, cast: Cast, errands: Errands) -> None:
    queue_due(session, [errands], now=SOON)
    [row] = letters(session)
    cast.alice.name = "Alice Married"
    session.flush()
    assert still_wanted(session, [row], now=SOON, subject=errands) == []
    assert row.state is OutboxState.PENDING
