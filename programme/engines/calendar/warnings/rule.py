"""What stands between two events: one room, one speaker, one group, or a way that is too long. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.calendar.clashes.rule import Kind as ClashKind
from programme.engines.calendar.clashes.rule import clash_between
from programme.engines.calendar.times import london_day
from programme.engines.calendar.warnings.values import ORDER, Kind, Scheduled, Warned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from programme.engines.calendar.clashes.rule import Clash
    from programme.engines.calendar.clashes.ways import Ways


def between(event: Scheduled, others: Iterable[Scheduled], ways: Ways) -> list[Warned]:
    """Return what there is to think about beside other events, what is worst first, then in the order of time."""
    found = [warned for other in others for warned in beside(event, other, ways)]
    return sorted(found, key=order)


def order(warned: Warned) -> tuple[int, str, int, str]:
    """Return what warnings are sorted by."""
    other = warned.other.stay if warned.other else None
    when = str(warned.day or (other.starts_at if other else ""))
    return ORDER.index(warned.kind), when, other.event_id if other else 0, warned.name


def beside(event: Scheduled, other: Scheduled, ways: Ways) -> Iterator[Warned]:
    """Say what there is to think about beside one other event; an event and its parts are one."""
    clash = clash_between(event.stay, other.stay, ways)
    if clash is None:
        return
    overlaps = clash.kind is not ClashKind.TRAVEL
    if overlaps and is_one_room(event, other):
        yield Warned(kind=Kind.ROOM, event=event, other=other, clash=clash)
    if not other.is_seen:
        return
    for speaker in event.speakers:
        if any(speaker.is_same(one) for one in other.speakers):
            yield Warned(kind=Kind.SPEAKER, event=event, other=other, clash=clash, name=speaker.name)
    if overlaps and event.asked.shares_a_group_with(other.asked):
        yield Warned(kind=Kind.GROUP, event=event, other=other, clash=clash)
    if clash.kind is ClashKind.TRAVEL and is_one_day(event, other) and is_one_whole(event, other):
        yield Warned(kind=Kind.WAY, event=event, other=other, clash=clash)


def with_people(event: Scheduled, others: Iterable[Scheduled], counts: Mapping[int, int], ways: Ways) -> list[Warned]:
    """Return with which events clash what people have who have a place here, too: so many each, by the event's id."""
    found = [(other, clash_between(event.stay, other.stay, ways)) for other in others]
    told = [warning_of(event, other, clash, counts) for other, clash in found if clash is not None]
    return sorted((warned for warned in told if warned.count), key=order)


def warning_of(event: Scheduled, other: Scheduled, clash: Clash, counts: Mapping[int, int]) -> Warned:
    """Return that so many people have a place at both."""
    return Warned(kind=Kind.PEOPLE, event=event, other=other, clash=clash, count=counts.get(other.stay.event_id, 0))


def is_one_room(one: Scheduled, other: Scheduled) -> bool:
    """Whether both are in one room: the same words of one venue. A venue alone holds many events at once."""
    same_venue = one.stay.venue_id is not None and one.stay.venue_id == other.stay.venue_id
    return same_venue and bool(one.room) and one.room.casefold() == other.room.casefold()


def is_one_day(one: Scheduled, other: Scheduled) -> bool:
    """Whether both begin on one day in London."""
    return london_day(one.stay.starts_at) == london_day(other.stay.starts_at)


def is_one_whole(one: Scheduled, other: Scheduled) -> bool:
    """Whether both are parts of one event, or of one series: whoever comes to one comes to both, unless to choose."""
    if one.asked.is_alternative_to(other.asked):
        return False
    same_whole = one.stay.part_of_id is not None and one.stay.part_of_id == other.stay.part_of_id
    return same_whole or (one.series_id is not None and one.series_id == other.series_id)
