"""What the record holds of one registration and the reminders of its events and opening: why each came or did not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from programme.core.audit import AuditEntry
from programme.core.web.words import moment
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.states import RegistrationState
from programme.engines.reminders.outgoing import forecast
from programme.engines.reminders.outgoing.occurrences import standing
from programme.engines.reminders.outgoing.queueing import audiences
from programme.engines.reminders.ports import Only
from programme.engines.reminders.queries import rules_ever
from programme.engines.reminders.reasons import Case, Reason, reason
from programme.engines.reminders.wording import offset_words
from programme.people.queries import names
from programme.screens.organiser.reminders.things import address_of
from programme.screens.organiser.reminders.told_to import to_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration
    from programme.engines.reminders.models import ReminderRule
    from programme.engines.reminders.outgoing.occurrences import Occurrence
    from programme.engines.reminders.ports import ReminderSubject

R = RegistrationState
MOST_LETTERS = 100
STANDS = {
    R.CONFIRMED: "has a place",
    R.WAITLISTED: "waits for a place",
    R.OFFERED: "is offered a place",
    R.PENDING: "waits for a decision",
    R.CANCELLED: "gave the place back",
    R.REFUSED: "was not admitted",
    R.LAPSED: "let the place lapse",
    R.DRAFT: "has not sent the form in",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A reminder and what became of it for one person."""

    rule: ReminderRule
    title: str
    words: str
    to: str
    reason: Reason
    sentence: str
    due: datetime | None
    url: str
    letter: OutboxMessage | None = None


@dataclass(frozen=True, slots=True)
class Whom:
    """The registration that is asked about, the present, and what its things are called."""

    row: Registration
    now: datetime
    titles: Mapping[tuple[str, int], str]

    @property
    def only(self) -> Only:
        """Return it, and its person, as those to look at alone."""
        person = [self.row.person_id] if self.row.person_id is not None else []
        return Only(frozenset([self.row.id]), frozenset(person))


def lines(session: Session, subjects: Iterable[ReminderSubject], whom: Whom) -> list[Line]:
    """Return every reminder that the things of a registration have or had, in the order of time."""
    found = [line for subject in subjects for line in lines_of(session, subject, whom)]
    return sorted(found, key=lambda line: (line.due is None, line.due, line.rule.id))


def lines_of(session: Session, subject: ReminderSubject, whom: Whom) -> list[Line]:
    """Return those of one kind of thing."""
    ids = [number for kind, number in whom.titles if kind == subject.kind]
    rules = rules_ever(session, subject.kind, ids) if ids else []
    if not rules:
        return []
    held = standing(session, subject, [rule.id for rule in rules])
    due = {one.rule.id: one for one in forecast.expected(held.values(), now=whom.now)}
    letters = letters_of_rules(session, whom.row, [rule.id for rule in rules])
    then = members(session, subject, list(due.values()), whom)
    later = [replace(one, turn=replace(one.turn, due=max(one.turn.due, whom.now))) for one in due.values()]
    now = members(session, subject, later, whom)
    doers = taken_back_by(session, [row for some in letters.values() for row in some])
    found = {rule.id: letter_for(letters.get(rule.id, []), due.get(rule.id)) for rule in rules}
    carriers = digests_of(session, [letter for letter in found.values() if letter is not None])
    told = []
    for rule in rules:
        own = found[rule.id]
        letter = carriers.get(own.digest_id or 0, own) if own else None
        case = case_of(rule, due.get(rule.id), letter, is_of=rule.id in now, was_of=rule.id in then, now=whom.now)
        told.append(line_of(subject, rule, case, letter, whom=whom, doer=doers.get(letter.id, "") if letter else ""))
    return told


def digests_of(session: Session, letters: Sequence[OutboxMessage]) -> dict[int, OutboxMessage]:
    """Return the digests that letters went in or were to go in, where there is something to tell of the digest itself.

    Of a digest that went and stayed there is nothing: the reminder went in it.
    """
    ids = {letter.digest_id for letter in letters if letter.state is OutboxState.BUNDLED and letter.digest_id}
    if not ids:
        return {}
    at_fault = (OutboxMessage.state != OutboxState.SENT) | OutboxMessage.bounced_at.is_not(None)
    return {row.id: row for row in session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(ids), at_fault))}


def case_of(
    rule: ReminderRule,
    one: Occurrence | None,
    letter: OutboxMessage | None,
    *,
    is_of: bool,
    was_of: bool,
    now: datetime,
) -> Case:
    """Return a rule and a person as the pure rule reads them."""
    return Case(
        now=now,
        made_at=rule.created_at,
        is_active=rule.is_active,
        letter=OutboxState(letter.state) if letter else None,
        was_taken_back=letter is not None and letter.withdrawn_at is not None,
        came_back=letter is not None and letter.bounced_at is not None,
        due=one.turn.due if one else None,
        until=one.turn.until if one else None,
        is_of=is_of,
        was_of=was_of,
    )


def members(session: Session, subject: ReminderSubject, due: Sequence[Occurrence], whom: Whom) -> set[int]:
    """Return the rules of whose audience the person is, by those instants: a statement for each audience."""
    found: set[int] = set()
    for _, chosen in audiences(subject, due, now=whom.now, only=whom.only):
        column = chosen.selected_columns["rule_id"]
        found |= set(session.scalars(chosen.with_only_columns(column, maintain_column_froms=True)))
    return found


