"""What there is to think about in a cohort's year, in words with the next step; statements do not grow with events."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.core.web.words import long_date, plural
from programme.engines.calendar.sight import event_scope
from programme.engines.calendar.travel.queries import ways
from programme.engines.calendar.warnings.values import Kind
from programme.flows.clashing.words import way_out
from programme.flows.warning.finding import lies_ahead_or_is_draft, of_events, put_aside
from programme.flows.warning.reading import scheduled
from programme.flows.warning.words import thought_of
from programme.people.permissions import Verb, may
from programme.strands.cohorts.planning.thinking import between_events, is_put_aside, on_due_days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.calendar.warnings.values import Warned
    from programme.people.permissions import Actor
    from programme.strands.cohorts.planning.queries import DueCount
    from programme.strands.cohorts.planning.thinking import DueDay

BETWEEN = frozenset({Kind.GROUP, Kind.WAY})
OF_ONE_UNIVERSITY = frozenset({Kind.CLOSURE, Kind.ASSESSMENT, Kind.VACATION})
HEADS = {Kind.GROUP: "At the same time", Kind.WAY: "Too close for the way"}
NEXT_STEPS = {
    Kind.ROOM: "Take another room, or another time.",
    Kind.SPEAKER: "Ask the speaker, or move one of the two.",
    Kind.PEOPLE: "Ask whoever has a place at both.",
    Kind.GROUP: "Move one of the two.",
    Kind.WAY: "Let the second begin later, or let people join it online.",
    Kind.CLOSURE: "Move it, or ask whether the building opens for it.",
    Kind.HOLIDAY: "Move it to another day: one university rests, and the other may teach.",
    Kind.ASSESSMENT: "Ask early for rooms, and for those who examine.",
    Kind.VACATION: "Ask whether rooms are open and supervisors are there.",
    Kind.CLOCKS: "Write both times out in what you send.",
    Kind.NIGHT: "Look at the times again.",
}
OUT_OF_TERM = "Out of term"
DUE_STEP = "Move the event, or agree that they hand in the day before."


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to think about: `kind` is its colour, `step` what to do next, `path` and `title` the other event's.

    `vacation_of` names the university where it is that a day lies out of term: that is told once of a week.
    """

    kind: str
    head: str
    sentence: str
    step: str
    title: str = ""
    path: str = ""
    vacation_of: str = ""


def concerns(
    session: Session,
    events: Sequence[Event],
    due: Iterable[DueCount],
    *,
    universities: Collection[str],
    actor: Actor,
    now: datetime,
) -> dict[int, list[Concern]]:
    """Return what to think about of events of one cohort that lie ahead, by their ids, what matters most first.

    `universities` are the names of those whose days count; what was put aside on an event's page is not told.
    """
    ahead = [event for event in events if lies_ahead_or_is_draft(event, now)]
    ids, asked = {event.id for event in ahead}, [scheduled(event) for event in ahead]
    marks, found = put_aside(session, ids), defaultdict[int, list[Concern]](list)
    for warned in between_events(asked, ways(session)):
        if not is_put_aside(warned, marks):
            found[warned.event.stay.event_id].append(concern_of(warned))
    for number, several in of_events(session, ahead, actor=actor, now=now).items():
        found[number] += [concern_of(one) for one in several if concerns_cohort(one, ids, universities)]
    for day in on_due_days(asked, key_days(due)):
        found[day.event_id].append(due_concern(day))
    return dict(found)


def concerns_cohort(warned: Warned, ids: Collection[int], universities: Collection[str]) -> bool:
    """Whether a warning is still to be told: not what was said of two events of the cohort, nor of others' terms."""
    if warned.kind in BETWEEN:
        return warned.other is None or warned.other.stay.event_id not in ids
    name = warned.name.partition(":")[0]
    return warned.kind not in OF_ONE_UNIVERSITY or name in universities


def key_days(due: Iterable[DueCount]) -> dict[date, dict[str, int]]:
    """Return how many have which key milestone still to reach, by day."""
    found: dict[date, dict[str, int]] = {}
    for one in due:
        if one.is_key and one.people > one.done:
            found.setdefault(one.day, {})[one.title] = one.people - one.done
    return found


def concern_of(warned: Warned) -> Concern:
    """Return a warning in words, with what to do about it."""
    thought = thought_of(warned)
    out = way_out(warned.clash) if warned.clash else ""
    return Concern(
        kind=thought.kind,
        head=HEADS.get(warned.kind, thought.head),
        sentence=" ".join(filter(None, [thought.sentence, out])),
        step=NEXT_STEPS[warned.kind],
        title=thought.title,
        path=thought.path,
        vacation_of=warned.name if warned.kind is Kind.VACATION else "",
    )


def of_week(several: Iterable[Sequence[Concern]]) -> list[Concern]:
    """Return what is told once of a week, from what its events are warned of: how many lie in whose vacation."""
    counts = Counter(one.vacation_of for found in several for one in found if one.vacation_of)
    return [
        Concern(
            kind="",
            head=OUT_OF_TERM,
            sentence=f"{plural(count, 'event lies', 'events lie')} in the vacation of {name}.",
            step=NEXT_STEPS[Kind.VACATION],
            vacation_of=name,
        )
        for name, count in counts.items()
    ]


def of_event(found: Iterable[Concern]) -> list[Concern]:
    """Return what is told of an event itself."""
    return [one for one in found if not one.vacation_of]


def due_concern(day: DueDay) -> Concern:
    """Say that a key milestone is due on the day of an event."""
    who = plural(day.count, "researcher has", "researchers have")
    sentence = f"{who} {day.title} due on {long_date(day.day)}."
    return Concern(kind="wait", head="A milestone is due", sentence=sentence, step=DUE_STEP)


def page_of(event: Event, actor: Actor) -> str:
    """Return where an event is looked after by whoever may do so, else where everybody reads it."""
    if may(actor, Verb.EDIT, event_scope(event)):
        return f"/organise/events/{event.id}"
    return f"/events/{slug(event.title if event.title_is_known else '', event.id)}"
