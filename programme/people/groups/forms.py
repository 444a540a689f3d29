"""Forms of groups: a new one, its name, a pasted list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import SelectField

from programme.core.web.forms import Form, line, needed, paragraph
from programme.people.roles import STRAND_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.people.models import Organisation

LONGEST_LIST = 60_000


class TitleForm(Form):
    """What a group is called."""

    title = line(
        "Name", hint="Only organisers see it: “Steering group”, “Alumni 2026”.", ask="Enter a name for the group."
    )


class GroupForm(TitleForm):
    """A new group."""

    organisation = SelectField("Kept by", validators=[needed("Choose an organisation.")])
    strand = SelectField("Strand", description="Its organisers look after it.")

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Fill in what can be chosen."""
        self.organisation.choices = [(str(row.id), row.name) for row in organisations]
        self.strand.choices = [("", "All strands"), *((strand.value, word) for strand, word in STRAND_WORDS.items())]


class PeopleForm(Form):
    """A pasted list of people."""

    people = paragraph(
        "Names and addresses",
        hint="One person a line: “Ada Marlstone <ada@example.ac.uk>”, “Ada Marlstone, ada@example.ac.uk”, or the "
        "address alone. They are not told.",
        ask="Paste at least one address.",
        longest=LONGEST_LIST,
        rows=8,
        **{"class": "in--l"},
    )
