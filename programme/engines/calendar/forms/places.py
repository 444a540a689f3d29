"""The forms of term dates and of venues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice, StringField, ValidationError

from programme.core.web.forms import Form, line, paragraph, strip
from programme.engines.calendar import naming
from programme.engines.calendar.actions.venues import VenueDetails
from programme.engines.calendar.forms.choices import Choice, Radios, id_or_none, whole_number
from programme.engines.calendar.forms.instants import DayField
from programme.engines.calendar.states import ACCESS_FACTS, PeriodKind, PeriodStatus
from programme.engines.calendar.term_weeks.periods import MOST_WEEKS, PeriodDetails
from programme.people.states import End

if TYPE_CHECKING:
    from wtforms import Field

    from programme.engines.calendar.models import AcademicPeriod, Venue

KINDS = [
    SelectChoice(PeriodKind.TEACHING.value, "Teaching weeks"),
    SelectChoice(PeriodKind.ASSESSMENT.value, "Assessment"),
    SelectChoice(PeriodKind.VACATION.value, "Vacation"),
    SelectChoice(PeriodKind.CLOSURE.value, "Closure"),
]
STATUSES = [
    SelectChoice(PeriodStatus.CONFIRMED.value, "Confirmed"),
    SelectChoice(PeriodStatus.PROVISIONAL.value, "Provisional"),
    SelectChoice(PeriodStatus.PLACEHOLDER.value, "A guess: pages say “dates not confirmed”"),
]
SITES = [SelectChoice("", "None"), *(SelectChoice(code, name) for code, name in naming.SITES.items())]
ENDS = [
    SelectChoice("", "None"),
    SelectChoice(End.LIVERPOOL.value, "Liverpool"),
    SelectChoice(End.OXFORD.value, "Oxford"),
    SelectChoice(End.BETWEEN.value, "Between the two"),
]
FULL_CIRCLE = 360
ACCESS_LABELS = {
    "gate": ("At the gate", "Who is let in, with what papers."),
    "implants": ("Pacemakers and implants", "For example near strong magnets."),
    "step_free": ("Step-free", "The way in without steps, and lifts."),
    "hearing": ("Hearing", "Loops, captions, interpreters."),
    "toilets": ("Toilets", "Accessible and gender-neutral ones."),
    "quiet_room": ("Quiet room", ""),
    "walking": ("Walking", "How far, and over what ground."),
    "parking": ("Parking", "Spaces, and how to book one."),
    "photographs": ("Photographs", "Whether they may be taken."),
}


class PeriodForm(Form):
    """One stretch of an academic year."""

    organisation = Choice("University", coerce=id_or_none)
    kind = Choice("What it is", choices=KINDS)
    label = line("Name", hint="For example “Semester 1”.", ask="Enter its name, like “Semester 1”.", longest=60)
    code = line("Code", hint="For tight places: S1, MT26.", ask="Enter a code, like S1.", longest=20)
    first_day = DayField("First day of week 1", ask="Enter the first day of week 1.")
    weeks = whole_number("Weeks", least=1, most=MOST_WEEKS)
    first_number = whole_number(
        "Number of the first week",
        least=1,
        most=MOST_WEEKS,
        hint="1, unless the numbers go on after a break.",
    )
    status = Radios("How sure are the dates", choices=STATUSES, default=PeriodStatus.PROVISIONAL.value)

    def validate_weeks(self, field: Field) -> None:
        """Ask for the number."""
        if field.data is None and not field.errors:
            raise ValidationError(f"Enter the number of weeks, from 1 to {MOST_WEEKS}.")

    def details(self) -> PeriodDetails:
        """Return what was typed in a form that is valid."""
        day, weeks = self.first_day.day, self.weeks.data
        if day is None or weeks is None:
            message = "details are made of a form that was validated"
            raise ValueError(message)
        return PeriodDetails(
            kind=PeriodKind(self.kind.data),
            label=self.label.data,
            code=self.code.data,
            first_day=day,
            weeks=weeks,
            first_number=self.first_number.data or 1,
            status=PeriodStatus(self.status.data),
        )


def period_data(period: AcademicPeriod) -> dict[str, Any]:
    """Return what the form is filled with."""
    names = ("label", "code", "weeks", "first_number")
    return {
        **{name: getattr(period, name) for name in names},
        "organisation": period.organisation_id,
        "kind": period.kind.value,
        "status": period.status.value,
        "first_day": period.first_day.isoformat(),
    }


class TableForm(Form):
    """Term dates as a pasted table."""

    organisation = Choice("University", coerce=id_or_none)
    table = paragraph(
        "Paste the table",
        hint="Seven columns: kind, name, code, first day, weeks, number of the first week, status.",
        ask="Paste the rows of a table.",
        rows=6,
    )


class VenueForm(Form):
    """A place and the way in."""

    name = line("Name", ask="Enter the name of the place.")
    site = Choice("Site", choices=SITES, is_optional=True)
    end = Choice("End of the corridor", choices=ENDS, is_optional=True)
    address = paragraph("Address", longest=500, rows=3)
    postcode = line("Postcode", longest=12)
    latitude = StringField("Latitude", description="For example 53.4060.", filters=[strip])
    longitude = StringField("Longitude", description="For example -2.9660.", filters=[strip])

    def validate_latitude(self, field: Field) -> None:
        """Refuse what is not on the globe, and half a position."""
        check_degrees(field, most=90)
        if bool(self.latitude.data) is not bool(self.longitude.data):
            raise ValidationError("Enter both latitude and longitude, or neither.")

    def validate_longitude(self, field: Field) -> None:
        """Refuse what is not on the globe."""
        check_degrees(field, most=180)

    @property
    def access_fields(self) -> list[Any]:
        """Return the fields of the access facts in their fixed order."""
        return [self[f"access_{key}"] for key in ACCESS_FACTS]

    def details(self) -> VenueDetails:
        """Return what was typed."""
        told = {key: self[f"access_{key}"].data or "" for key in ACCESS_FACTS}
        return VenueDetails(
            name=self.name.data,
            site=self.site.data or "",
            end=End(self.end.data) if self.end.data else None,
            address=self.address.data or "",
            postcode=self.postcode.data or "",
            latitude=degrees_in(self.latitude.data or ""),
            longitude=degrees_in(self.longitude.data or ""),
            access={key: text for key, text in told.items() if text},
        )


for _key, (_label, _hint) in ACCESS_LABELS.items():
    setattr(VenueForm, f"access_{_key}", line(_label, hint=_hint, longest=300))


def check_degrees(field: Field, *, most: int) -> None:
    """Refuse what is no number of degrees."""
    degrees = degrees_in(field.data or "")
    if field.data and (degrees is None or abs(degrees) > most):
        raise ValidationError(f"Enter degrees from -{most} to {most}, like 53.4060.")


def degrees_in(text: str) -> float | None:
    """Read degrees; a true minus sign counts as one."""
    try:
        found = float(text.replace("\N{MINUS SIGN}", "-")) if text else None
    except ValueError:
        return None
    return found if found is not None and abs(found) <= FULL_CIRCLE else None


def venue_data(venue: Venue) -> dict[str, Any]:
    """Return what the form is filled with."""
    return {
        **{name: getattr(venue, name) for name in ("name", "site", "address", "postcode")},
        "end": venue.end.value if venue.end else "",
        "latitude": "" if venue.latitude is None else f"{venue.latitude:.4f}",
        "longitude": "" if venue.longitude is None else f"{venue.longitude:.4f}",
        **{f"access_{key}": venue.access.get(key, "") for key in ACCESS_FACTS},
    }
