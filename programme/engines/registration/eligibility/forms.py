"""People pasted or in a file: to be invited, or put on a list."""

from __future__ import annotations

from typing import Any

from wtforms import FileField

from programme.core.refusal import Refusal
from programme.core.web.forms import Form, paragraph
from programme.engines.registration.eligibility.reading import LONGEST_LIST, MOST_PEOPLE, lines_of_file
from programme.engines.registration.roll.pasted import Pasted, people_in

TOO_MANY = f"Take {MOST_PEOPLE:,} people at most at once."


class ListForm(Form):
    """A pasted list, or a file that becomes one."""

    people = paragraph(
        "Names and addresses",
        hint="One person a line: “Ada Marlstone <ada@example.ac.uk>”, “Ada Marlstone, ada@example.ac.uk”, or the "
        "address alone.",
        longest=LONGEST_LIST,
        rows=8,
        **{"class": "in--l"},
    )
    file = FileField("Or a file", description="CSV, 2 MB at most.", render_kw={"accept": ".csv,.tsv,.txt"})

    def lines(self) -> list[Pasted] | None:
        """Return who is meant, line by line; None where the form says why not. A file becomes lines to put right."""
        if not self.validate():
            return None
        try:
            self.take_file()
        except Refusal as refusal:
            self.refuse(refusal)
            return None
        number = sum(bool(line.strip()) for line in (self.people.data or "").splitlines())
        if 0 < number <= MOST_PEOPLE:
            return people_in(self.people.data)
        self.refuse(Refusal(TOO_MANY if number else "Paste at least one address, or choose a file.", field="people"))
        return None

    def take_file(self) -> None:
        """Put the people of the file below those pasted."""
        chosen: Any = self.file.data
        if chosen and getattr(chosen, "filename", ""):
            parts = [self.people.data or "", lines_of_file(chosen.read())]
            self.people.data = "\n".join(part for part in parts if part)
