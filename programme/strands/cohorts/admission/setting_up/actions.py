"""Verbs of an admission: a call is made with its form and its keys, and what is asked about applications is changed."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from programme.core.refusal import Refusal
from programme.engines.registration.deciding.actions import MOST_DAYS, Wanted
from programme.engines.registration.deciding.changing import AnswersChange
from programme.engines.registration.deciding.queries import key_holders
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.openings import actions as openings
from programme.engines.registration.openings.editing.details import Details
from programme.engines.registration.states import PlacesBy
from programme.flows.deciding.settings import set_terms
from programme.people.states import OrganisationKind, Strand
from programme.strands.cohorts.admission.locking import hold
from programme.strands.cohorts.admission.setting_up.asking import HOME, PROJECT, STUDIES, ready_form
from programme.strands.cohorts.admission.setting_up.wanted import Asks, Call, Criterion, check_asks
from programme.strands.cohorts.admission.trail import note
from programme.strands.cohorts.awards.actions import told
from programme.strands.cohorts.locking import lock
from programme.strands.cohorts.models import Admission, AdmissionCriterion, ReviewScore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from programme.people.models import Organisation
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Cohort

HOURS_A_DAY, FEWEST_KEYS = 24, 2
IS_SCORED = "Reviewers have scored by these criteria, so titles and weights stay. Everything else here may change."


def make(session: Session, cohort: Cohort, call: Call, asks: Asks, *, actor: Actor, now: datetime) -> Admission:
    """Make a call for a cohort, led and shared as its award is: a draft, with a ready form and two keys."""
    lock(session, cohort)
    check_asks(asks, closes_at=call.closes_at)
    award = cohort.award
    lead = award.lead_organisation_id
    opening = openings.create(session, details_of(call), lead_id=lead, strand=Strand.COHORTS, actor=actor, now=now)
    openings.share(session, opening.id, [row.id for row in award.co_owners], actor=actor, now=now)
    opening.questionnaire, known = ready_form(session, [row.name for row in universities(cohort)], now=now)
    set_terms(session, opening.id, terms_of(opening, call, asks), actor=actor, now=now)
    row = Admission(
        cohort_id=cohort.id,
        opening_id=opening.id,
        home_question_id=known.get(HOME),
        project_question_id=known[PROJECT],
        studies_question_id=known[STUDIES],
        created_at=now,
        **plain(asks),
    )
    row.criteria = [renewed(None, one, place) for place, one in enumerate(asks.criteria)]
    session.add(row)
    session.flush()
    note(session, row, "made an admission", actor=actor, now=now, after={"title": opening.title})
    return row


def change(session: Session, admission_id: int, asks: Asks, *, actor: Actor, now: datetime) -> Admission:
    """Change what is asked about applications; by what reviewers have scored already stays what it was."""
    row = hold(session, admission_id)
    check_asks(asks, closes_at=row.opening.closes_at)
    if weighed(row.criteria) != [(one.title, one.weight) for one in asks.criteria]:
        if is_scored(session, admission_id):
            raise Refusal(IS_SCORED, field="criteria")
        kept = {one.id: one for one in row.criteria}
        row.criteria = [renewed(kept.get(one.id or 0), one, place) for place, one in enumerate(asks.criteria)]
    for known, one in zip(row.criteria, asks.criteria, strict=True):
        known.anchors = list(one.anchors)
    before = {name: getattr(row, name) for name in plain(asks)}
    for name, value in plain(asks).items():
        setattr(row, name, value)
    session.flush()
    changed = [name for name, value in plain(asks).items() if value != before[name]]
    was, now_is = ({name: told(side[name]) for name in changed} for side in (before, plain(asks)))
    note(session, row, "changed an admission", actor=actor, now=now, before=was, after=now_is)
    return row


def universities(cohort: Cohort) -> list[Organisation]:
    """Return the universities among those that run an award, in their order."""
    owners = [cohort.award.lead_organisation, *cohort.award.co_owners]
    found = [row for row in owners if row.kind is OrganisationKind.UNIVERSITY]
    return sorted(found, key=lambda row: (row.position, row.id))


def details_of(call: Call) -> Details:
    """Return a call as the form of openings would hold it."""
    return Details(
        title=call.title,
        note=call.note,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        capacity=call.places,
        places_by=PlacesBy.DECISION,
        offer_hours=call.offer_days * HOURS_A_DAY,
    )


def terms_of(opening: Opening, call: Call, asks: Asks) -> Wanted:
    """Return how a call decides: by a key of each university where two share it; what is sent stays once it closes.

    Keys are counted from then on, so whatever referees and reviewers have beyond it comes on top.
    """
    keyed = len(key_holders(opening)) >= FEWEST_KEYS
    return Wanted(
        decided_by=DecidedBy.KEYS if keyed else DecidedBy.ORGANISERS,
        days=min(call.key_days + days_after(call, asks), MOST_DAYS),
        answers_change=AnswersChange.UNTIL if call.closes_at else AnswersChange.UNDECIDED,
        answers_until=call.closes_at,
    )


def days_after(call: Call, asks: Asks) -> int:
    """Return for how many days referees and reviewers go on after a call closes."""
    last = max((one for one in (asks.references_by, asks.reviews_by) if one is not None), default=None)
    return ceil((last - call.closes_at) / timedelta(days=1)) if last and call.closes_at else 0


def plain(asks: Asks) -> dict[str, Any]:
    """Return what is kept in columns."""
    return {
        "references_wanted": asks.references_wanted,
        "references_by": asks.references_by,
        "reviews_by": asks.reviews_by,
        "hides_names": asks.hides_names,
    }


def weighed(criteria: Sequence[AdmissionCriterion]) -> list[tuple[str, int]]:
    """Return titles and weights, in their order."""
    return [(one.title, one.weight) for one in criteria]


def renewed(row: AdmissionCriterion | None, one: Criterion, place: int) -> AdmissionCriterion:
    """Return the row of a criterion as it is meant now."""
    row = row or AdmissionCriterion()
    row.title, row.weight, row.position = one.title, one.weight, place
    row.anchors = list(one.anchors)
    return row


def is_scored(session: Session, admission_id: int) -> bool:
    """Whether a reviewer has scored by the criteria of an admission."""
    scored = exists().where(
        ReviewScore.criterion_id == AdmissionCriterion.id, AdmissionCriterion.admission_id == admission_id
    )
    return bool(session.scalar(select(scored)))
