"""What a piece of training is worth, as typed: hours, parts of the framework, and whether everybody needs it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice, StringField, ValidationError

from programme.core.web.forms import Form, one_line
from programme.engines.calendar.forms.choices import Checks, Choice
from programme.strands.cohorts.states import TrainingItem
from programme.strands.cohorts.training.summing import MINUTES_AN_HOUR
from programme.strands.cohorts.training.words import ITEMS, hours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field

    from programme.strands.cohorts.models import EventTraining, TrainingEntry, TrainingFramework

MOST_CODES, MOST_HOURS = 3, 500
QUARTER = Decimal("0.25")
ASK_HOURS = "Enter how many hours it took, for example 6 or 2.5."
ODD_HOURS = f"Enter hours in quarters, from 0.25 to {MOST_HOURS}: for example 6 or 2.5."
TOO_MANY_CODES = f"Choose at most {MOST_CODES} parts: those that it was mostly about."


class HoursField(StringField):
    """Hours in quarters; its `data` is in minutes."""

    def _value(self) -> str:
        """Return what the box shows: what was typed, or the hours kept."""
        if self.raw_data:
            return str(self.raw_data[0])
        return hours(self.data) if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read hours, with a point or a comma."""
        self.data = None
        text = one_line(valuelist[0]).replace(",", ".") if valuelist else ""
        if not text:
            return
        try:
            amount = Decimal(text) if len(text) <= len("500.00") and text.isascii() else Decimal(-1)
        except InvalidOperation:
            raise ValueError(ODD_HOURS) from None
        if not amount.is_finite() or not QUARTER <= amount <= MOST_HOURS or amount % QUARTER:
            raise ValueError(ODD_HOURS)
        self.data = int(amount * MINUTES_AN_HOUR)


class WorthForm(Form):
    """How long, of which parts, and whether it is something that everybody needs."""

    hours = HoursField(
        "Hours", description="Of training, without breaks, in quarters.", render_kw={"inputmode": "decimal"}
    )
    codes = Checks("Parts of the framework", description=f"At most {MOST_CODES}.")
    item = Choice("Something that everybody needs", is_optional=True)

    def __init__(self, typed: Any = None, *, framework: TrainingFramework, **given: Any) -> None:
        super().__init__(typed, **given)
        self.hours.flags.required = True
        self.codes.choices = [SelectChoice(part.code, f"{part.code} {part.name}") for part in framework.subdomains]
        self.codes.description = f"{framework.version}, at most {MOST_CODES}."
        known = [SelectChoice(item.value, word) for item, word in ITEMS.items()]
        self.item.choices = [SelectChoice("", "Nothing of the kind"), *known]

    def validate_hours(self, field: Field) -> None:
        """Ask for the hours."""
        if field.data is None and not field.errors:
            raise ValidationError(ASK_HOURS)

    def validate_codes(self, field: Field) -> None:
        """Refuse more parts than count."""
        if len(field.data or ()) > MOST_CODES:
            raise ValidationError(TOO_MANY_CODES)

    @property
    def worth(self) -> dict[str, Any]:
        """Return minutes, codes and item of a form that is valid."""
        item = TrainingItem(self.item.data) if self.item.data else None
        return {"minutes": self.hours.data, "codes": tuple(self.codes.data or ()), "item": item}


def worth_data(row: EventTraining | TrainingEntry) -> dict[str, Any]:
    """Return what the form holds of what is kept."""
    return {"hours": row.minutes, "codes": list(row.codes), "item": row.item.value if row.item else ""}
