"""The story that queues letters about single weeks of a series."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.flows.series import skipping
from programme.people.identity import actor_of

if TYPE_CHECKING:
    from tests.factories.desk import Desk


def changed(desk: Desk) -> None:
    """Whoever has a place in a series skips a date, another takes one back, a third leaves; one who waits is lent."""
    later = [desk.event() for _ in range(3)]
    for number, event in enumerate(later):
        event.starts_at += timedelta(days=7 * number)
        event.ends_at += timedelta(days=7 * number)
    opening, alice, _ = desk.taken(events=later)
    skipping.skip_week(desk.session, alice.id, later[1].id, now=desk.now)
    opening, bob = desk.opening(*later), actor_of(desk.cast.bob)
    own = desk.enter(opening, actor=bob)
    skipping.skip_week(desk.session, own.id, later[1].id, now=desk.now - timedelta(hours=1))
    skipping.take_week_back(desk.session, own.id, later[1].id, now=desk.now)
    leaver = desk.enter(desk.opening(*later), actor=bob)
    skipping.leave_series(desk.session, leaver.id, later[2].id, now=desk.now)
