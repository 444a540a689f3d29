"""Verbs of rulebooks: make one, change it, add, change and retire its milestones. Each ends with everybody's dates."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core import audit
from programme.core.refusal import Refusal, refuse_if_changed
from programme.core.tokens import mark_of
from programme.people.models import Organisation, OrganisationKind
from programme.strands.cohorts.locking import lock
from programme.strands.cohorts.milestones.units import MONTHS_A_YEAR, Counting
from programme.strands.cohorts.models import Candidature, MilestoneRule, Rulebook, RulebookTerm
from programme.strands.cohorts.rulebooks.checking import Standing, left_hanging, wrong_book, wrong_rule
from programme.strands.cohorts.rulebooks.effects import renewed
from programme.strands.cohorts.rulebooks.facts import (
    APART,
    copied,
    facts_of,
    facts_of_rule,
    seen_of,
    standing,
    write_rule,
    write_terms,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.rulebooks.checking import BookDetails, RuleDetails
    from programme.strands.cohorts.rulebooks.effects import Effect

RULEBOOK = "rulebook"


def make(
    session: Session, organisation_id: int, *, like: Rulebook | None, counting: Counting, actor: Actor, now: datetime
) -> Rulebook:
    """Make the rulebook of a university that has none: a copy of another, or an empty one."""
    university = session.get(Organisation, organisation_id)
    if university is None or university.kind is not OrganisationKind.UNIVERSITY:
        raise Refusal("Only a university has a rulebook. Choose one.", field="organisation")
    if session.scalar(select(Rulebook.id).where(Rulebook.organisation_id == organisation_id)) is not None:
        raise Refusal(f"The {university.name} has a rulebook already: change that one.", field="organisation")
    book = copied(like) if like else Rulebook(counting=counting, terms=usual_terms(counting), rules=[])
    book.organisation_id, book.changed_at = organisation_id, now
    session.add(book)
    session.flush()
    note(session, book, "rulebook made", actor=actor, now=now)
    return book


def usual_terms(counting: Counting) -> list[RulebookTerm]:
    """Return three terms to begin with, where terms are counted."""
    if counting is Counting.MONTHS:
        return []
    words = (("Autumn", "AU", 0), ("Spring", "SP", 1), ("Summer", "SU", 1))
    return [
        RulebookTerm(position=place, name=name, code=code, years_later=later)
        for place, (name, code, later) in enumerate(words)
    ]


def edit(
    session: Session, rulebook_id: int, details: BookDetails, *, actor: Actor, now: datetime, seen: str = ""
) -> Effect:
    """Change how a university counts, what it allows; return whose dates move by it.

    Refused where a course that is under way would be counted otherwise, and where the rulebook is not any more what
    the form was made from, of which `seen` is the mark.
    """
    book = locked(session, rulebook_id)
    refuse_if_changed(seen, seen_of(book))
    wrong = wrong_book(details)
    if wrong:
        raise Refusal(wrong.sentence, field=wrong.field)
    check_counting(session, book, details)
    before = facts_of(book)
    for name, value in asdict(details).items():
        if name not in APART:
            setattr(book, name, value)
    write_terms(book, details.terms if details.counting is Counting.TERMS else ())
    touch(session, book, now=now)
    was, now_is = audit.differing(before, facts_of(book))
    if now_is:
        note(session, book, "rulebook changed", actor=actor, now=now, before=was, after=now_is)
    return renewed(session, book.organisation_id, now=now)


def check_counting(session: Session, book: Rulebook, details: BookDetails) -> None:
    """Refuse to count otherwise while anybody's course is counted so: nobody could say what its numbers mean."""
    number = len(details.terms) if details.counting is Counting.TERMS else 0
    is_same = details.counting is book.counting and number in {len(book.terms), 0}
    counted = select(Candidature.id).where(Candidature.home_organisation_id == book.organisation_id).limit(1)
    if not is_same and session.scalar(counted) is not None:
        field = "counting" if details.counting is not book.counting else "terms"
        raise Refusal(
            "Courses of researchers are counted in these units already, so their number in a year stays."
            " Names and codes of terms may change.",
            field=field,
        )
    if details.counting is not book.counting and any(rule.retired_at is None for rule in book.rules):
        raise Refusal(
            "Its milestones are counted in these units. Retire them first, then count otherwise.", field="counting"
        )


