"""Awards, cohorts and researchers as tests need them; each flushes, none commits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from programme.strands.cohorts.models import Candidature, Cohort, FundingAward, StudyRate, Supervision
from programme.strands.cohorts.planning.residential.patterns.founding import found_pattern
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.rulebooks.founding import found_rulebooks
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import AwardType, CandidatureState, SupervisionRole
from tests.factories.cast import LONG_AGO

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.models import Organisation, Person

OCTOBER = date(2026, 10, 1)


def award(
    session: Session, *, lead: Organisation, shared_with: list[Organisation] | None = None, **given: Any
) -> FundingAward:
    """Add an award, shared with nobody unless said, and what an installation starts with where that is missing."""
    found_rulebooks(session, now=LONG_AGO)
    found_pattern(session, now=LONG_AGO)
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
    """Add a full-time researcher who is active since the cohort's entry, with milestones as reckoned."""
    begun = given.pop("registered_on", cohort.entry_on)
    rate = given.pop("rate", 100)
    units = book_of(session, home.id).units
    values = {"state": CandidatureState.ACTIVE, "state_since": begun, "department": "Chemistry", **given}
    row = Candidature(
        cohort_id=cohort.id,
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
    session.flush()
    renew_milestones(session, [row.id], now=LONG_AGO)
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
