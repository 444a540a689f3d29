"""The long form of an opening, and the short one about who shares it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, FieldList, FormField, SelectChoice

from programme.core.web.forms import Form, line, mail_address, paragraph
from programme.engines.calendar.forms.choices import Checks, Choice, Radios, id_or_none, whole_number
from programme.engines.calendar.forms.events import STRANDS
from programme.engines.calendar.forms.instants import InstantField
from programme.engines.calendar.states import Visibility
from programme.engines.registration.offers.deadline import MOST_HOURS, USUAL_MORNING
from programme.engines.registration.offers.forms import MORNINGS, MOVES_UP, MovesUp
from programme.engines.registration.openings.editing.details import MOST_PLACES, MOST_TOGETHER, Details
from programme.engines.registration.openings.quotas import MOST_DAYS, QUOTAS, Kept
from programme.engines.registration.states import Eligibility, PlacesBy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from programme.core.refusal import Refusal
    from programme.engines.registration.models import Opening

MOST_QUOTAS, LINES, MOST_CHOSEN = 12, 2, 60
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
VISIBILITIES = [
    SelectChoice(
        Visibility.PUBLIC.value,
        "Everybody",
        {"hint": "Under Apply on what’s on, where anyone or any member may register; its address opens for all."},
    ),
    SelectChoice(
        Visibility.MEMBERS.value,
        "Members of the organisations that run it",
        {"hint": "The same, after signing in with an address of theirs. For others there is no such page."},
    ),
    SelectChoice(
        Visibility.HIDDEN.value,
        "Only those who have a place",
        {"hint": "On no list. Its form opens by an invitation alone; whoever is registered has it in My programme."},
    ),
]
ELIGIBILITY = [
    SelectChoice(Eligibility.ANYONE.value, "Anyone"),
    SelectChoice(
        Eligibility.MEMBERS.value,
        "Members of certain organisations",
        {"hint": "By an address of theirs, whoever may see the event.", "opens": True},
    ),
    SelectChoice(
        Eligibility.GROUP.value,
        "The people of a group",
        {"hint": "Whoever is in it when they register.", "opens": True},
    ),
    SelectChoice(Eligibility.ADDRESSES.value, "Those on a list of addresses", {"hint": "Under Addresses, once saved."}),
    SelectChoice(
        Eligibility.INVITED.value,
        "Those who are invited",
        {"hint": "By their own link: under Invitations, once saved."},
    ),
]


class QuotaForm(Form):
    """Places kept for one organisation, and until when: a line of the opening's form, which may stay empty."""

    organisation = Choice("Kept for", coerce=id_or_none, is_optional=True)
    places = whole_number("Places", least=0, most=MOST_PLACES)
    days = whole_number("Days before", least=0, most=MOST_DAYS)
    release = InstantField("Or until a day and a time")

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed that keeps a place for anybody."""
        return not (self.organisation.data or self.places.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the other half of what is there."""
        valid = super().validate(extra_validators=extra_validators)
        if self.is_blank or not valid:
            return valid
        if not self.organisation.data:
            self.organisation.errors = [*self.organisation.errors, "Choose for whom these places are kept."]
        if not self.places.data:
            self.places.errors = [*self.places.errors, "Enter how many places are kept."]
        return bool(self.organisation.data and self.places.data)

    def kept(self) -> Kept:
        """Return what was typed."""
        return Kept(
            organisation_id=self.organisation.data,
            places=self.places.data or 0,
            release_at=self.release.data,
            release_days=self.days.data,
        )


