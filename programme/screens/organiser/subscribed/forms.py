"""What an organiser is asked about a calendar to follow: where it is, for whom, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from wtforms import SelectChoice, StringField, ValidationError
from wtforms.validators import Length

from programme.core.fetching.targets import LONGEST, target_of
from programme.core.refusal import Refusal
from programme.core.web.forms import Form, strip
from programme.engines.calendar.forms.choices import Asked, Choice, Radios
from programme.engines.calendar.models import Series
from programme.flows.following.proposing import Wanted
from programme.people.models import Organisation
from programme.people.permissions import may_create_for
from programme.people.roles import STRAND_WORDS
from programme.people.states import Strand
from programme.screens.organiser.imports.forms import first_strand

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session
    from wtforms import Field

    from programme.people.permissions import Actor

HOURS = {1: "Every hour", 3: "Every three hours", 6: "Every six hours", 24: "Once a day"}
USUAL_HOURS = 3
LONGEST_TITLE = 200
MOST_SERIES = 300
OUR_OWN = "This is a calendar of this very site: its events are here already."


class AddressForm(Form):
    """A calendar on the web, and how it is followed."""

    url = StringField(
        "Address of the calendar",
        description="As its page offers it for calendar programs: it often begins with webcal:// or ends in .ics.",
        filters=[strip],
        validators=[Asked("Enter the address of the calendar."), Length(max=LONGEST)],
        render_kw={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"},
    )
    title = StringField(
        "What you call it",
        description="For organisers only.",
        filters=[strip],
        validators=[Asked("Give it a name."), Length(max=LONGEST_TITLE)],
    )
    organisation = Choice("Who runs these events", coerce=int)
    strand = Choice("Strand", choices=[SelectChoice(strand.value, words) for strand, words in STRAND_WORDS.items()])
    series = Choice("Series", coerce=int, is_optional=True, description="Its new events go into it.")
    publish = Radios(
        "What is new there",
        choices=[SelectChoice("no", "Stays a draft until you publish it"), SelectChoice("yes", "Is published at once")],
        default="no",
    )
    hours = Choice("Looked at", coerce=int, choices=[SelectChoice(hours, words) for hours, words in HOURS.items()])

    def __init__(
        self, typed: Any = None, *, actor: Actor, allowed: Collection[str], own_host: str, **rest: Any
    ) -> None:
        super().__init__(typed, **rest)
        self.actor, self.allowed, self.own_host = actor, allowed, own_host
        self.series_known: dict[int, tuple[int, str]] = {}

    def validate_url(self, field: Field) -> None:
        """Refuse what is never fetched, and ourselves."""
        try:
            target = target_of(field.data, allowed=self.allowed)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from None
        if target.host == self.own_host and not target.is_allowed:
            raise ValidationError(OUR_OWN)

    def validate_strand(self, field: Field) -> None:
        """Refuse a strand that is somebody else's."""
        is_one = field.data in set(Strand) and isinstance(self.organisation.data, int)
        if is_one and not may_create_for(self.actor, self.organisation.data, Strand(field.data)):
            raise ValidationError("You do not organise this strand there. Choose another.")

    def validate_series(self, field: Field) -> None:
        """Refuse a series of another organisation or strand than the events."""
        wanted = (self.organisation.data, self.strand.data)
        if field.data and self.series_known.get(field.data, wanted) != wanted:
            raise ValidationError("This series belongs to another organisation or strand. Choose another, or none.")

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        return Wanted(
            url=target_of(self.url.data, allowed=self.allowed).url,
            title=self.title.data,
            organisation_id=self.organisation.data,
            strand=Strand(self.strand.data),
            series_id=self.series.data or None,
            publishes=self.publish.data == "yes",
            every_hours=self.hours.data,
        )


def address_form(
    session: Session, actor: Actor, typed: Any = None, *, allowed: Collection[str], own_host: str
) -> AddressForm:
    """Return the form with what `actor` organises: organisations, strands, and the latest series."""
    usual = {"strand": first_strand(actor), "hours": USUAL_HOURS, "series": 0}
    form = AddressForm(typed, actor=actor, allowed=allowed, own_host=own_host, data=usual)
    rows = session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.position))
    form.organisation.choices = [
        SelectChoice(row.id, row.name)
        for row in rows
        if any(may_create_for(actor, row.id, strand) for strand in Strand)
    ]
    latest = select(Series).where(Series.lead_organisation_id.in_(actor.organises_for))
    found = session.scalars(latest.order_by(Series.id.desc()).limit(MOST_SERIES))
    mine = [row for row in found if may_create_for(actor, row.lead_organisation_id, row.strand)]
    form.series.choices = [SelectChoice(0, "None"), *(SelectChoice(row.id, row.title) for row in mine)]
    form.series_known = {row.id: (row.lead_organisation_id, row.strand.value) for row in mine}
    return form
