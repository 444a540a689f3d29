"""Verbs of reminder rules: give the usual ones, add, change, remove, put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.registration.feedback.actions import ASKED, FEEDBACK
from programme.engines.registration.offers.actions import OFFER
from programme.engines.reminders.due import wrong_offset
from programme.engines.reminders.models import Anchor, Audience, OffsetUnit, ReminderRule
from programme.engines.reminders.outgoing.occurrences import offset_of
from programme.engines.reminders.ports import Side
from programme.engines.reminders.queries import had_rules, is_silent, rules_of, usual_rules
from programme.engines.reminders.wording import rule_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.reminders.models import UsualRule
    from programme.engines.reminders.ports import ReminderSubject
    from programme.people.permissions import Actor
    from programme.people.states import Strand

EVENT, EVENT_LETTER, OFFER_LETTER = "event", "event_reminder", "offer_ends"
WHOSE = {OFFER: "opening", FEEDBACK: "opening"}
"""In whose trail acts upon reminders of a kind stand, where it is not their own: these go by their opening."""
MOST_RULES = 12
TIMING = ("anchor", "unit", "offset", "audience", "parameters", "repeat_days")
WORDING = ("subject_line", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A rule as somebody wishes it: when, to whom, and in which words; without words the usual ones."""

    anchor: Anchor = Anchor.START
    unit: OffsetUnit = OffsetUnit.DAYS
    offset: int = -1
    audience: Audience = Audience.CONFIRMED
    parameters: Mapping[str, Any] | None = None
    repeat_days: int | None = None
    subject_line: str = ""
    words: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """Return it as columns of a rule."""
        given = {name: getattr(self, name) for name in (*TIMING, *WORDING)}
        return {**given, "parameters": dict(self.parameters) if self.parameters else None}


