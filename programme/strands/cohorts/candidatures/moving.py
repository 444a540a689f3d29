"""Verbs that let a candidature go on: where it stands, and at which rate it is studied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.core.web.words import long_date
from programme.engines.calendar.times import to_wall
from programme.strands.cohorts.awards.membership import keep_in_step
from programme.strands.cohorts.awards.words import STATE_WORDS
from programme.strands.cohorts.candidatures.noting import note
from programme.strands.cohorts.candidatures.rule import joined_rates, unit_called, unit_needed, wrong_rate
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.milestones.course import FULL, Rate
from programme.strands.cohorts.models import Cohort, Milestone, MilestoneRule, StudyRate
from programme.strands.cohorts.progress.handing.handing_in import record_done
from programme.strands.cohorts.progress.renewing import course_of, renew_milestones
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import CANDIDATURE_MOVES, UNREACHED, CandidatureState

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature

WITH_REASON = frozenset({CandidatureState.LEAVE, CandidatureState.WITHDRAWN})
OVER = frozenset({CandidatureState.COMPLETED, CandidatureState.WITHDRAWN})
AS_THE_STATUS_SAYS = "The status was changed to submitted."


def move_on(
    session: Session,
    candidature_id: int,
    target: CandidatureState,
    *,
    on: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Candidature:
    """Let somebody stand elsewhere since a day, with the reason where one is needed; the cohort's group follows.

    Whoever has submitted has reached what their course ends with: nobody is reminded of it any more.
    """
    candidature = hold(session, candidature_id)
    check_day(candidature, on, today=to_wall(now).date())
    is_back = candidature.state in OVER
    if (target in WITH_REASON or is_back) and not reason:
        raise Refusal("Say why, in a few words: it stays in the record.", field="reason")
    now_word, wanted_word = STATE_WORDS[candidature.state].lower(), STATE_WORDS[target].lower()
    sentence = f"This researcher is {now_word} now and cannot become {wanted_word}. Choose another status."
    was = move(candidature, target, moves=CANDIDATURE_MOVES, sentence=sentence)
    before = {"stands": was.value, "since": candidature.state_since.isoformat()}
    candidature.state_since = on
    session.flush()
    renew_milestones(session, [candidature.id], now=now)
    keep_in_step(session, session.get_one(Cohort, candidature.cohort_id), now=now)
    after = {"stands": target.value, "since": on.isoformat(), "reason": reason}
    note(session, candidature, "status moved", actor=actor, now=now, before=before, after=after)
    if target is CandidatureState.SUBMITTED and not is_back:
        settle_last(session, candidature, on=on, actor=actor, now=now)
    return candidature


def settle_last(session: Session, candidature: Candidature, *, on: date, actor: Actor, now: datetime) -> None:
    """Note as done what a course ends with, where it is open or waits to be signed."""
    ends = select(Milestone.id).join(MilestoneRule, MilestoneRule.id == Milestone.rule_id)
    own = (Milestone.candidature_id == candidature.id, Milestone.state.in_(UNREACHED), MilestoneRule.is_last)
    for number in session.scalars(ends.where(*own)).all():
        record_done(session, candidature.id, number, done_on=on, words=AS_THE_STATUS_SAYS, actor=actor, now=now)


def check_day(candidature: Candidature, on: date, *, today: date) -> None:
    """Refuse a day before the status that ends with it, and one that is still to come."""
    if on < candidature.state_since:
        since = long_date(candidature.state_since)
        raise Refusal(f"The present status began on {since}: choose that day or a later one.", field="on")
    if on > today:
        raise Refusal("That day is still to come: change the status when it is there.", field="on")


def change_mode(
    session: Session, candidature_id: int, *, from_unit: str, per_cent: int, reason: str, actor: Actor, now: datetime
) -> Candidature:
    """Let somebody study at another rate from a unit on, as people call it, and reckon the milestones anew.

    What was said of the rate before and after that unit stays; said again with the rate before it, it is taken back.
    """
    candidature = hold(session, candidature_id)
    units = book_of(session, candidature.home_organisation_id).units
    first = unit_called(from_unit, units, around=candidature.entry_unit)
    if first is None:
        raise Refusal(unit_needed(from_unit, units, around=candidature.entry_unit), field="from_unit")
    if first < candidature.entry_unit:
        sentence = f"The course began in {units.name(candidature.entry_unit)}: change the mode from then on."
        raise Refusal(sentence, field="from_unit")
    wrong = wrong_rate(per_cent)
    if wrong:
        raise Refusal(wrong.sentence, field=wrong.field)
    before = course_of(candidature).rate(first)
    if not set_rate(candidature, Rate(first, per_cent)):
        raise Refusal(f"That is the mode in {units.name(first)} already. Nothing was changed.", field="per_cent")
    session.flush()
    renew_milestones(session, [candidature.id], now=now)
    term = units.name(first)
    was, now_is = {"rate": before}, {"rate": per_cent, "from_term": term, "reason": reason}
    note(session, candidature, "mode changed", actor=actor, now=now, before=was, after=now_is)
    return candidature


def set_rate(candidature: Candidature, wanted: Rate) -> bool:
    """Write a rate among those there are; False where that changes nothing."""
    known = {rate.first_unit: rate.per_cent for rate in candidature.rates} or {candidature.entry_unit: FULL}
    rates = [Rate(first, per_cent) for first, per_cent in {**known, wanted.first: wanted.per_cent}.items()]
    kept = {rate.first: rate.per_cent for rate in joined_rates(rates)}
    if kept == known:
        return False
    for row in [row for row in candidature.rates if row.first_unit not in kept]:
        candidature.rates.remove(row)
    rows = {row.first_unit: row for row in candidature.rates}
    for first, per_cent in kept.items():
        if first in rows:
            rows[first].per_cent = per_cent
        else:
            candidature.rates.append(StudyRate(first_unit=first, per_cent=per_cent))
    return True
