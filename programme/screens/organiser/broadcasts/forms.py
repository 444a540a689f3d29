"""Forms of letters to many: what is written, to whom (one class for each kind of people), and the confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import HiddenField, SelectChoice, SelectField
from wtforms.validators import NumberRange

from programme.core.web.forms import Form, line, needed, paragraph
from programme.engines.calendar.forms.choices import Checks, Choice, Radios, WholeNumber, id_or_none
from programme.engines.calendar.forms.instants import InstantField
from programme.engines.mail.ports import Purpose
from programme.engines.registration.roll.filters import STATES
from programme.flows.broadcasting.audiences import GROUP, NEWS, REGISTERED, SPEAKERS, STRAND
from programme.people.roles import STRAND_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SUBJECT, LONGEST_LETTER = 150, 10_000
MOST_PEOPLE, MOST_DIGITS = 1_000_000, 9
ENTER = "Enter how many people it goes to: you confirm by that number."
NOW, LATER = "now", "later"
MARKS = (("", "Any"), ("present", "Those who came"), ("absent", "Those who did not come"))
USUAL_STATES = ["confirmed", "offered"]
PURPOSES = [
    SelectChoice(
        Purpose.SERVICE.value,
        "Something they need to know",
        {"hint": "About what they registered for or take part in: a room, a change, what to bring. Needs no consent."},
    ),
    SelectChoice(
        Purpose.MARKETING.value,
        "News and invitations",
        {"hint": "Anything else. It goes only to those of them who asked for news."},
    ),
]


class LetterForm(Form):
    """What is written; `version` is of the draft that was read."""

    version = HiddenField()
    subject = line("Subject", ask="Enter a subject.", longest=LONGEST_SUBJECT)
    text = paragraph(
        "Text",
        hint="Leave an empty line between paragraphs; lines that begin with “- ” make a list; addresses of the web "
        "become links. A greeting with the name comes first, and your organisation’s name last.",
        ask="Write the letter.",
        longest=LONGEST_LETTER,
        rows=14,
        **{"class": "in--l"},
    )
    purpose = Radios("What it is", choices=PURPOSES, default=Purpose.SERVICE.value)
    organisation = Choice("From", coerce=id_or_none, description="Answers go to its shared mailbox.")
    strand = SelectField(
        "Strand",
        choices=[
            SelectChoice("", "All strands"),
            *(SelectChoice(strand.value, word) for strand, word in STRAND_WORDS.items()),
        ],
    )

    def audience(self) -> dict[str, Any]:
        """Return to whom it goes, as it is stored."""
        raise NotImplementedError

    def fill(self, audience: Mapping[str, Any]) -> None:
        """Show to whom it goes."""


class RegisteredForm(LetterForm):
    """To people registered for an opening or an event."""

    about = Choice("Registered for")
    states = Checks(
        "Who are",
        choices=[SelectChoice(word, it[0].capitalize()) for word, it in STATES.items()],
        validators=[needed("Tick at least one.")],
    )
    attendance = SelectField("Attendance", choices=[SelectChoice(value, word) for value, word in MARKS])
    home = SelectField("From where")
    tag = SelectField("Tag")
    said = SelectField("Answer")

    def audience(self) -> dict[str, Any]:
        """Return to whom it goes; filters that are open are left out."""
        kind, _, number = str(self.about.data).partition(":")
        found: dict[str, Any] = {"kind": REGISTERED, kind: int(number), "states": list(self.states.data or [])}
        found |= {name: self[name].data for name in ("attendance", "home", "tag") if self[name].data}
        question, _, answer = str(self.said.data or "").partition(":")
        return {**found, "question": int(question), "answer": answer} if question else found

    def fill(self, audience: Mapping[str, Any]) -> None:
        """Show to whom it goes."""
        kind = "event" if "event" in audience else "opening"
        self.about.data = f"{kind}:{audience[kind]}" if kind in audience else None
        self.states.data = list(audience.get("states") or ([] if "kind" in audience else USUAL_STATES))
        for name in ("attendance", "home", "tag"):
            self[name].data = audience.get(name, "")
        self.said.data = f"{audience['question']}:{audience.get('answer', '')}" if audience.get("question") else ""

    def forget_unknown(self) -> None:
        """Drop a tag or an answer of another opening."""
        for field in (self.tag, self.said):
            if field.data not in {choice.value for choice in field.choices}:
                field.data = ""


class StrandForm(LetterForm):
    """To everybody with a place at the coming events of a strand."""

    events_of = Radios(
        "Coming events of", choices=[SelectChoice(strand.value, word) for strand, word in STRAND_WORDS.items()]
    )

    def audience(self) -> dict[str, Any]:
        """Return to whom it goes."""
        return {"kind": STRAND, "strand": self.events_of.data}

    def fill(self, audience: Mapping[str, Any]) -> None:
        """Show to whom it goes."""
        self.events_of.data = audience.get("strand")


class GroupForm(LetterForm):
    """To a group."""

    group = Choice("Group", coerce=id_or_none)

    def audience(self) -> dict[str, Any]:
        """Return to whom it goes."""
        return {"kind": GROUP, "group": self.group.data}

    def fill(self, audience: Mapping[str, Any]) -> None:
        """Show to whom it goes."""
        self.group.data = audience.get("group")


class SpeakersForm(LetterForm):
    """To the speakers of an event."""

    event = Choice("Event", coerce=id_or_none, description="Those speakers whose address we know.")

    def audience(self) -> dict[str, Any]:
        """Return to whom it goes."""
        return {"kind": SPEAKERS, "event": self.event.data}

    def fill(self, audience: Mapping[str, Any]) -> None:
        """Show to whom it goes."""
        self.event.data = audience.get("event")


class NewsForm(LetterForm):
    """To everybody who asked for news."""

    def audience(self) -> dict[str, Any]:
        """Return to whom it goes."""
        return {"kind": NEWS}


FORMS: Mapping[str, type[LetterForm]] = {
    REGISTERED: RegisteredForm,
    STRAND: StrandForm,
    GROUP: GroupForm,
    SPEAKERS: SpeakersForm,
    NEWS: NewsForm,
}
"""The form for each kind of people."""

KIND_WORDS: Mapping[str, str] = {
    REGISTERED: "People registered for something",
    STRAND: "Everybody with a place in a strand",
    GROUP: "A group",
    SPEAKERS: "The speakers of an event",
    NEWS: "Everybody who asked for news",
}


def version_in(form: Form) -> int:
    """Return the version that was looked at; 0, which none has, where that cannot be read."""
    text = str(form["version"].data)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0


class SendingForm(Form):
    """The confirmation: how many people, and when."""

    version = HiddenField()
    count = WholeNumber(
        "How many people it goes to",
        validators=[needed(ENTER), NumberRange(0, MOST_PEOPLE, message=f"Enter a number up to {MOST_PEOPLE:,}.")],
        render_kw={"class": "in--xs", "autocomplete": "off", "inputmode": "numeric"},
    )
    when = Radios(
        "When", choices=[SelectChoice(NOW, "Now"), SelectChoice(LATER, "At a time", {"opens": True})], default=NOW
    )
    at = InstantField("Time")
