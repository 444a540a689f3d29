"""How the demonstration tells of an event: typical things at real public places, of invented programmes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.calendar.states import Audience, Visibility

if TYPE_CHECKING:
    from datetime import time
    from typing import Any

    from programme.demo.people import Somebody
    from programme.people.states import Strand

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a form: kind, label, what the kind needs, and its rules.

    `only_if` is an earlier question's label with the answers after which this one is asked; `places` says how many may
    choose an option; `ends` are answers that end the form, with the words for whoever gave them. `needs` is what else
    the kind needs to know, by the name of its setting.
    """

    kind: str
    label: str
    hint: str = ""
    required: bool = False
    sensitive: bool = False
    options: tuple[str, ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    only_if: tuple[str, tuple[str, ...]] | None = None
    ends: tuple[tuple[str, ...], str] | None = None
    needs: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who registers: the titles of the events they choose, who comes along, and what they say by question."""

    who: Somebody
    choice: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    says: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Admission:
    """How one registers: title where it differs, places, how they are given, when it ends, the form.

    `kept_each` places are kept for each university until `kept_days` before. With `offer_hours` a place that comes free
    is offered for so long, and one comes free. `to` are the titles of the events it admits to, where that is not the
    event itself; a call admits to none. Of these each person chooses `chooses`, where it is given. `most_together` may
    come by one registration. `comers` come besides those that are `taken` from the lists of people.
    """

    capacity: int | None
    title: str = ""
    note: str = ""
    to: tuple[str, ...] = ()
    is_call: bool = False
    chooses: int | None = None
    most_together: int = 1
    waiting_list: bool = True
    by_ballot: bool = False
    by_decision: bool = False
    members_only: bool = False
    invited_only: bool = False
    section_a_page: bool = False
    closes_days: int = 0
    kept_each: int = 0
    kept_days: int = 3
    offer_hours: int | None = None
    form: tuple[Asked, ...] = ()
    taken_liverpool: int = 0
    taken_oxford: int = 0
    taken_public: int = 0
    comers: tuple[Comer, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: `weeks` after the present week (negative = past), on `weekday` at London wall time.

    `holds` is how many its room holds.
    """

    title: str
    strand: Strand
    lead: str
    weeks: int
    weekday: int
    starts: time
    minutes: int
    venue: str | None
    summary: str
    description: str
    co_owners: tuple[str, ...] = ()
    room: str = ""
    holds: int | None = None
    online: str = ""
    audience: Audience = Audience.EVERYONE
    audience_note: str = ""
    visibility: Visibility = Visibility.PUBLIC
    speakers: tuple[tuple[str, str], ...] = ()
    focus: tuple[str, ...] = ()
    price_note: str = ""
    shop_url: str = ""
    series: str = ""
    part_of: str = ""
    title_is_known: bool = True
    draft: bool = False
    admissions: tuple[Admission, ...] = ()


ACCESS = Asked(
    "access",
    "What would make the day work for you?",
    hint="Only the organisers of this event see it, to arrange it. It is deleted 30 days after the event.",
    options=("Step-free access", "Live captions", "A quiet room", "A seat near the door", "Coming with an assistant"),
)
FOOD = Asked(
    "dietary",
    "Is there food you do not eat?",
    hint="Only for the kitchen. It is deleted 30 days after the event.",
)
BOTH = Audience.BOTH_UNIVERSITIES
