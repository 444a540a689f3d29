"""The forms of a series, and of copying events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice

from programme.core.web.forms import Form, line, mail_address, paragraph
from programme.engines.calendar.actions.series import SeriesDetails
from programme.engines.calendar.forms.choices import Checks, Choice, Radios, id_or_none, web_address
from programme.engines.calendar.forms.events import STRANDS, VISIBILITIES
from programme.engines.calendar.forms.instants import DayField, InstantField
from programme.engines.calendar.states import MaterialReach, Visibility
from programme.people.states import Strand

if TYPE_CHECKING:
    from programme.engines.calendar.models import Series


class SeriesForm(Form):
    """Everything about a series."""

    title = line("Title", longest=500, ask="Enter a title.")
    description = paragraph("Description", rows=5)
    lead = Choice("Led by", coerce=id_or_none)
    strand = Radios("Strand", choices=STRANDS, default=Strand.EXCHANGE.value)
    visibility = Radios("Who may see it", choices=VISIBILITIES, default=Visibility.PUBLIC.value)
    contact_name = line("Contact")
    contact_address = mail_address("E-mail of the contact", hint="Replies to letters go there.", ask="")

    def details(self) -> SeriesDetails:
        """Return what was typed."""
        return SeriesDetails(
            title=self.title.data,
            strand=Strand(self.strand.data),
            description=self.description.data or "",
            visibility=Visibility(self.visibility.data),
            contact_name=self.contact_name.data or "",
            contact_address=self.contact_address.data or "",
        )


def series_data(series: Series) -> dict[str, Any]:
    """Return what the form is filled with from a series."""
    names = ("title", "description", "contact_name", "contact_address")
    return {
        **{name: getattr(series, name) for name in names},
        "lead": series.lead_organisation_id,
        "strand": series.strand.value,
        "visibility": series.visibility.value,
    }


class CopyForm(Form):
    """One event again, at another start."""

    starts = InstantField("The copy starts", ask="Enter the day and the time at which the copy starts.")


class CopySeriesForm(Form):
    """A year's events of a series again, from another first day on."""

    year = Choice("Copy the academic year", coerce=id_or_none)
    first_day = DayField("The first one falls on", ask="Enter the day on which the first copy falls.")


class MaterialForm(Form):
    """Something to read afterwards."""

    title = line("What it is", ask="Say what it is, for example “Slides”.")
    url = web_address("Link", ask="Enter its web address.")
    reach = Radios(
        "Who may open it",
        choices=[
            SelectChoice(MaterialReach.ALL.value, "Everybody"),
            SelectChoice(MaterialReach.CAME.value, "Those who came"),
        ],
        default=MaterialReach.ALL.value,
    )


class SharingForm(Form):
    """Which organisations share a thing with its lead."""

    organisations = Checks("Shared with", coerce=int)