def letters_of_rules(session: Session, row: Registration, rule_ids: Sequence[int]) -> dict[int, list[OutboxMessage]]:
    """Return the letters that rules queued for the person, the newest first."""
    about = and_(OutboxMessage.subject_kind == "registration", OutboxMessage.subject_id == row.id)
    mine = or_(about, OutboxMessage.person_id == row.person_id) if row.person_id is not None else about
    statement = select(OutboxMessage).where(mine, OutboxMessage.rule_id.in_(rule_ids))
    found: dict[int, list[OutboxMessage]] = {}
    for letter in session.scalars(statement.order_by(OutboxMessage.id.desc())):
        found.setdefault(letter.rule_id or 0, []).append(letter)
    return found


def letter_for(letters: Sequence[OutboxMessage], one: Occurrence | None) -> OutboxMessage | None:
    """Return the letter for the date as it is now; of a thing without one, the newest that went."""
    if one is None:
        return next((letter for letter in letters if letter.state is OutboxState.SENT), None)
    return next((letter for letter in letters if letter.context.get("instant") == one.stamp), None)


def taken_back_by(session: Session, letters: Sequence[OutboxMessage]) -> dict[int, str]:
    """Return who took letters back, by letter, from the trail."""
    ids = [letter.id for letter in letters if letter.withdrawn_at is not None]
    if not ids:
        return {}
    acts = select(AuditEntry.subject_id, AuditEntry.person_id).where(
        AuditEntry.subject_kind == "letter", AuditEntry.subject_id.in_(ids), AuditEntry.verb == "take a letter back"
    )
    found = {row.subject_id: row.person_id for row in session.execute(acts.order_by(AuditEntry.id))}
    known = names(session, {person for person in found.values() if person})
    return {letter_id: known.get(person or 0, "somebody") for letter_id, person in found.items()}


def line_of(
    subject: ReminderSubject, rule: ReminderRule, case: Case, letter: OutboxMessage | None, *, whom: Whom, doer: str
) -> Line:
    """Return what the page says of one reminder."""
    to, why = to_words(subject, rule), reason(case)
    home = address_of(rule.subject_kind, rule.subject_id)
    return Line(
        rule,
        whom.titles[rule.subject_kind, rule.subject_id],
        offset_words(subject, rule),
        to,
        why,
        said(why, case, letter, to=to, row=whom.row, doer=doer),
        case.due,
        f"{home}/{rule.id}" if rule.is_active else home,
        letter,
    )


def said(why: Reason, case: Case, letter: OutboxMessage | None, *, to: str, row: Registration, doer: str) -> str:
    """Say why in a sentence."""
    due = moment(case.due) if case.due else ""
    as_yet = "As things stand, i" if case.due and case.now < case.due else "I"
    at = moment(letter.accepted_at or letter.created_at) if letter else ""
    sentences = {
        Reason.WENT: f"It went on {at}.",
        Reason.CAME_BACK: f"It went on {at}, and came back{returned(letter)}.",
        Reason.IN_DIGEST: "It went in the digest of the day.",
        Reason.WAITS: f"It waits in the outbox since {at}.",
        Reason.FAILED: f"It could not be sent: {letter.last_error if letter else ''}".rstrip(": ."),
        Reason.NO_ANSWER: f"It was handed over on {at}, and no answer came: it may have arrived.",
        Reason.NO_LETTERS: "The address gets no such letters.",
        Reason.EXPIRED: "It was too late to be of use when it could have gone.",
        Reason.TAKEN_BACK: f"{doer or 'An organiser'} took it back before it went.",
        Reason.REMOVED: "The reminder was removed.",
        Reason.SILENT: "It does not take place, or has no date, so nothing is due.",
        Reason.MADE_LATE: f"The reminder was made on {moment(case.made_at)}, after it would have been due ({due}).",
        Reason.WILL_GO: f"It will go on {due}.",
        Reason.NOT_AMONG: f"{as_yet}t is for {to}. {row.name} {STANDS[row.state]}{since(row)}.",
        Reason.CAME_LATE: f"It fell due on {due}, before {row.name} was one of {to}{since(row)}.",
        Reason.MISSED: f"It was due on {due}, and nothing could be sent while it was of use.",
        Reason.DUE_NOW: f"It fell due on {due} and goes with the next round.",
    }
    return sentences[why]


def returned(letter: OutboxMessage | None) -> str:
    """Say when a letter came back, and with which words."""
    if letter is None or letter.bounced_at is None:
        return ""
    return f" on {moment(letter.bounced_at)}" + (
        f": {letter.bounce_detail.rstrip('.')}" if letter.bounce_detail else ""
    )


def since(row: Registration) -> str:
    """Say since when somebody stands where they stand."""
    at: dict[RegistrationState, Any] = {R.CONFIRMED: row.confirmed_at, R.WAITLISTED: row.joined_at}
    instant = at.get(row.state, row.ended_at)
    return f" since {moment(instant)}" if instant else ""
