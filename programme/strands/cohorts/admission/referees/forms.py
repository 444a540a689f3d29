"""The forms of references: whom an applicant names, and what a referee writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, FileField

from programme.core.web.forms import Form, line, mail_address, paragraph
from programme.strands.cohorts.admission.referees.naming import Named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.strands.cohorts.models import Reference

LONGEST_REFERENCE = 20_000
MEGABYTES = 5


class RefereesForm(Form):
    """Whom an applicant names; there is a name and an address for each."""

    numbers: tuple[int, ...] = ()

    def named(self) -> list[Named]:
        """Return the lines in which something stands."""
        pairs = [(self[f"name{one}"].data or "", self[f"address{one}"].data or "") for one in self.numbers]
        return [Named(name, address) for name, address in pairs if name or address]


def referees_form(number: int, kept: Sequence[Reference], typed: Any = None) -> RefereesForm:
    """Return a form for so many referees, with those who are named and not asked yet."""
    fields: dict[str, Any] = {"numbers": tuple(range(1, number + 1))}
    for one in fields["numbers"]:
        fields[f"name{one}"] = line("Name")
        fields[f"address{one}"] = mail_address("E-mail", ask="")
    data = {f"name{place}": row.name for place, row in enumerate(kept, start=1)}
    data |= {f"address{place}": row.address for place, row in enumerate(kept, start=1)}
    form: RefereesForm = type("NamedForm", (RefereesForm,), fields)(typed, data=data)
    return form


class ReferenceForm(Form):
    """What a referee writes, or a file."""

    text = paragraph(
        "Your reference",
        hint="How long and in which role you know the applicant, what you saw of their work, how they compare.",
        longest=LONGEST_REFERENCE,
        rows="14",
    )
    file = FileField("Or a file", description=f"One PDF, {MEGABYTES} MB at most.", render_kw={"accept": ".pdf"})
    without_file = BooleanField("Take the file out again")
