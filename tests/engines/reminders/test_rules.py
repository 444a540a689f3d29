"""Rules of an event's reminders: the usual ones, changed, removed for good, put back."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.reminders import actions, usual
from programme.engines.reminders.actions import Thing, Wish
from programme.engines.reminders.models import Anchor, Audience, OffsetUnit, ReminderRule
from programme.engines.reminders.queries import rules_of, silences
from programme.engines.reminders.wording import rule_words
from programme.flows.subjects.events import EVENTS
from programme.people.permissions import Actor
from programme.people.states import Strand
from tests.bed.clock import START

EVENT = 7
TALK = Thing(EVENTS, EVENT, 1)
BY: dict[str, Any] = {"actor": Actor(person_id=3), "now": START}


def offsets(session: Session) -> list[tuple[int, OffsetUnit]]:
    """The offsets of the event's active rules."""
    return [(rule.offset, rule.unit) for rule in rules_of(session, "event", EVENT)]


def given(session: Session, strand: Strand | None = None) -> ReminderRule:
    """The event's usual reminder, which it gets."""
    rule = actions.ensure_default_rule(session, EVENT, START, strand=strand)
    assert rule is not None
    return rule


def test_event_gets_the_usual_reminder_once(session: Session) -> None:
    given(session)
    assert actions.ensure_default_rule(session, EVENT, START) is None
    assert offsets(session) == [(-1, OffsetUnit.DAYS)]


def test_strand_gets_what_is_usual_there_and_everywhere(session: Session) -> None:
    everywhere = Wish(offset=-3)
    usual.add(session, EVENTS, everywhere, strand=None, **BY)
    feedback = Wish(anchor=Anchor.END, offset=2, unit=OffsetUnit.HOURS, audience=Audience.PRESENT)
    row = usual.add(session, EVENTS, feedback, strand=Strand.EXCHANGE, **BY)
    actions.give_default_rules(session, {1: Strand.COHORTS, 2: Strand.EXCHANGE}, now=START)
    found = {n: [(rule.offset, rule.letter) for rule in rules_of(session, "event", n)] for n in (1, 2)}
    assert found == {1: [(-3, "event_reminder")], 2: [(-3, "event_reminder"), (2, "event_notice")]}
    with pytest.raises(Refusal, match="usual already"):
        usual.add(session, EVENTS, feedback, strand=Strand.EXCHANGE, **BY)
    usual.remove(session, row, EVENTS, **BY)
    actions.give_default_rules(session, {3: Strand.EXCHANGE}, now=START)
    assert len(rules_of(session, "event", 3)) == 1


def test_nothing_can_be_usual_in_one_strand_and_in_all(session: Session) -> None:
    usual.add(session, EVENTS, Wish(offset=-3), strand=None, **BY)
    usual.add(session, EVENTS, Wish(offset=-7), strand=Strand.EXCHANGE, **BY)
    usual.silence(session, EVENTS, strand=Strand.EXCHANGE, **BY)
    assert made_now(session) == {Strand.COHORTS: [-3], Strand.EXCHANGE: []}
    with pytest.raises(Refusal, match="already"):
        usual.silence(session, EVENTS, strand=Strand.EXCHANGE, **BY)
    usual.silence(session, EVENTS, strand=None, **BY)
    assert made_now(session) == {Strand.COHORTS: [], Strand.EXCHANGE: []}
    for row in silences(session):
        usual.speak_again(session, row, EVENTS, **BY)
    assert made_now(session) == {Strand.COHORTS: [-1], Strand.EXCHANGE: [-1]}


def test_a_usual_reminder_ends_the_silence_of_its_strand(session: Session) -> None:
    usual.silence(session, EVENTS, strand=Strand.EXCHANGE, **BY)
    usual.silence(session, EVENTS, strand=None, **BY)
    usual.add(session, EVENTS, Wish(offset=-2), strand=Strand.EXCHANGE, **BY)
    assert made_now(session) == {Strand.COHORTS: [], Strand.EXCHANGE: [-2]}
    assert [row.strand for row in silences(session)] == [None]


