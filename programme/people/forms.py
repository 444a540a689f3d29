"""Forms of the people room: signing in, one's own account, roles, handing over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import HiddenField, SelectField

from programme.core.web.forms import Form, line, mail_address, needed
from programme.people.models import AffiliationKind, Role, Strand
from programme.people.roles import ROLE_WORDS, STRAND_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from programme.people.models import Organisation

KIND_WORDS = {
    AffiliationKind.DOCTORAL: "Doctoral researcher",
    AffiliationKind.STUDENT: "Student",
    AffiliationKind.STAFF: "Staff",
    AffiliationKind.FOUNDER: "Founder",
    AffiliationKind.OTHER: "Other",
}
CHOOSE = ("", "Choose one")


class SignInForm(Form):
    """Where the link shall go."""

    address = mail_address(ask="Enter the e-mail address that the link shall go to.")
    next = HiddenField()


class NewAccountForm(Form):
    """The name of somebody nobody knew yet."""

    name = line(
        "Your name", hint="As it should stand on a list of participants.", ask="Enter your name.", autocomplete="name"
    )


class NameForm(Form):
    """One's own name."""

    name = line("Name", ask="Enter your name.", autocomplete="name")


class AddressForm(Form):
    """Another address of one's own."""

    address = mail_address("New e-mail address", ask="Enter the address that letters shall go to.")


class ClaimForm(Form):
    """Where one says to belong."""

    organisation = SelectField("Organisation", validators=[needed("Choose an organisation.")])
    kind = SelectField("As", validators=[needed("Choose what you are there.")])

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Fill in what can be chosen."""
        self.organisation.choices = [CHOOSE, *((row.slug, row.name) for row in organisations)]
        self.kind.choices = [CHOOSE, *((kind.value, words) for kind, words in KIND_WORDS.items())]


class GrantForm(Form):
    """A role to give."""

    address = mail_address(hint="The address they sign in with.", ask="Enter the e-mail address of the person.")
    name = line("Name", hint="Only needed if they are new here.")
    role = SelectField("Role", validators=[needed("Choose a role.")])
    organisation = SelectField("Organisation")
    strand = SelectField("Strand")
    helps_with = line(
        "Helps with", hint="For helpers: the address of the event’s or series’ page, like /events/pitch-night-42."
    )

    def offer(self, roles: Sequence[Role], organisations: Sequence[Organisation], *, may_be_empty: bool) -> None:
        """Fill in what can be chosen; with one choice only, it is made already."""
        self.role.choices = options((role.value, ROLE_WORDS[role]) for role in roles)
        known = [(row.slug, row.name) for row in organisations]
        self.organisation.choices = [("", "Everywhere")] * may_be_empty + options(known, choose=not may_be_empty)
        self.strand.choices = [("", "All strands"), *((strand.value, STRAND_WORDS[strand]) for strand in Strand)]


class HandOverForm(Form):
    """To whom things go."""

    organisation = SelectField("What they look after for", validators=[needed("Choose an organisation.")])
    address = mail_address("Successor’s e-mail", ask="Enter the e-mail address of the successor.")

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Fill in what can be chosen."""
        self.organisation.choices = options((row.slug, row.name) for row in organisations)


def options(pairs: Iterable[tuple[str, str]], *, choose: bool = True) -> list[Any]:
    """Return the choices of a list, led by an empty one where there is something to choose."""
    known = list(pairs)
    return [CHOOSE, *known] if choose and len(known) != 1 else known