class OpeningForm(Form):
    """What one may register for, when, and who gets the places."""

    title = line("Title", hint="As people see it on the form and in letters.", ask="Enter a title.")
    lead = Choice("Led by", coerce=id_or_none)
    strand = Radios("Strand", choices=[SelectChoice(*it) for it in STRANDS])
    events = Checks("Admits to", coerce=int)
    chooses = whole_number(
        "Each chooses so many of these",
        least=1,
        most=MOST_CHOSEN,
        hint="Leave empty to admit everybody to all of them. Each event has the places of its own room.",
    )
    may_choose_fewer = BooleanField("Fewer will do", description="One at least.")
    event_words = line("Look for another event", hint="Words of its title. Nothing is saved by looking.")
    opens = InstantField("Registration opens", description="Leave empty to open it as soon as you say so.")
    closes = InstantField("Registration closes", description="Leave empty to keep it open until the start.")
    capacity = whole_number("Places", least=0, most=MOST_PLACES, hint="Leave empty for no limit.")
    quotas = FieldList(
        FormField(QuotaForm), "Places kept for an organisation", min_entries=LINES, max_entries=MOST_QUOTAS
    )
    counts_when_proved = BooleanField(
        "Only for confirmed addresses",
        description="Until the link in the letter is opened, a registration counts for no organisation.",
    )
    most_together = whole_number(
        "Most people in one registration",
        least=1,
        most=MOST_TOGETHER,
        hint="With more than 1 people may bring others: names are asked for, and each takes a place.",
    )
    has_waiting_list = BooleanField(
        "Keep a waiting list when it is full", description="Whoever is next moves up by itself, and is told."
    )
    moves_up = Radios("When a place comes free", choices=MOVES_UP, default=MovesUp.AT_ONCE.value)
    offer_hours = whole_number("Hours to answer", least=1, most=MOST_HOURS, hint="Fewer when the event is near.")
    offer_morning = Choice(
        "Earliest in the morning",
        choices=MORNINGS,
        coerce=int,
        default=USUAL_MORNING,
        description="What would end at night ends then.",
    )
    places_by = Radios("Places are given", choices=PLACES_BY, default=PlacesBy.FIRST_COME.value)
    ballot = InstantField(
        "The ballot is drawn",
        description="By itself at this time, which the form tells. Leave it empty to draw it by a button on the roll.",
    )
    visibility = Radios(
        "Who may see it",
        choices=VISIBILITIES,
        default=Visibility.PUBLIC.value,
        description="Of an application or a call alone: what admits to events is seen by whoever sees one of them.",
    )
    eligibility = Radios("Who may register", choices=ELIGIBILITY, default=Eligibility.ANYONE.value)
    members_of = Checks("Members of", coerce=int)
    eligible_group_id = Choice("Group", coerce=id_or_none, is_optional=True)
    unproved_hours = whole_number(
        "Hours to confirm an address",
        least=1,
        most=LONGEST_HOLD,
        hint="Somebody without an account keeps the place this long before opening the link in the letter.",
    )
    section_a_page = BooleanField(
        "One section a page",
        description="A form with sections is filled in section by section, and saved on the way.",
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
            quotas=tuple(line.kept() for line in self.lines()),
            chooses=self.chooses.data,
            most_together=self.most_together.data or 1,
            section_a_page=bool(self.section_a_page.data),
            may_choose_fewer=bool(self.may_choose_fewer.data),
            counts_when_proved=bool(self.counts_when_proved.data),
            has_waiting_list=bool(self.has_waiting_list.data),
            offer_hours=self.offer_hours.data if self.moves_up.data == MovesUp.OFFER else None,
            offer_morning=self.offer_morning.data,
            places_by=PlacesBy(self.places_by.data),
            ballot_at=self.ballot.data,
            visibility=Visibility(self.visibility.data),
            eligibility=Eligibility(self.eligibility.data),
            members_of=tuple(self.members_of.data or ()),
            eligible_group_id=self.eligible_group_id.data,
            unproved_hours=self.unproved_hours.data or USUAL_HOLD,
            contact_name=self.contact_name.data or "",
            contact_address=self.contact_address.data or "",
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the hours where places are offered."""
        valid = super().validate(extra_validators=extra_validators)
        if self.moves_up.data != MovesUp.OFFER or self.offer_hours.data or self.offer_hours.errors:
            return valid
        self.offer_hours.errors = [*self.offer_hours.errors, "Enter how many hours people have to answer."]
        return False

    def lines(self) -> Iterator[QuotaForm]:
        """Yield the lines that keep places for somebody."""
        yield from (entry.form for entry in self.quotas if not entry.form.is_blank)

    def refuse(self, refusal: Refusal) -> None:
        """Show a no about a quota at its line, the last one of its organisation; the rest at its field."""
        named, _, home = (refusal.field or "").partition("-")
        found = [line for line in self.lines() if home in {"", str(line.organisation.data)}] if named == QUOTAS else []
        if found:
            found[-1].places.errors = [*found[-1].places.errors, refusal.sentence]
            self.quotas.errors = [*self.quotas.errors, refusal.sentence]
        else:
            super().refuse(refusal)

    @property
    def fields_by_detail(self) -> dict[str, str]:
        """Return under which field a rule's refusal is shown, where its name is another."""
        return {"opens_at": "opens", "closes_at": "closes", "ballot_at": "ballot"}


class SharingForm(Form):
    """Who shares an opening."""

    co_owners = Checks("Shared with", coerce=int)


def opening_data(opening: Opening) -> dict[str, Any]:
    """Return what the form is filled with from an opening."""
    same = "title capacity chooses may_choose_fewer most_together counts_when_proved has_waiting_list"
    same += " unproved_hours section_a_page note contact_name contact_address"
    return {
        **{name: getattr(opening, name) for name in (*same.split(), "offer_hours", "offer_morning")},
        "lead": opening.lead_organisation_id,
        "strand": opening.strand.value,
        "events": [event.id for event in opening.events],
        "opens": opening.opens_at,
        "closes": opening.closes_at,
        "moves_up": (MovesUp.AT_ONCE if opening.offer_hours is None else MovesUp.OFFER).value,
        "places_by": opening.places_by.value,
        "ballot": opening.ballot_at,
        "visibility": opening.visibility.value,
        "eligibility": opening.eligibility.value,
        "members_of": [row.id for row in opening.members_of],
        "eligible_group_id": opening.eligible_group_id,
        "quotas": quotas_data(opening),
    }


def quotas_data(opening: Opening) -> list[dict[str, Any]]:
    """Return what the lines of the quotas are filled with: those there are, and room for more."""
    lines = [
        {"organisation": row.organisation_id, "places": row.places, "days": row.release_days, "release": row.release_at}
        for row in opening.quotas
    ]
    return [*lines, *({} for _ in range(max(1, LINES - len(lines))))]
