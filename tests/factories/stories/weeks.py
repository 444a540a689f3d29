"""The story that queues letters about single weeks of a series."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from programme.engines.calendar.repeating.moving import Shift
from programme.flows.replying.acting import give_place_back
from programme.flows.series import skipping
from programme.flows.together.changing.doing import change_together
from programme.flows.together.changing.wish import Wish
from programme.people.identity import actor_of
from tests.factories import things

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


def given_back(desk: Desk) -> None:
    """Alice's calendar declines the place that she has."""
    _, alice, _ = desk.taken()
    give_place_back(desk.session, alice.id, now=desk.now)


def moved_together(desk: Desk) -> None:
    """Two of three dates go to another time of day at once: one person has a place, one waits."""
    series = things.series(desk.session, lead=desk.cast.liverpool)
    dates = [desk.event() for _ in range(3)]
    for number, event in enumerate(dates):
        event.series_id = series.id
        event.starts_at += timedelta(days=7 * number)
        event.ends_at += timedelta(days=7 * number)
    desk.taken(events=dates)
    desk.session.flush()
    seen: dict[int, int | None] = {event.id: event.version for event in dates[:2]}
    change_together(desk.session, series, seen, Wish(Shift(begins=time(16))), **desk.by(desk.olga))
