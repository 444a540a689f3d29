"""Verbs of awards: make, edit, share."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from programme.core.audit import differing, note
from programme.core.refusal import Refusal, refuse_if_changed
from programme.core.tokens import mark_of
from programme.core.web.words import join_words
from programme.engines.calendar.actions.events import sharers
from programme.people.organisations.sharers import seen_of as seen_sharers
from programme.strands.cohorts.awards.membership import keep_in_step
from programme.strands.cohorts.locking import lock
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward
from programme.strands.cohorts.states import AwardType, CandidatureState, TrainingUnit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.models import Organisation
    from programme.people.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDetails:
    """Everything about an award that its organisers write."""

    title: str
    kind: AwardType
    funder: str = ""
    grant_reference: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    placement_days: int = 0
    training_target: int = 10
    training_unit: TrainingUnit = TrainingUnit.DAYS
    hours_a_day: int = 7
    notes: str = ""


def make(session: Session, details: AwardDetails, *, lead_id: int, actor: Actor, now: datetime) -> FundingAward:
    """Make an award led by an organisation, shared with nobody yet."""
    check(details)
    award = FundingAward(lead_organisation_id=lead_id, created_at=now, co_owners=[], **asdict(details))
    session.add(award)
    session.flush()
    note(session, award, "award made", actor=actor, now=now, after={"title": award.title})
    return award


def edit(
    session: Session, award_id: int, details: AwardDetails, *, actor: Actor, now: datetime, seen: str = ""
) -> FundingAward:
    """Change an award. Refused where it is not any more what the form was made from, of which `seen` is the mark."""
    award = session.get_one(FundingAward, award_id)
    lock(session, award)
    refuse_if_changed(seen, seen_of(award))
    check(details)
    before, after = write(award, asdict(details))
    if after:
        note(session, award, "award edited", actor=actor, now=now, before=before, after=after)
    session.flush()
    return award


def write(row: FundingAward | Cohort, wanted: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write details onto a row; return what is otherwise now, as it was and as it is, for the trail."""
    before = {name: told(getattr(row, name)) for name in wanted}
    for name, value in wanted.items():
        setattr(row, name, value)
    return differing(before, {name: told(value) for name, value in wanted.items()})


def share(
    session: Session, award_id: int, organisations: Iterable[int], *, actor: Actor, now: datetime, seen: str = ""
) -> FundingAward:
    """Say which organisations share the award, and all its cohorts, with its lead.

    Refused where researchers are registered or supervised at one that is left out, or others share it meanwhile.
    """
    award = session.get_one(FundingAward, award_id)
    lock(session, award)
    session.expire(award, ["co_owners"])
    refuse_if_changed(seen, seen_sharers(award.co_owners))
    wanted = sharers(session, organisations, lead_id=award.lead_organisation_id)
    check_left_out(session, award, [row for row in award.co_owners if row not in wanted])
    before = [row.short_name for row in award.co_owners]
    award.co_owners = wanted
    after = [row.short_name for row in award.co_owners]
    session.flush()
    if after != before:
        note(session, award, "award shared", actor=actor, now=now, before={"with": before}, after={"with": after})
        for cohort in session.scalars(select(Cohort).where(Cohort.award_id == award.id).order_by(Cohort.id)):
            keep_in_step(session, cohort, now=now)
    return award


def check_left_out(session: Session, award: FundingAward, left_out: Collection[Organisation]) -> None:
    """Refuse to leave out a university at which there still are researchers of the award."""
    ids = [row.id for row in left_out]
    at_one = or_(Candidature.home_organisation_id.in_(ids), Candidature.partner_organisation_id.in_(ids))
    columns = select(Candidature.home_organisation_id, Candidature.partner_organisation_id).distinct()
    there = columns.join(Cohort, Cohort.id == Candidature.cohort_id).where(
        Cohort.award_id == award.id, at_one, Candidature.state != CandidatureState.WITHDRAWN
    )
    used = {number for row in session.execute(there) for number in row} if ids else set()
    named = [row.name for row in left_out if row.id in used]
    if named:
        raise Refusal(
            f"Researchers of this award are at the {join_words(named)}: it shares the award as long as they are."
            " Change their home or partner first.",
            field="organisations",
        )


def check(details: AwardDetails) -> None:
    """Refuse an award that ends before it begins."""
    if details.begins_on and details.ends_on and details.ends_on < details.begins_on:
        raise Refusal("The award ends before it begins: change one of the two dates.", field="ends_on")


def seen_of(award: FundingAward) -> str:
    """Return a mark of everything that the form of an award shows."""
    return mark_of(facts_of(award))


def facts_of(award: FundingAward) -> dict[str, Any]:
    """Return what the form of an award shows."""
    return {name: told(getattr(award, name)) for name in AwardDetails.__dataclass_fields__}


def told(value: Any) -> Any:
    """Return a value as the trail keeps it: days as text."""
    return value.isoformat() if hasattr(value, "isoformat") else value
