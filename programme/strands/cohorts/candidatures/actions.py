"""Verbs of candidatures: add one to a cohort, correct it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core.audit import differing
from programme.core.refusal import Refusal, refuse_if_changed
from programme.core.tokens import mark_of
from programme.engines.calendar.times import to_wall
from programme.people.affiliations import person_id_for
from programme.people.models import Organisation
from programme.strands.cohorts.awards.actions import told
from programme.strands.cohorts.awards.membership import keep_in_step
from programme.strands.cohorts.candidatures.details import PLAIN, check, entry_unit
from programme.strands.cohorts.candidatures.noting import note
from programme.strands.cohorts.locking import hold, lock
from programme.strands.cohorts.models import Candidature, Cohort, StudyRate
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import CandidatureState
from programme.strands.cohorts.supervising.actions import ask_anew

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.candidatures.details import Details
    from programme.strands.cohorts.rulebooks.queries import Book

THERE_ALREADY = "Somebody with this address is in the cohort already: open their record instead."


def add(
    session: Session, cohort_id: int, details: Details, *, address: str, name: str, actor: Actor, now: datetime
) -> Candidature:
    """Add a researcher to a cohort: admitted until the registration begins, active from then on.

    The address finds somebody, or makes them known. Two at once of one person make one candidature: the cohort is
    locked.
    """
    cohort = session.get_one(Cohort, cohort_id)
    lock(session, cohort)
    book = book_of(session, details.home_id)
    candidature = enrol(session, cohort, details, book=book, address=address, name=name, now=now)
    renew_milestones(session, [candidature.id], now=now)
    keep_in_step(session, cohort, now=now)
    note(session, candidature, "researcher added", actor=actor, now=now)
    return candidature


def enrol(
    session: Session,
    cohort: Cohort,
    details: Details,
    *,
    book: Book,
    address: str,
    name: str,
    now: datetime,
    state: CandidatureState | None = None,
) -> Candidature:
    """Write a researcher into a cohort that is locked; whoever calls it reckons milestones and keeps groups in step."""
    check(details, cohort.award)
    entry = entry_unit(details, book)
    person_id = person_id_for(session, address=address, name=name, now=now)
    if session.scalar(in_cohort(cohort.id, person_id)) is not None:
        raise Refusal(THERE_ALREADY, field="address")
    candidature = Candidature(
        person_id=person_id,
        cohort=cohort,
        home_organisation_id=details.home_id,
        partner_organisation_id=details.partner_id,
        entry_unit=entry,
        state=state or begun(details, now=now),
        state_since=details.registered_on,
        created_at=now,
        rates=[StudyRate(first_unit=entry, per_cent=details.rate)],
        **{field: getattr(details, field) for field in PLAIN},
    )
    session.add(candidature)
    session.flush()
    return candidature


def in_cohort(cohort_id: int, person_id: int) -> Any:
    """Select the candidature of somebody in a cohort."""
    own = (Candidature.cohort_id == cohort_id, Candidature.person_id == person_id)
    return select(Candidature.id).where(*own)


def begun(details: Details, *, now: datetime) -> CandidatureState:
    """Return where somebody stands who is added."""
    is_begun = details.registered_on <= to_wall(now).date()
    return CandidatureState.ACTIVE if is_begun else CandidatureState.ADMITTED


def edit(
    session: Session, candidature_id: int, details: Details, *, actor: Actor, now: datetime, seen: str = ""
) -> Candidature:
    """Correct a candidature, and reckon its milestones anew.

    Refused where it is not any more what the form was made from, of which `seen` is the mark, and where what is
    counted in units of the home could not be kept. Between other universities the agreement is signed anew.
    """
    candidature = hold(session, candidature_id)
    refuse_if_changed(seen, seen_of(session, candidature))
    check(details, candidature.cohort.award)
    check_home(candidature, details.home_id)
    book = book_of(session, details.home_id)
    before = facts_of(session, candidature, book_of(session, candidature.home_organisation_id))
    between = (candidature.home_organisation_id, candidature.partner_organisation_id)
    write(candidature, details, entry=entry_unit(details, book))
    session.flush()
    if between != (details.home_id, details.partner_id):
        ask_anew(session, candidature, now=now)
    renew_milestones(session, [candidature.id], now=now)
    was, now_is = differing(before, facts_of(session, candidature, book))
    if now_is:
        note(session, candidature, "record edited", actor=actor, now=now, before=was, after=now_is)
    return candidature


def write(candidature: Candidature, details: Details, *, entry: int) -> None:
    """Write details onto the row; Refusal where something that is counted would begin before the entry."""
    check_later(candidature, entry)
    for field in PLAIN:
        setattr(candidature, field, getattr(details, field))
    candidature.home_organisation_id = details.home_id
    candidature.partner_organisation_id = details.partner_id
    candidature.entry_unit = entry
    if candidature.rates:
        candidature.rates[0].first_unit, candidature.rates[0].per_cent = entry, details.rate
    else:
        candidature.rates.append(StudyRate(first_unit=entry, per_cent=details.rate))


def check_later(candidature: Candidature, entry: int) -> None:
    """Refuse an entry after something that is counted."""
    if any(rate.first_unit <= entry for rate in candidature.rates[1:]):
        sentence = "The mode of study changes before that term. Take the change of mode back first."
        raise Refusal(sentence, field="entry")
    if any(one.first_unit < entry for one in candidature.suspensions):
        raise Refusal("A suspension begins before that term. Change the suspension first.", field="entry")


def check_home(candidature: Candidature, home_id: int) -> None:
    """Refuse another home where something is counted in the terms or months of this one."""
    counted = [*candidature.suspensions, *candidature.extensions, *candidature.rates[1:]]
    if home_id != candidature.home_organisation_id and counted:
        raise Refusal(
            "Suspensions, extensions and changes of mode are counted by the rulebook of the present home."
            " Take them out first, and grant them again at the new home.",
            field="home",
        )


def seen_of(session: Session, candidature: Candidature) -> str:
    """Return a mark of everything that the form of a candidature shows."""
    return mark_of(facts_of(session, candidature, book_of(session, candidature.home_organisation_id)))


def facts_of(session: Session, candidature: Candidature, book: Book) -> dict[str, Any]:
    """Return what the trail compares, in words that stay true."""
    names = {
        field: session.get_one(Organisation, number).short_name if number else ""
        for field, number in (
            ("home", candidature.home_organisation_id),
            ("partner", candidature.partner_organisation_id),
        )
    }
    rate = candidature.rates[0].per_cent if candidature.rates else 0
    plain = {field: told(getattr(candidature, field)) for field in PLAIN}
    return {**names, **plain, "entry": book.units.name(candidature.entry_unit), "rate": rate}
