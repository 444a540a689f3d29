"""The form of leaving a series: from which date on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice

from programme.core.web.forms import Form
from programme.core.web.words import long_date
from programme.engines.calendar.forms.choices import Radios

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class DepartureForm(Form):
    """The first date that somebody does not come to any more."""

    event = Radios("The first date you do not come to", coerce=int)


def departure_form(dates: Sequence[Mapping[str, Any]], typed: Any = None) -> DepartureForm:
    """Return the form with the dates that somebody still comes to."""
    form = DepartureForm(typed)
    coming = [date for date in dates if date["may_skip"]]
    form.event.choices = [
        SelectChoice(date["event_id"], label_of(date), {"hint": "Every date that is left."} if first else {})
        for date, first in zip(coming, [True, *(False for _ in coming)], strict=False)
    ]
    return form


def label_of(date: Mapping[str, Any]) -> str:
    """Return one date as a choice."""
    return f"{long_date(date['starts']) if date['is_known'] else 'Date to be announced'}: {date['title']}"
