"""Counts over a roll: by state and university, by answer; and sums that name nobody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.models import Answer
from programme.engines.registration.follow_ups.models import FollowUpRequest
from programme.engines.registration.models import Registration
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Question

FEWEST_TOLD = 10
HIDDEN = "fewer than 10"
ALSO_HIDDEN = "hidden"


@dataclass(slots=True)
class Tallies:
    """How many are in each state, and how many hold a place from each organisation (None is elsewhere).

    `states` counts registrations, as the lines of a roll are; `heads` and `homes` the people of them.
    """

    states: Counter[RegistrationState] = field(default_factory=Counter)
    heads: Counter[RegistrationState] = field(default_factory=Counter)
    homes: Counter[int | None] = field(default_factory=Counter)
    unproved: int = 0

    @property
    def all(self) -> int:
        """Everybody who ever registered."""
        return self.states.total()

    @property
    def holding(self) -> int:
        """How many people hold a place."""
        return sum(self.heads[state] for state in HOLDING)


def tallies(session: Session, opening_id: int) -> Tallies:
    """Count a roll in one query."""
    statement = (
        select(Registration.state, Registration.organisation_id, func.count(), func.count(Registration.prove_by))
        .add_columns(func.sum(Registration.heads))
        .where(Registration.opening_id == opening_id)
        .group_by(Registration.state, Registration.organisation_id)
    )
    found = Tallies()
    for state, organisation_id, number, unproved, heads in session.execute(statement):
        found.states[state] += number
        found.heads[state] += int(heads)
        if state in HOLDING:
            found.homes[organisation_id] += int(heads)
        if state in LIVE:
            found.unproved += unproved
    return found


def homes_of(session: Session, ids: Sequence[int]) -> Mapping[int, Organisation]:
    """Return organisations by id, in their order."""
    statement = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.position, Organisation.id)
    return {row.id: row for row in session.scalars(statement)}


def places_in_line(session: Session, opening_id: int, ids: Collection[int]) -> dict[int, int]:
    """Return where some registrations stand on the waiting list, from 1: counted by the database, however many wait."""
    number = func.row_number().over(order_by=(Registration.joined_at, Registration.id))
    line = (
        select(Registration.id, number.label("number"))
        .where(Registration.opening_id == opening_id, Registration.state == RegistrationState.WAITLISTED)
        .subquery()
    )
    return dict(session.execute(select(line.c.id, line.c.number).where(line.c.id.in_(ids))).all())


@dataclass(frozen=True, slots=True)
class Summed:
    """The answers to one question without any name: (answer, how many), and free texts, each as often as it came."""

    question: Question
    options: tuple[tuple[str, int], ...]
    texts: tuple[tuple[str, int], ...]
    unanswered: int


def summed(
    session: Session,
    opening_id: int,
    questions: Sequence[Question],
    *,
    members_only: Collection[int] | None = None,
    second: Collection[Question] = (),
) -> list[Summed]:
    """Count the answers of those with a place, question by question; sensitive ones of `members_only`, if given.

    Those to the `second` form are counted among whoever was asked it.
    """
    sums: list[Summed] = []
    for is_second in (False, True):
        of_form = [question for question in questions if (question in second) is is_second]
        narrow = [question for question in of_form if question.is_sensitive and members_only is not None]
        wide = [question for question in of_form if question not in narrow]
        sums += summed_of(session, holders(opening_id, is_second=is_second), wide)
        theirs = Registration.organisation_id.in_(members_only or ())
        sums += summed_of(session, holders(opening_id, is_second=is_second).where(theirs), narrow)
    return sorted(sums, key=lambda found: questions.index(found.question))


def holders(opening_id: int, *, is_second: bool) -> Select[int | None]:
    """Return the sheets of those with a place, empty where they answered nothing; of the second form, if asked it."""
    sheet = FollowUpRequest.sheet_id if is_second else Registration.answer_sheet_id
    found = select(sheet.label("sheet_id")).select_from(Registration)
    if is_second:
        found = found.join(FollowUpRequest, FollowUpRequest.registration_id == Registration.id)
    return found.where(Registration.opening_id == opening_id, Registration.state.in_(HOLDING))


def summed_of(session: Session, holding: Select[int | None], questions: Sequence[Question]) -> list[Summed]:
    """Count the answers on some sheets, question by question, in two queries; in none where nothing is asked."""
    if not questions:
        return []
    sheets = holding.subquery()
    total = session.scalar(select(func.count()).select_from(sheets)) or 0
    statement = (
        select(Answer.question_id, Answer.value, Answer.text)
        .join(sheets, sheets.c.sheet_id == Answer.sheet_id)
        .where(Answer.question_id.in_([question.id for question in questions]))
    )
    found: dict[int, list[tuple[object, str]]] = {question.id: [] for question in questions}
    for question_id, value, text in session.execute(statement):
        found[question_id].append((value, text))
    return [sum_of(question, found[question.id], total=total) for question in questions]


def each(value: object, text: str) -> list[str]:
    """Return what was chosen, one by one: options, the words of parts, or the answer as a whole."""
    if isinstance(value, dict):
        return list(map(str, value.values()))
    return list(map(str, value)) if isinstance(value, list) else [text]


def sum_of(question: Question, answers: Sequence[tuple[object, str]], *, total: int) -> Summed:
    """Count one question's answers: options in their own order, texts in the order of the alphabet."""
    if not KINDS[question.kind].is_counted:
        texts = Counter(" ".join(text.split()) for _, text in answers)
        return Summed(question, (), tuple(sorted(texts.items(), key=lambda it: it[0].casefold())), total - len(answers))
    counted: Counter[str] = Counter(dict.fromkeys(question.settings.get("options", ()), 0))
    for value, text in answers:
        counted.update(each(value, text))
    return Summed(question, tuple(counted.items()), (), total - len(answers))


def told_by_state(states: Mapping[RegistrationState, int]) -> dict[str, str]:
    """Return how many there are in each state, for those who may know only sums, alike on every page.

    Under 10 is hidden. Nowhere is a total of these told, so none can be found by subtraction.
    """
    counts = {
        "With a place": sum(states.get(state, 0) for state in HOLDING),
        "On the waiting list": states.get(RegistrationState.WAITLISTED, 0),
        "Cancelled": states.get(RegistrationState.CANCELLED, 0),
    }
    return {key: HIDDEN if 0 < number < FEWEST_TOLD else f"{number:,}" for key, number in counts.items()}


def told_sums(counts: Mapping[str, int]) -> dict[str, str]:
    """Return counts for those who may know only sums: under 10 hidden, and none to be found by subtraction.

    Where exactly one number would be hidden, the smallest of the others is hidden, too: the total would tell the one.
    """
    small = [key for key, number in counts.items() if 0 < number < FEWEST_TOLD]
    also: set[str] = set()
    if len(small) == 1:
        others = [key for key, number in counts.items() if number >= FEWEST_TOLD]
        also = {min(others, key=lambda key: counts[key])} if others else set()
    return {
        key: HIDDEN if key in small else ALSO_HIDDEN if key in also else f"{number:,}" for key, number in counts.items()
    }
