"""What of a form is asked, given what was answered so far, and whether conditions hold together. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from programme.engines.questionnaire.kinds import KINDS, SECTION, Asked, Condition

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

MOST_CONDITIONS = 60
"""How many different conditions a form may have: the stylesheet has a line for each."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The ids of what is asked; and the question whose answer ended the form, if one did."""

    ids: frozenset[int]
    ended_by: Asked | None = None


def shown(questions: Sequence[Asked], chosen: Mapping[int, Collection[str]]) -> Shown:
    """Return what is asked: what has no condition, or one that an answer to an earlier question *that is asked* meets.

    A section's condition is that of everything in it. An answer that ends the form leaves nothing after it.
    """
    ids: set[int] = set()
    section = True
    for asked in questions:
        is_met = asked.condition is None or is_answered_so(asked.condition, ids, chosen)
        if asked.kind == SECTION:
            section = is_met
        if not (is_met and section):
            continue
        ids.add(asked.id)
        if asked.ends and not set(asked.ends).isdisjoint(chosen.get(asked.id, ())):
            return Shown(frozenset(ids), asked)
    return Shown(frozenset(ids))


def is_answered_so(condition: Condition, ids: Collection[int], chosen: Mapping[int, Collection[str]]) -> bool:
    """Whether a condition's question is asked and has one of its answers."""
    return condition.question in ids and not set(condition.answers).isdisjoint(chosen.get(condition.question, ()))


def has_rules(questions: Sequence[Asked]) -> bool:
    """Whether anything of a form depends on an answer."""
    return any(asked.condition or asked.ends for asked in questions)


def fault(questions: Sequence[Asked]) -> str:
    """Return what is wrong with the conditions of a form, in a sentence; "" where nothing is."""
    return next((said for asked in questions for said in faults(asked, questions)), "") or too_many(questions)


def faults(asked: Asked, questions: Sequence[Asked]) -> Iterator[str]:
    """Give what is wrong with the condition of one question: its question is gone, comes later or answers otherwise."""
    condition = asked.condition
    if condition is None:
        return
    places = {one.id: place for place, one in enumerate(questions)}
    if condition.question not in places:
        yield f"“{asked.label}” is asked only by the answer to this question. Change when it is asked first."
        return
    source = questions[places[condition.question]]
    if places[source.id] >= places[asked.id]:
        yield f"“{asked.label}” is asked only by the answer to “{source.label}”, so it has to come after it."
    offered = {sent for sent, _ in KINDS[source.kind].choices(source)}
    if not set(condition.answers) <= offered:
        gone = ", ".join(f"“{said}”" for said in condition.answers if said not in offered)
        so = f"“{asked.label}” is asked only if the answer to “{source.label}” is {gone}"
        yield f"{so}. Change when it is asked first."


def too_many(questions: Sequence[Asked]) -> str:
    """Return a sentence where there are more conditions than a page can follow; "" otherwise."""
    if len(gates(questions).numbers) <= MOST_CONDITIONS:
        return ""
    return f"A form has {MOST_CONDITIONS} different conditions at most. Put what belongs together into a section."


def said(condition: Condition, questions: Sequence[Asked]) -> str:
    """Say a condition in words."""
    source = next((one for one in questions if one.id == condition.question), None)
    if source is None:
        return ""
    words = dict(KINDS[source.kind].choices(source))
    given = " or ".join(f"“{words.get(answer, answer)}”" for answer in condition.answers)
    return f"Only if you answered {given} to “{source.label}”"


@dataclass(slots=True)
class Gates:
    """A form's conditions by number, for a browser that follows them without script.

    `needs` are the conditions that must all hold for something to be asked, those of what it depends on included;
    `unless` are those of which none may hold: answers that end the form, where these are always asked. Where they are
    not, `unless_when` has the ending with the conditions that must hold, too: that takes script to follow.
    """

    numbers: dict[Condition, int] = field(default_factory=dict)
    needs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    unless: dict[int, tuple[int, ...]] = field(default_factory=dict)
    unless_when: dict[int, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    ends: tuple[int, ...] = ()
    ends_when: tuple[tuple[int, ...], ...] = ()

    def number(self, condition: Condition) -> int:
        """Return a condition's number, the next one if it is new."""
        return self.numbers.setdefault(condition, len(self.numbers) + 1)

    def opened_by(self, question: int, answer: str) -> tuple[int, ...]:
        """Return the conditions that an answer meets."""
        return tuple(
            number
            for condition, number in self.numbers.items()
            if condition.question == question and answer in condition.answers
        )


def gates(questions: Sequence[Asked]) -> Gates:
    """Return the conditions of a form as a browser follows them."""
    found, section = Gates(), tuple[int, ...]()
    for asked in questions:
        own = tuple[int, ...]()
        if asked.condition:
            own = (*found.needs.get(asked.condition.question, ()), found.number(asked.condition))
        if asked.kind == SECTION:
            section = own
        found.needs[asked.id] = tuple(dict.fromkeys((*section, *own)))
        found.unless[asked.id], found.unless_when[asked.id] = found.ends, found.ends_when
        if asked.ends:
            number, needs = found.number(Condition(asked.id, asked.ends)), found.needs[asked.id]
            found.ends = found.ends if needs else (*found.ends, number)
            found.ends_when = (*found.ends_when, (number, *needs)) if needs else found.ends_when
    return found
