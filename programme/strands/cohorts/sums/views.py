"""The sums of doctoral cohorts: how many, where they stand, how they get on. No name, and no number under 10."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template

from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, sum_readers
from programme.strands.cohorts.sums import queries
from programme.strands.cohorts.sums.hiding import FEWEST_TOLD, is_told, number_told, told
from programme.strands.cohorts.training.summing import year_from, year_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.training.summing import Year

blueprint = Blueprint("cohort_sums", __name__, url_prefix="/organise/cohorts/sums")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, where it may be told."""

    part: int
    whole: int
    is_told: bool

    @property
    def per_cent(self) -> int:
        """How many of a hundred."""
        return round(100 * self.part / self.whole) if self.whole else 0


@blueprint.get("")
@sum_readers
def page() -> Any:
    """Show the sums of every award that the reader may know them of."""
    return render_template("cohorts/talent/cohorts.html", **gathered(database_session(), actor()))


def gathered(session: Session, who: Actor) -> dict[str, Any]:
    """Return what the page shows; of fewer than ten people nothing but that."""
    states = queries.by_state(session, who)
    people = sum(states.values())
    first = {"people": number_told(people), "is_empty": people == 0, "is_few": people < FEWEST_TOLD}
    if first["is_few"]:
        return first
    tables = {
        "By year of entry": ("Academic year", told(queries.by_year(session, who))),
        "By university": ("University", told(queries.by_home(session, who))),
        "Where they stand": ("Status", told(states)),
    }
    on_time = queries.on_time(session, who)
    reached = Share(
        on_time.by_their_day,
        on_time.by_their_day + on_time.later,
        on_time.people >= FEWEST_TOLD and is_told(on_time.by_their_day, on_time.later),
    )
    year = year_from(year_of(london_day(g.now)).first.year - 1)
    return {**first, "tables": tables, "on_time": reached, "year": year.name, "trained": trained(session, who, year)}


def trained(session: Session, who: Actor, year: Year) -> Share:
    """Return how many of those under way had as much training in a year as their award asks for."""
    found = queries.trained(session, who, year)
    return Share(found.reached, found.people, is_told(found.reached, found.people - found.reached))