def made_now(session: Session) -> dict[Strand, list[int]]:
    """The offsets that events of two strands would get now."""
    strands = (Strand.COHORTS, Strand.EXCHANGE)
    return {one: [row["offset"] for row in actions.usual_columns(session, "event", one, now=START)] for one in strands}


def test_removed_reminder_does_not_come_back_by_itself(session: Session) -> None:
    actions.remove(session, given(session), TALK, **BY)
    assert actions.ensure_default_rule(session, EVENT, START) is None
    assert offsets(session) == []


def test_removed_reminder_is_put_back_unless_another_took_its_place(session: Session) -> None:
    rule = given(session)
    actions.remove(session, rule, TALK, **BY)
    actions.put_back(session, rule, TALK, **BY)
    assert offsets(session) == [(-1, OffsetUnit.DAYS)]
    actions.remove(session, rule, TALK, **BY)
    actions.add(session, TALK, Wish(), **BY)
    with pytest.raises(Refusal, match="already"):
        actions.put_back(session, rule, TALK, **BY)


def test_reminder_is_changed_and_another_added(session: Session) -> None:
    actions.change(session, given(session), TALK, Wish(offset=-2), **BY)
    actions.add(session, TALK, Wish(offset=-3, unit=OffsetUnit.HOURS), **BY)
    assert offsets(session) == [(-2, OffsetUnit.DAYS), (-3, OffsetUnit.HOURS)]
    acts = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [act.verb for act in acts] == ["changed a reminder", "added a reminder"]
    assert acts[0].before == {"reminder": "1 day before the start, to everybody with a place"}
    assert acts[0].after == {"reminder": "2 days before the start, to everybody with a place"}


def test_new_words_keep_the_rule_and_a_new_time_makes_another(session: Session) -> None:
    rule = given(session)
    same = actions.change(session, rule, TALK, Wish(words="Bring a pen.", subject_line="Pens"), **BY)
    assert (same.id, same.words, same.subject_line) == (rule.id, "Bring a pen.", "Pens")
    other = actions.change(session, rule, TALK, Wish(offset=-2, words="Bring a pen."), **BY)
    assert other.id != rule.id
    assert not rule.is_active


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish(), "already"),
        (Wish(offset=-366), "at most"),
        (Wish(anchor=Anchor.DUE), "counts from"),
        (Wish(audience=Audience.INVITED), "to whom"),
        (Wish(audience=Audience.PRESENT), "only go afterwards"),
        (Wish(offset=1, audience=Audience.WAITING), "only go before"),
        (Wish(audience=Audience.GROUP), "which group"),
        (Wish(audience=Audience.TAGGED, parameters={"group": 1}), "which tag"),
        (Wish(offset=1, repeat_days=7), "cannot be repeated"),
    ],
)
def test_wrong_or_doubled_reminders_are_refused(session: Session, wish: Wish, why: str) -> None:
    given(session)
    with pytest.raises(Refusal, match=why):
        actions.add(session, TALK, wish, **BY)


def test_there_is_a_most(session: Session) -> None:
    for amount in range(1, actions.MOST_RULES + 1):
        actions.add(session, TALK, Wish(offset=-amount), **BY)
    with pytest.raises(Refusal, match="at most"):
        actions.add(session, TALK, Wish(offset=-100), **BY)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"offset": -1}, "1 day before the start, to everybody with a place"),
        ({"offset": 2, "unit": OffsetUnit.HOURS, "anchor": Anchor.END, "audience": Audience.PRESENT}, "2 hours after"),
        ({"offset": 0, "anchor": Anchor.END, "audience": Audience.ABSENT}, "at the end, to those who did not come"),
        ({"audience": Audience.TAGGED, "parameters": {"tag": "bus"}}, "to those tagged “bus”"),
        (
            {"audience": Audience.ANSWERED, "parameters": {"question": 1, "choice": "Yes", "label": "Bus?"}},
            "answered “Yes” to “Bus?”",
        ),
        ({"audience": Audience.GROUP, "parameters": {"group": 1}}, "of a group who have not"),
    ],
)
def test_rule_is_said_in_plain_words(given: dict[str, Any], words: str) -> None:
    assert words in rule_words(EVENTS, ReminderRule(subject_kind="event", **Wish(**given).columns))
