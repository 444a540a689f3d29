"""Awards, cohorts and researchers as tests need them; each flushes, none commits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core.database import Base
from programme.people.models import Organisation
from programme.strands.cohorts.models import (
    Candidature,
    Cohort,
    FundingAward,
    ResidentialPattern,
    Rulebook,
    StudyRate,
    Supervision,
)
from programme.strands.cohorts.planning.residential.patterns.founding import FOUNDED_PATTERNS, found_pattern
from programme.strands.cohorts.progress.renewing import renew_one
from programme.strands.cohorts.rulebooks.founding import FOUNDED_RULES, found_rulebooks
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import AwardType, CandidatureState, SupervisionRole
from tests.factories.cast import LONG_AGO, write_in, written

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.models import Person

OCTOBER = date(2026, 10, 1)
WRITTEN: dict[tuple[str, ...], list[str]] = {}
"""By kind of database and who has which number there, the statements that found the strand."""


def found_doctoral(session: Session) -> None:
    """Found the rulebooks and the pattern that an installation starts with, where they are missing."""
    if session.scalar(select(Rulebook.id).limit(1)) or session.scalar(select(ResidentialPattern.id).limit(1)):
        found_rulebooks(session, now=LONG_AGO)
        found_pattern(session, now=LONG_AGO)
        return
    session.flush()
    places = [f"{row.id} {row.slug}" for row in session.scalars(select(Organisation).order_by(Organisation.id))]
    key = (session.connection().dialect.name, *places)
    if key in WRITTEN:
        write_in(session, WRITTEN[key])
        return
    found_rulebooks(session, now=LONG_AGO)
    found_pattern(session, now=LONG_AGO)
    known = [kind.__tablename__ for kind in (*FOUNDED_RULES, *FOUNDED_PATTERNS)]
    WRITTEN[key] = written(session, [Base.metadata.tables[name] for name in known])


def award(
    session: Session, *, lead: Organisation, shared_with: list[Organisation] | None = None, **given: Any
) -> FundingAward:
    """Add an award, shared with nobody unless said, and what an installation starts with where that is missing."""
    found_doctoral(session)
    values = {"title": "Corridor Doctoral Award", "kind": AwardType.FOCAL, "created_at": LONG_AGO, **given}
    row = FundingAward(lead_organisation_id=lead.id, co_owners=shared_with or [], **values)
    session.add(row)
    session.flush()
    return row


def cohort(session: Session, *, award: FundingAward, entry_year: int = 2026, **given: Any) -> Cohort:
    """Add the cohort of a year."""
    values = {"title": f"Corridor cohort {entry_year}", "entry_on": date(entry_year, 10, 1), **given}
    row = Cohort(award_id=award.id, entry_year=entry_year, created_at=LONG_AGO, **values)
    session.add(row)
    session.flush()
    return row


def candidature(
    session: Session,
    *,
    cohort: Cohort,
    person: Person,
    home: Organisation,
    partner: Organisation | None = None,
    **given: Any,
) -> Candidature:
    """Add a full-time researcher who is active since the cohort's entry, with milestones as reckoned.

    They are reckoned before anything is written: what was just added need not be read back for that.
    """
    begun = given.pop("registered_on", cohort.entry_on)
    rate = given.pop("rate", 100)
    book = book_of(session, home.id)
    units = book.units
    values = {"state": CandidatureState.ACTIVE, "state_since": begun, "department": "Chemistry", **given}
    row = Candidature(
        cohort=cohort,
        person_id=person.id,
        home_organisation_id=home.id,
        partner_organisation_id=partner.id if partner else None,
        registered_on=begun,
        entry_unit=units.of_day(begun),
        created_at=LONG_AGO,
        rates=[StudyRate(first_unit=units.of_day(begun), per_cent=rate)],
        **values,
    )
    session.add(row)
    renew_one(session, row, book, now=LONG_AGO)
    session.flush()
    return row


def supervision(
    session: Session,
    *,
    candidature: Candidature,
    person: Person,
    organisation: Organisation,
    role: SupervisionRole = SupervisionRole.PRIMARY,
    **given: Any,
) -> Supervision:
    """Add a supervisor from the registration on."""
    values = {"share": 50, "begins_on": candidature.registered_on, **given}
    row = Supervision(
        candidature_id=candidature.id, person_id=person.id, organisation_id=organisation.id, role=role, **values
    )
    session.add(row)
    session.flush()
    return row
