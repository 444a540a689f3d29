"""What organisers write of a candidature, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.core.web.words import join_words
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.candidatures.rule import unit_called, unit_needed, wrong_dates, wrong_rate
from programme.strands.cohorts.milestones.course import FULL

if TYPE_CHECKING:
    from datetime import date

    from programme.strands.cohorts.models import Candidature, FundingAward
    from programme.strands.cohorts.rulebooks.queries import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything about a candidature that its organisers write.

    `rate` is that of its beginning, in per cent of full time. `entry` is the first unit that counts, as people call
    it ("Michaelmas 2026"); empty where it follows from the registration.
    """

    home_id: int
    registered_on: date
    partner_id: int | None = None
    department: str = ""
    college: str = ""
    project: str = ""
    rate: int = FULL
    entry: str = ""
    funded_until: date | None = None
    submission_deadline: date | None = None
    has_sponsored_visa: bool = False


PLAIN = (
    *("department", "college", "project", "registered_on"),
    *("funded_until", "submission_deadline", "has_sponsored_visa"),
)
"""Those that are columns as they are."""


def check(details: Details, award: FundingAward) -> None:
    """Refuse universities that do not run the award, days out of order, and a rate that is none."""
    check_universities(award, home_id=details.home_id, partner_id=details.partner_id)
    wrong = wrong_dates(details.registered_on, details.funded_until, details.submission_deadline)
    wrong = wrong or wrong_rate(details.rate)
    if wrong:
        raise Refusal(wrong.sentence, field=wrong.field)


def check_universities(award: FundingAward, *, home_id: int, partner_id: int | None) -> None:
    """Refuse a home or a partner that does not run the award, and a partner that is the home itself."""
    running = {row.id: row.short_name for row in universities_of(award)}
    for field, wanted in (("home", home_id), ("partner", partner_id)):
        if wanted is not None and wanted not in running:
            names = join_words(running.values())
            sentence = f"This award is run by {names}. Let the other university share the award first, or choose one."
            raise Refusal(sentence, field=field)
    if partner_id == home_id:
        raise Refusal("The partner is another university than the home. Choose one, or none yet.", field="partner")


def details_of(candidature: Candidature, book: Book) -> Details:
    """Return a candidature as its form writes it; the entry only where it does not follow from the registration."""
    follows = candidature.entry_unit == book.units.of_day(candidature.registered_on)
    return Details(
        home_id=candidature.home_organisation_id,
        partner_id=candidature.partner_organisation_id,
        rate=candidature.rates[0].per_cent if candidature.rates else FULL,
        entry="" if follows else book.units.name(candidature.entry_unit),
        **{name: getattr(candidature, name) for name in PLAIN},
    )


def entry_unit(details: Details, book: Book) -> int:
    """Return the first unit that counts: the one written, else that of the registration. Refusal where it is none."""
    reckoned = book.units.of_day(details.registered_on)
    if not details.entry:
        return reckoned
    found = unit_called(details.entry, book.units, around=reckoned)
    if found is None:
        raise Refusal(unit_needed(details.entry, book.units, around=reckoned), field="entry")
    return found
