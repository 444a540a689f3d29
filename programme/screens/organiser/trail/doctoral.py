"""What of the doctoral strand stands in the trail, and for whom: awards, cohorts, records are their runners' alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from programme.core.audit import AuditEntry
from programme.engines.registration.models import Opening, Registration
from programme.people.models import Organisation, Person, RoleGrant
from programme.people.states import Role
from programme.strands.cohorts.awards.membership import COHORT
from programme.strands.cohorts.models import Admission, Candidature, Cohort, FundingAward, Rulebook
from programme.strands.cohorts.rights import AWARD, CANDIDATURE, awards_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

Key = tuple[str, int]
ADMISSION, REGISTRATION, RULEBOOK = "admission", "registration", "rulebook"
OWN_KINDS = frozenset({AWARD, COHORT, CANDIDATURE, ADMISSION})
"""Kinds of things whose entries, and names, only those who run the award see. Applications are registrations."""


def in_sight(reader: Actor) -> ColumnElement[bool]:
    """Return the condition for entries that a reader may see: of what runs on, those of awards that they run.

    Who keeps an eye on the whole installation sees that something was done, and not about whom. Nobody reads here
    what was done about their own application: conflicts that reviewers declared, keys that were turned.
    """
    own = select(Registration.id).where(
        Registration.person_id == reader.person_id, Registration.opening_id.in_(select(Admission.opening_id))
    )
    not_own = or_(AuditEntry.subject_kind != REGISTRATION, AuditEntry.subject_id.not_in(own))
    return not_own if reader.is_administrator else and_(not_own, or_(is_no_doctorate(), is_run(reader)))


def is_named(reader: Actor) -> ColumnElement[bool]:
    """Return the condition for entries whose doer a reader may know.

    Of awards that they do not run, these are the organisers alone: a researcher who logs a meeting, a supervisor who
    signs, an applicant who names referees would tell by their name whose record or application it is.
    """
    return or_(is_no_doctorate(), is_run(reader), AuditEntry.person_id.in_(organisers()))


def is_no_doctorate() -> ColumnElement[bool]:
    """Return the condition for entries about anything but the doctoral strand."""
    applications = select(Registration.id).where(Registration.opening_id.in_(select(Admission.opening_id)))
    return AuditEntry.subject_kind.not_in(OWN_KINDS) & or_(
        AuditEntry.subject_kind != REGISTRATION, AuditEntry.subject_id.not_in(applications)
    )


def is_run(reader: Actor) -> ColumnElement[bool]:
    """Return the condition for entries about what a reader runs."""
    run = run_ids(reader)
    return or_(*((AuditEntry.subject_kind == kind) & AuditEntry.subject_id.in_(ids) for kind, ids in run.items()))


def organisers() -> Select[int]:
    """Select whoever has the role of an organiser, or runs the installation."""
    return select(RoleGrant.person_id).where(RoleGrant.role.in_((Role.ORGANISER, Role.ADMINISTRATOR)))


def run_ids(reader: Actor) -> dict[str, Select[int]]:
    """Select the ids of what a reader runs, by kind."""
    awards = awards_of(reader)
    cohorts = select(Cohort.id).where(Cohort.award_id.in_(awards))
    admissions = select(Admission.id).where(Admission.cohort_id.in_(cohorts))
    calls = select(Admission.opening_id).where(Admission.cohort_id.in_(cohorts))
    return {
        AWARD: awards,
        COHORT: cohorts,
        CANDIDATURE: select(Candidature.id).where(Candidature.cohort_id.in_(cohorts)),
        ADMISSION: admissions,
        REGISTRATION: select(Registration.id).where(Registration.opening_id.in_(calls)),
    }


def unnamed(session: Session, entries: Sequence[AuditEntry], *, reader: Actor) -> frozenset[int]:
    """Return the ids of entries whose doer the reader may not know."""
    asked = [entry.id for entry in entries if entry.subject_kind in {*OWN_KINDS, REGISTRATION}]
    found = select(AuditEntry.id).where(AuditEntry.id.in_(asked), AuditEntry.person_id.is_not(None), ~is_named(reader))
    return frozenset(session.scalars(found)) if asked else frozenset()


def called(session: Session, keys: set[Key], *, reader: Actor) -> dict[Key, str]:
    """Return what awards, cohorts and records are called, for those who run them, and whose rulebooks are whose."""
    run = run_ids(reader)
    person = select(Candidature.id, Person.name).join(Person, Person.id == Candidature.person_id)
    call = select(Admission.id, Opening.title).join(Opening, Opening.id == Admission.opening_id)
    statements = {
        AWARD: (FundingAward.id, select(FundingAward.id, FundingAward.title).where(FundingAward.id.in_(run[AWARD]))),
        COHORT: (Cohort.id, select(Cohort.id, Cohort.title).where(Cohort.id.in_(run[COHORT]))),
        CANDIDATURE: (Candidature.id, person.where(Candidature.id.in_(run[CANDIDATURE]))),
        ADMISSION: (Admission.id, call.where(Admission.id.in_(run[ADMISSION]))),
        RULEBOOK: (Rulebook.id, select(Rulebook.id, Organisation.name).join(Rulebook.organisation)),
    }
    wanted = {kind: [number for known, number in keys if known == kind] for kind, _ in keys}
    return {
        (kind, row[0]): row[1]
        for kind, (column, statement) in statements.items()
        if wanted.get(kind)
        for row in session.execute(statement.where(column.in_(wanted[kind])))
    }
