"""Rules of an event's reminders: the usual one, changed, removed for good."""

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.reminders import actions
from programme.engines.reminders.models import OffsetUnit
from programme.engines.reminders.queries import rules_of
from tests.bed.clock import START

EVENT = 7


def offsets(session: Session) -> list[tuple[int, OffsetUnit]]:
    """The offsets of the event's active rules."""
    return [(rule.offset, rule.unit) for rule in rules_of(session, "event", EVENT)]


def test_event_gets_the_usual_reminder_once(session: Session) -> None:
    assert actions.ensure_default_rule(session, EVENT, START) is not None
    assert actions.ensure_default_rule(session, EVENT, START) is None
    assert offsets(session) == [(-1, OffsetUnit.DAYS)]


def test_removed_reminder_does_not_come_back_by_itself(session: Session) -> None:
    rule = actions.ensure_default_rule(session, EVENT, START)
    assert rule is not None
    actions.remove(session, rule)
    assert actions.ensure_default_rule(session, EVENT, START) is None
    assert offsets(session) == []


def test_reminder_is_changed_and_another_added(session: Session) -> None:
    rule = actions.ensure_default_rule(session, EVENT, START)
    assert rule is not None
    actions.change(session, rule, amount=2, unit=OffsetUnit.DAYS, now=START)
    actions.add(session, EVENT, amount=3, unit=OffsetUnit.HOURS, now=START)
    assert offsets(session) == [(-2, OffsetUnit.DAYS), (-3, OffsetUnit.HOURS)]


def test_wrong_or_doubled_reminders_are_refused(session: Session) -> None:
    actions.ensure_default_rule(session, EVENT, START)
    with pytest.raises(Refusal, match="before the event"):
        actions.add(session, EVENT, amount=0, unit=OffsetUnit.DAYS, now=START)
    with pytest.raises(Refusal, match="already"):
        actions.add(session, EVENT, amount=1, unit=OffsetUnit.DAYS, now=START)
    for amount in range(2, 6):
        actions.add(session, EVENT, amount=amount, unit=OffsetUnit.DAYS, now=START)
    with pytest.raises(Refusal, match="at most"):
        actions.add(session, EVENT, amount=6, unit=OffsetUnit.DAYS, now=START)