DEFAULT = Wish()
"""What an event gets where nothing else is usual: everybody with a place, one day before the start."""
BEFORE_DEADLINE = Wish(anchor=Anchor.DEADLINE, unit=OffsetUnit.HOURS, offset=-12, audience=Audience.OFFERED)
"""What offers get where nothing else is usual: those who have not answered, the evening before most deadlines."""
NEXT_DAY = Wish(anchor=Anchor.END, offset=1, audience=Audience.PRESENT)
"""When those who came are asked how it was, where nothing else is usual: a day after the end."""
DEFAULTS = {EVENT: (DEFAULT, EVENT_LETTER), OFFER: (BEFORE_DEADLINE, OFFER_LETTER), FEEDBACK: (NEXT_DAY, ASKED)}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a rule is for: its plug, its id, and the organisation in whose trail acts upon it stand."""

    subject: ReminderSubject
    id: int
    organisation_id: int


def ensure_default_rule(
    session: Session, event_id: int, now: datetime, *, strand: Strand | None = None
) -> ReminderRule | None:
    """Give an event the usual reminders of its strand; returns one of them, or None where it has or ever had a rule.

    Call it when an event is published or its first opening opens: whoever removed a reminder keeps it removed.
    """
    return next(iter(give_usual_rules(session, (EVENT, event_id), strand=strand, now=now)), None)


def give_usual_rules(
    session: Session,
    thing: tuple[str, int],
    *,
    strand: Strand | None,
    now: datetime,
    otherwise: Sequence[tuple[Wish, str]] = (),
) -> list[ReminderRule]:
    """Give a thing, by kind and id, what is usual in its strand; nothing where it has or ever had a rule.

    `otherwise` is what a strand's own things get, each with its letter, where nobody has said what is usual.
    """
    kind, thing_id = thing
    if had_rules(session, kind, thing_id):
        return []
    columns = usual_columns(session, kind, strand, now=now, otherwise=otherwise)
    given = [ReminderRule(**one, subject_id=thing_id) for one in columns]
    session.add_all(given)
    session.flush()
    return given


def give_default_rules(session: Session, events: Mapping[int, Strand], *, now: datetime) -> None:
    """Give events that were made just now the usual reminders of their strands, all at once."""
    usual = {strand: usual_columns(session, EVENT, strand, now=now) for strand in set(events.values())}
    rows = [{**one, "subject_id": event_id} for event_id, strand in events.items() for one in usual[strand]]
    if rows:
        session.execute(insert(ReminderRule), rows)


def usual_columns(
    session: Session, kind: str, strand: Strand | None, *, now: datetime, otherwise: Sequence[tuple[Wish, str]] = ()
) -> list[dict[str, Any]]:
    """Return the rules that things of a strand get, without whose they are; none where nothing is to be usual."""
    if strand is not None and is_silent(session, kind, strand):
        return []
    head = {"subject_kind": kind, "created_at": now}
    found = usual_rules(session, kind, strand)
    if not found and not is_silent(session, kind, None):
        default = otherwise or ([DEFAULTS[kind]] if kind in DEFAULTS else [])
        return [{**head, **wish.columns, "letter": letter} for wish, letter in default]
    names = ("letter", "anchor", "unit", "offset", "audience", "repeat_days")
    return [{**head, **{name: getattr(row, name) for name in names}} for row in found]


def add(session: Session, thing: Thing, wish: Wish, *, actor: Actor, now: datetime) -> ReminderRule:
    """Let a thing remind as wished besides; raises Refusal."""
    rules = rules_of(session, thing.subject.kind, thing.id)
    if len(rules) >= MOST_RULES:
        raise Refusal(f"There can be {MOST_RULES} reminders at most. Remove one first.")
    rule = made(thing, wish, others=rules, now=now)
    session.add(rule)
    session.flush()
    note(session, thing, "added a reminder", actor=actor, now=now, after=told(thing, rule))
    return rule


def change(
    session: Session, rule: ReminderRule, thing: Thing, wish: Wish, *, actor: Actor, now: datetime
) -> ReminderRule:
    """Let a rule remind as wished instead; raises Refusal.

    New words are what letters say from now on. Where another time or audience is wished, the old rule is retired and
    a new one made, which reminds anew unless its instant has passed already.
    """
    others = [one for one in rules_of(session, thing.subject.kind, thing.id) if one.id != rule.id]
    before, changed = told(thing, rule), made(thing, wish, others=others, now=now)
    if all(getattr(rule, name) == getattr(changed, name) for name in TIMING):
        rule.subject_line, rule.words = wish.subject_line, wish.words
        changed = rule
    else:
        rule.is_active = False
        session.add(changed)
    session.flush()
    note(session, thing, "changed a reminder", actor=actor, now=now, before=before, after=told(thing, changed))
    return changed


def remove(session: Session, rule: ReminderRule, thing: Thing, *, actor: Actor, now: datetime) -> None:
    """Send this reminder no more; the rule stays, retired, so that no usual one comes back."""
    rule.is_active = False
    session.flush()
    note(session, thing, "removed a reminder", actor=actor, now=now, before=told(thing, rule))


def put_back(session: Session, rule: ReminderRule, thing: Thing, *, actor: Actor, now: datetime) -> None:
    """Send a removed reminder after all; raises Refusal where another one stands in its place."""
    check(thing, rule, others=rules_of(session, thing.subject.kind, thing.id))
    rule.is_active = True
    session.flush()
    note(session, thing, "put a reminder back", actor=actor, now=now, after=told(thing, rule))


def made(thing: Thing, wish: Wish, *, others: Sequence[ReminderRule], now: datetime) -> ReminderRule:
    """Return the rule that was wished for, checked."""
    rule = ReminderRule(
        subject_kind=thing.subject.kind, subject_id=thing.id, is_active=True, created_at=now, **wish.columns
    )
    check(thing, rule, others=others)
    rule.letter = letter_of(thing.subject, wish.audience, wish.offset) or ""
    return rule


def check(thing: Thing, rule: ReminderRule, *, others: Sequence[ReminderRule]) -> None:
    """Refuse a rule that makes no sense for its subject, or is there already."""
    subject = thing.subject
    wrong = wrong_rule(subject, rule)
    if wrong:
        raise wrong
    reach = subject.audiences[rule.audience]
    if reach.parameter and reach.parameter not in (rule.parameters or {}):
        raise Refusal(f"Choose which {reach.parameter}.", field=reach.parameter)
    if any(all(getattr(one, name) == getattr(rule, name) for name in TIMING) for one in others):
        raise Refusal("There is a reminder at that time to the same people already.", field="amount")


def wrong_rule(subject: ReminderSubject, rule: ReminderRule | UsualRule) -> Refusal | None:
    """Say what is wrong with when and to whom a rule goes, if anything."""
    wrong = wrong_offset(offset_of(rule))
    if wrong:
        return Refusal(wrong, field="amount")
    if rule.anchor not in subject.anchors:
        return Refusal("Choose what it counts from.", field="anchor")
    if rule.repeat_days and not subject.may_repeat:
        return Refusal("This cannot be repeated.", field="repeat_days")
    if rule.audience not in subject.audiences:
        return Refusal("Choose to whom it goes.", field="audience")
    if letter_of(subject, rule.audience, rule.offset) is None:
        other = "afterwards" if rule.offset < 0 else "before"
        return Refusal(f"To {subject.audiences[rule.audience].words} it can only go {other}.", field="side")
    return None


def letter_of(subject: ReminderSubject, audience: Audience, offset: int) -> str | None:
    """Return the kind of letter that an audience gets before or afterwards; None where it gets none."""
    return subject.audiences[audience].letters.get(Side.BEFORE if offset < 0 else Side.AFTER)


def told(thing: Thing, rule: ReminderRule) -> dict[str, str]:
    """Return what the trail says of a rule."""
    return {"reminder": rule_words(thing.subject, rule)}


def note(session: Session, thing: Thing, verb: str, *, actor: Actor, now: datetime, **sides: dict[str, str]) -> None:
    """Write an act upon a thing's reminders into its trail."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(WHOSE.get(thing.subject.kind, thing.subject.kind), thing.id),
        now=now,
        organisation_id=thing.organisation_id,
        **sides,
    )
