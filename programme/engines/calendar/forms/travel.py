"""The form of travel times: two numbers a way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import HiddenField, ValidationError
from wtforms.validators import NumberRange

from programme.core.web.forms import Form, needed
from programme.engines.calendar.forms.choices import WholeNumber
from programme.engines.calendar.naming import SITES
from programme.engines.calendar.travel.actions import Minutes
from programme.engines.calendar.travel.queries import mark_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wtforms import Field

    from programme.engines.calendar.data.known_travel import KnownWay
    from programme.engines.calendar.travel.queries import Line

DAY = 24 * 60
ASK = f"Enter minutes, from 0 to {DAY:,}."


class TravelForm(Form):
    """How long each way takes. `seen` is a mark of the times that the form was made from."""

    seen = HiddenField()

    def minutes(self, lines: Sequence[Line]) -> dict[str, Minutes]:
        """Return what was typed in a form that is valid."""
        return {
            line.key: Minutes(*(self[f"{name}_{line.key}"].data for name in ("least", "planned"))) for line in lines
        }


def travel_form(lines: Sequence[Line], sent: Mapping[str, Any] | None = None) -> TravelForm:
    """Return the form with a pair of numbers for each way: as it was sent, or filled in with what is in force."""
    names: dict[str, Any] = {}
    for line in lines:
        words = words_of(line.known)
        names[f"least_{line.key}"] = number(f"{words}: at the least, in minutes")
        names[f"planned_{line.key}"] = number(f"{words}: planned, in minutes")
        names[f"validate_planned_{line.key}"] = at_least(f"least_{line.key}")
    made = type("TravelForm", (TravelForm,), names)
    known = {f"{name}_{line.key}": getattr(line, name) for line in lines for name in ("least", "planned")}
    form: TravelForm = made(sent, data={**known, "seen": mark_of(lines)})
    return form


def number(label: str) -> WholeNumber:
    """Return a field for minutes."""
    bounds = NumberRange(0, DAY, message=ASK)
    return WholeNumber(label, validators=[needed(ASK), bounds])


def at_least(name: str) -> Callable[[TravelForm, Field], None]:
    """Return what asks for a number that is no smaller than that of another field."""

    def check(form: TravelForm, field: Field) -> None:
        least = form[name].data
        if field.data is not None and least is not None and field.data < least:
            raise ValidationError(f"Plan no less than the {least} minutes it takes at the least.")

    return check


def words_of(way: KnownWay) -> str:
    """Say which way it is."""
    if way.site == way.other:
        return f"Within {SITES[way.site]}"
    return f"{SITES[way.site]} to {SITES[way.other]}"
