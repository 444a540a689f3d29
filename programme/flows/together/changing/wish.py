"""What is to be another about many events, what each of them would be, and which of them differ from the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from programme.core.web.words import WEEKDAYS
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.actions.values import Details, Plan, plan_of
from programme.engines.calendar.repeating.moving import Shift, shifted
from programme.engines.calendar.times import to_wall

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from programme.engines.calendar.models import Event


AS_IT_IS = Shift()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be another; empty is nothing. Who cancels changes nothing else."""

    shift: Shift = AS_IT_IS
    place: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    cancels: bool = False
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return self.shift.is_none and not self.place and not self.details and not self.cancels


def plan_after(event: Event, wish: Wish) -> Plan:
    """Return when and where an event would be."""
    plan = plan_of(event)
    if wish.cancels:
        return plan
    starts_at, ends_at = shifted(plan.starts_at, plan.ends_at, wish.shift)
    return replace(plan, starts_at=starts_at, ends_at=ends_at, **wish.place)


def details_after(event: Event, wish: Wish) -> Details:
    """Return everything else that an event would say."""
    return details_of(event) if wish.cancels else replace(details_of(event), **wish.details)


def facts_of(event: Event, wish: Wish) -> dict[str, Any]:
    """Return what an event says now of all that is to be another, so that it can be compared with the others."""
    if wish.cancels:
        return {}
    starts, ends, details = to_wall(event.starts_at), to_wall(event.ends_at), details_of(event)
    found: dict[str, Any] = {name: getattr(event, name) for name in wish.place}
    found |= {name: getattr(details, name) for name in wish.details}
    if wish.shift.begins or wish.shift.ends:
        found["time"] = (starts.time(), ends.time())
    if wish.shift.weekday is not None:
        found["weekday"] = starts.weekday()
    return found


def common_of(events: Iterable[Event], wish: Wish) -> dict[str, Any]:
    """Return what most of the events say of each; where two are as frequent, the one that came first."""
    every = [facts_of(event, wish) for event in events]
    names = every[0].keys() if every else ()
    return {name: Counter(facts[name] for facts in every).most_common(1)[0][0] for name in names}


def differences(event: Event, common: Mapping[str, Any], wish: Wish) -> list[str]:
    """Say in what an event was set apart from the rest."""
    facts = facts_of(event, wish)
    return [words_of(name, facts[name]) for name in facts if facts[name] != common[name]]


OTHERS = {
    "venue_id": "Its venue is not that of the others",
    "room": "Its room is not that of the others",
    "is_online": "It is online otherwise than the others",
    "online_link": "Its link is not that of the others",
    "description": "Its description is not that of the others",
    "contributions": "Its people are not those of the others",
}


def words_of(name: str, value: Any) -> str:
    """Say one difference."""
    if name == "time":
        return f"At {value[0]:%H:%M} to {value[1]:%H:%M}, unlike the others"
    return f"On a {WEEKDAYS[value]}, unlike the others" if name == "weekday" else OTHERS[name]
