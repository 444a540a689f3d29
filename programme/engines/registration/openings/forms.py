"""The long form of an opening, and the short one about who shares it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, SelectChoice

from programme.core.web.forms import Form, line, mail_address, paragraph
from programme.engines.calendar.forms.choices import Checks, Choice, Radios, id_or_none, whole_number
from programme.engines.calendar.forms.events import STRANDS
from programme.engines.calendar.forms.instants import InstantField
from programme.engines.registration.openings.actions import MOST_PLACES, Details
from programme.engines.registration.states import Eligibility, PlacesBy

if TYPE_CHECKING:
    from programme.engines.registration.models import Opening

USUAL_HOLD, LONGEST_HOLD = 48, 24 * 30
PLACES_BY = [
    SelectChoice(
        PlacesBy.FIRST_COME.value,
        "First come, first served",
        {"hint": "Whoever registers while there is a place has it."},
    ),
    SelectChoice(
        PlacesBy.DECISION.value, "We decide", {"hint": "Everybody waits until an organiser gives or refuses the place."}
    ),
    SelectChoice(
        PlacesBy.BALLOT.value,
        "By ballot",
        {"hint": "Everybody waits until the ballot is drawn; after that it is first come.", "opens": True},
    ),
]
ELIGIBILITY = [
    SelectChoice(Eligibility.ANYONE.value, "Anyone"),
    SelectChoice(
        Eligibility.MEMBERS.value,
        "Members of certain organisations",
        {"hint": "By an address of theirs, whoever may see the event.", "opens": True},
    ),
]


class OpeningForm(Form):
    """What one may register for, when, and who gets the places."""

    title = line("Title", hint="As people see it on the form and in letters.", ask="Enter a title.")
    lead = Choice("Led by", coerce=id_or_none)
    strand = Radios("Strand", choices=[SelectChoice(*it) for it in STRANDS])
    events = Checks("Admits to", coerce=int)
    event_words = line("Look for another event", hint="Words of its title. Nothing is saved by looking.")
    opens = InstantField("Registration opens", description="Leave empty to open it as soon as you say so.")
    closes = InstantField("Registration closes", description="Leave empty to keep it open until the start.")
    capacity = whole_number("Places", least=0, most=MOST_PLACES, hint="Leave empty for no limit.")
    has_waiting_list = BooleanField(
        "Keep a waiting list when it is full", description="Whoever is next moves up by itself, and is told."
    )
    places_by = Radios("Places are given", choices=PLACES_BY, default=PlacesBy.FIRST_COME.value)
    ballot = InstantField(
        "The ballot is drawn",
        description="By itself at this time, which the form tells. Leave it empty to draw it by a button on the roll.",
    )
    eligibility = Radios("Who may register", choices=ELIGIBILITY, default=Eligibility.ANYONE.value)
    members_of = Checks("Members of", coerce=int)
    unproved_hours = whole_number(
        "Hours to confirm an address",
        least=1,
        most=LONGEST_HOLD,
        hint="Somebody without an account keeps the place this long before opening the link in the letter.",
    )
    note = paragraph("Note to those who register", hint="Shown above the form and in no list.", longest=2_000, rows=4)
    contact_name = line("Contact")
    contact_address = mail_address(
        "E-mail of the contact", hint="A shared mailbox: replies to letters go there.", ask=""
    )

    def details(self) -> Details:
        """Return what was typed."""
        return Details(
            title=self.title.data or "",
            event_ids=tuple(self.events.data or ()),
            note=self.note.data or "",
            opens_at=self.opens.data,
            closes_at=self.closes.data,
            capacity=self.capacity.data,
            has_waiting_list=bool(self.has_waiting_list.data),
            places_by=PlacesBy(self.places_by.data),
            ballot_at=self.ballot.data,
            eligibility=Eligibility(self.eligibility.data),
            members_of=tuple(self.members_of.data or ()),
            unproved_hours=self.unproved_hours.data or USUAL_HOLD,
            contact_name=self.contact_name.data or "",
            contact_address=self.contact_address.data or "",
        )

    @property
    def fields_by_detail(self) -> dict[str, str]:
        """Return under which field a rule's refusal is shown, where its name is another."""
        return {"opens_at": "opens", "closes_at": "closes", "ballot_at": "ballot"}


class SharingForm(Form):
    """Who shares an opening."""

    co_owners = Checks(
        "Shared with", coerce=int, description="Their organisers see the roll and decide with you; you open and close."
    )


def opening_data(opening: Opening) -> dict[str, Any]:
    """Return what the form is filled with from an opening."""
    same = "title capacity has_waiting_list unproved_hours note contact_name contact_address"
    return {
        **{name: getattr(opening, name) for name in same.split()},
        "lead": opening.lead_organisation_id,
        "strand": opening.strand.value,
        "events": [event.id for event in opening.events],
        "opens": opening.opens_at,
        "closes": opening.closes_at,
        "places_by": opening.places_by.value,
        "ballot": opening.ballot_at,
        "eligibility": opening.eligibility.value,
        "members_of": [row.id for row in opening.members_of],
    }