def add_rule(session: Session, rulebook_id: int, details: RuleDetails, *, actor: Actor, now: datetime) -> Effect:
    """Add a milestone, or take one that was retired up again; return whose dates move by it."""
    book = locked(session, rulebook_id)
    check_rule(book, details, standing(book))
    retired = (rule for rule in book.rules if (rule.code, rule.award_id) == (details.code, details.award_id))
    rule = next(retired, None)
    if rule is None:
        rule = MilestoneRule(code=details.code, award_id=details.award_id)
        book.rules.append(rule)
    rule.retired_at = None
    write_rule(rule, details)
    return ended(session, book, "rule added", rule, actor=actor, now=now)


def edit_rule(
    session: Session, rule_id: int, details: RuleDetails, *, actor: Actor, now: datetime, seen: str = ""
) -> Effect:
    """Change a milestone; its code and for whom it is stay. Return whose dates move by it."""
    rule = session.get_one(MilestoneRule, rule_id)
    book = locked(session, rule.rulebook_id)
    session.refresh(rule)
    refuse_if_changed(seen, mark_of(facts_of_rule(rule)))
    others = [one for one in standing(book) if (one.code, one.award_id) != (rule.code, rule.award_id)]
    check_rule(book, details, others)
    before = facts_of_rule(rule)
    write_rule(rule, details)
    was, now_is = ({"milestone": rule.title, **side} for side in audit.differing(before, facts_of_rule(rule)))
    return ended(session, book, "rule changed", rule, actor=actor, now=now, before=was, after=now_is)


def retire_rule(session: Session, rule_id: int, *, actor: Actor, now: datetime) -> Effect:
    """Ask a milestone of nobody any more; what was done about it stays. Return whose dates go by it."""
    rule = session.get_one(MilestoneRule, rule_id)
    book = locked(session, rule.rulebook_id)
    session.refresh(rule)
    if rule.retired_at is not None:
        raise Refusal("This milestone is retired already.")
    rest = [one for one in standing(book) if (one.code, one.award_id) != (rule.code, rule.award_id)]
    refuse_hanging(rest)
    rule.retired_at = now
    return ended(session, book, "rule retired", rule, actor=actor, now=now)


def check_rule(book: Rulebook, details: RuleDetails, others: list[Standing]) -> None:
    """Refuse a milestone that cannot be reckoned, or on whose account another one cannot."""
    a_year = MONTHS_A_YEAR if book.counting is Counting.MONTHS else len(book.terms)
    beside = [one for one in others if one.award_id in {None, details.award_id}]
    beside = [one for one in beside if one.code != details.code or one.award_id == details.award_id]
    wrong = wrong_rule(details, beside, counting=book.counting, a_year=a_year)
    if wrong:
        raise Refusal(wrong.sentence, field=wrong.field)
    mine = Standing(details.code, details.title, details.reckoned, details.base, details.award_id)
    refuse_hanging([*others, mine])


def refuse_hanging(rules: list[Standing]) -> None:
    """Refuse what leaves a milestone without the one that it stands before."""
    hanging = left_hanging(rules)
    if hanging is not None:
        sentence = f"“{hanging.title}” is due some weeks before this one. Let it stand before another one first."
        raise Refusal(sentence, field="reckoned")


def ended(
    session: Session,
    book: Rulebook,
    verb: str,
    rule: MilestoneRule,
    *,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Effect:
    """Note a change of a milestone, and bring everybody's dates in line with it."""
    touch(session, book, now=now)
    told = after or {"milestone": rule.title}
    note(session, book, verb, actor=actor, now=now, before=before, after=told)
    return renewed(session, book.organisation_id, now=now)


def locked(session: Session, rulebook_id: int) -> Rulebook:
    """Lock a rulebook and return it as it is now."""
    book = session.get_one(Rulebook, rulebook_id)
    lock(session, book)
    session.expire(book, ["terms", "rules"])
    return book


def touch(session: Session, book: Rulebook, *, now: datetime) -> None:
    """Note that a rulebook is another one now."""
    book.revision += 1
    book.changed_at = now
    session.flush()


def note(
    session: Session,
    book: Rulebook,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write an act on a rulebook into the trail of its university."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(RULEBOOK, book.id),
        now=now,
        organisation_id=book.organisation_id,
        before=before,
        after=after,
    )
