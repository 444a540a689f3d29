"""The long form of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, HiddenField, SelectChoice, ValidationError

from programme.core.web.forms import LONGEST_LINE, line, mail_address, one_line, paragraph
from programme.engines.calendar.actions.values import Contributor, Details
from programme.engines.calendar.forms.choices import Checks, Choice, Radios, id_or_none, web_address, whole_number
from programme.engines.calendar.forms.plans import PlanForm, plan_data
from programme.engines.calendar.states import FOCUS_AREAS, Audience, Visibility
from programme.people.states import Strand

if TYPE_CHECKING:
    from wtforms import Field

    from programme.engines.calendar.models import Contribution, Event

LONGEST_ROLE = 40
MOST_PEOPLE = 100
STRANDS = [
    SelectChoice(Strand.COHORTS.value, "Doctoral cohorts"),
    SelectChoice(Strand.PLACEMENTS.value, "Placements"),
    SelectChoice(Strand.ENTREPRENEURSHIP.value, "Entrepreneurship"),
    SelectChoice(Strand.EXCHANGE.value, "Knowledge exchange"),
]
VISIBILITIES = [
    SelectChoice(
        Visibility.PUBLIC.value, "Everybody", {"hint": "On the public list, in public calendars and search engines."}
    ),
    SelectChoice(
        Visibility.MEMBERS.value,
        "Members of the organisations that run it",
        {"hint": "After signing in with an address of theirs."},
    ),
    SelectChoice(
        Visibility.HIDDEN.value,
        "Only those who have a place",
        {"hint": "On no list; whoever is registered sees it in their own programme."},
    ),
]
AUDIENCES = [
    SelectChoice(Audience.EVERYONE.value, "Everyone"),
    SelectChoice(Audience.BOTH_UNIVERSITIES.value, "Members of both universities"),
    SelectChoice(Audience.LEAD_UNIVERSITY.value, "Members of the university that leads it"),
    SelectChoice(Audience.INVITED.value, "People who are invited"),
]


class EventForm(PlanForm):
    """Everything about an event."""

    version = HiddenField()
    title = line("Title", longest=500, ask="Enter a title. If it is not known yet, enter the speaker or the series.")
    title_tba = BooleanField("The title is to be announced")
    summary = paragraph("Summary", hint="One or two sentences for lists.", longest=500, rows=2)
    description = paragraph("Description", hint="Leave an empty line between paragraphs.", rows=8)
    lead = Choice("Led by", coerce=id_or_none)
    strand = Radios("Strand", choices=STRANDS, default=Strand.EXCHANGE.value)
    focus = Checks("Focus areas", choices=[SelectChoice(*area) for area in FOCUS_AREAS.items()])
    online_link = web_address("Link to take part online", hint="Told only to those who have a place.")
    is_quiet = BooleanField(
        "Tell nobody of another link",
        description="For a slip of the pen. Otherwise everybody with a place gets the new link by mail.",
    )
    room_capacity = whole_number("People the room holds", least=1, most=100_000)
    visibility = Radios("Who may see it", choices=VISIBILITIES, default=Visibility.PUBLIC.value)
    audience = Radios("Who may attend", choices=AUDIENCES, default=Audience.EVERYONE.value)
    audience_note = line("Who it is for, in your words", hint="For example “Final-year doctoral researchers”.")
    people = paragraph(
        "People on the programme",
        hint="One a line: Name | Affiliation | Role. Without a role it is a speaker.",
        rows=4,
    )
    series = Choice("Series", coerce=id_or_none, choices=[SelectChoice("", "None")], is_optional=True)
    part_of = Choice("Part of", coerce=id_or_none, is_optional=True)
    part_of_words = line("Look for another event", hint="Words of its title; past events are found, too.")
    price_note = line("Price", hint="For example “£25, members free”. Leave empty where it is free.")
    shop_url = web_address("Where people pay", hint="The address in the university’s own shop.")
    contact_name = line("Contact")
    contact_address = mail_address("E-mail of the contact", hint="Replies to letters go there.", ask="")

    def validate_people(self, field: Field) -> None:
        """Refuse lines that are no person."""
        people = contributors_in(field.data or "")
        if len(people) > MOST_PEOPLE:
            raise ValidationError(f"Name {MOST_PEOPLE} people at most.")
        for number, who in enumerate(people, start=1):
            check_contributor(number, who)

    def details(self) -> Details:
        """Return everything but the plan, as typed."""
        return Details(
            title=self.title.data,
            title_is_known=not self.title_tba.data,
            summary=one_line(self.summary.data),
            description=self.description.data or "",
            strand=Strand(self.strand.data),
            visibility=Visibility(self.visibility.data),
            audience=Audience(self.audience.data),
            audience_note=self.audience_note.data or "",
            online_link=self.online_link.data or "",
            room_capacity=self.room_capacity.data,
            focus_areas=tuple(self.focus.data or ()),
            price_note=self.price_note.data or "",
            shop_url=self.shop_url.data or "",
            contact_name=self.contact_name.data or "",
            contact_address=self.contact_address.data or "",
            series_id=self.series.data,
            part_of_id=self.part_of.data if "part_of" in self else None,
            contributions=tuple(contributors_in(self.people.data or "")),
        )


def check_contributor(number: int, who: Contributor) -> None:
    """Refuse a line without a name, or too long for our page."""
    if not who.name:
        raise ValidationError(f"Line {number} has no name: write Name | Affiliation | Role.")
    if len(who.name) > LONGEST_LINE or len(who.affiliation) > LONGEST_LINE or len(who.role) > LONGEST_ROLE:
        raise ValidationError(
            f"Line {number} is too long: {LONGEST_LINE} characters for name and affiliation, {LONGEST_ROLE} for a role."
        )


def contributors_in(text: str) -> list[Contributor]:
    """Read people, one a line: Name | Affiliation | Role."""
    found = []
    for written in text.splitlines():
        if written.strip(" |\t"):
            name, affiliation, role = ([one_line(part) for part in written.split("|", 2)] + ["", ""])[:3]
            found.append(Contributor(name, affiliation, role.lower() or "speaker"))
    return found


def contributors_written(people: list[Contribution]) -> str:
    """Write people as the form shows them."""
    lines = []
    for who in people:
        parts = [who.name, who.affiliation, "" if who.role == "speaker" else who.role]
        lines.append(" | ".join(parts).rstrip(" |"))
    return "\n".join(lines)


def event_data(event: Event) -> dict[str, Any]:
    """Return what the form is filled with from an event."""
    same = (
        "version title summary description audience_note online_link room_capacity price_note shop_url contact_name "
        "contact_address"
    )
    return {
        **{name: getattr(event, name) for name in same.split()},
        **plan_data(event),
        "title_tba": not event.title_is_known,
        "lead": event.lead_organisation_id,
        "strand": event.strand.value,
        "focus": list(event.focus_areas),
        "visibility": event.visibility.value,
        "audience": event.audience.value,
        "people": contributors_written(event.contributions),
        "series": event.series_id,
        "part_of": event.part_of_id,
    }
