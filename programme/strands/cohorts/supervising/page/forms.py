"""The forms of supervision: somebody is added, a supervision changes, it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice

from programme.core.web.forms import Form, line, mail_address
from programme.engines.calendar.forms.choices import Choice, Radios, whole_number
from programme.engines.calendar.forms.instants import DayField
from programme.strands.cohorts.states import SupervisionRole
from programme.strands.cohorts.supervising.actions import Wanted
from programme.strands.cohorts.supervising.rule import WHOLE
from programme.strands.cohorts.supervising.words import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from programme.people.models import Organisation
    from programme.strands.cohorts.models import Supervision


class SupervisionForm(Form):
    """As what, for whom, how much and how long somebody supervises."""

    role = Radios("Role", choices=[SelectChoice(role.value, word) for role, word in ROLES.items()])
    organisation = Choice("Institution", coerce=int)
    share = whole_number("Share of the supervision, in per cent", least=0, most=WHOLE)
    begins_on = DayField("First day", ask="Enter the first day.")
    ends_on = DayField("Last day", description="Leave it empty while it goes on.")

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.share.flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the share, too: an adviser's may be 0, but nobody's is unknown."""
        valid = super().validate(extra_validators=extra_validators)
        if self.share.data is None and not self.share.errors:
            self.share.errors = [*self.share.errors, "Enter the share in per cent, 0 where there is none."]
            return False
        return valid

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Offer institutions."""
        self.organisation.choices = [SelectChoice(one.id, one.name) for one in organisations]

    def wanted(self) -> Wanted:
        """Return what was typed in a form that is valid."""
        return Wanted(
            role=SupervisionRole(self.role.data),
            organisation_id=self.organisation.data,
            share=self.share.data or 0,
            begins_on=day_of(self.begins_on),
            ends_on=self.ends_on.day,
        )


class NewSupervisorForm(SupervisionForm):
    """Somebody supervises."""

    name = line("Their name", ask="Enter their name.", autocomplete="off")
    address = mail_address(
        "Their e-mail", hint="They sign by a link that they are sent, without an account.", ask="Enter their e-mail."
    )


class EndForm(Form):
    """The last day of a supervision; it stands beside the form that changes one, so its controls carry its own name."""

    def __init__(self, typed: Any = None) -> None:
        super().__init__(typed, prefix="end-")

    ends_on = DayField("Last day", ask="Enter the last day.", description="They see the record until the end of it.")


def day_of(field: DayField) -> date:
    """Return the day of a field that is valid and asked for."""
    if field.day is None:
        raise ValueError(field.name)
    return field.day


def data_of(row: Supervision) -> dict[str, object]:
    """Return what the form of a supervision holds."""
    return {
        "role": row.role.value,
        "organisation": row.organisation_id,
        "share": row.share,
        "begins_on": row.begins_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else "",
    }
