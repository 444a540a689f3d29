"""A copy of an event reminds as the one that it is like, where that is its own and not just what is usual."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.reminders import actions, usual
from programme.engines.reminders.actions import Thing, Wish
from programme.engines.reminders.models import Audience
from programme.engines.reminders.queries import rules_of
from programme.flows import scheduling
from programme.flows.copying.events import copy, copy_series
from programme.flows.subjects.events import EVENTS
from programme.people.identity import actor_of
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.factories.things import SOON
from tests.flows.conftest import NOW

WEEK = timedelta(days=7)


@pytest.fixture
def by(people: Cast) -> dict[str, Any]:
    """Olga, now."""
    return {"actor": actor_of(people.olga), "now": NOW}


@pytest.fixture
def talk(session: Session, people: Cast) -> Event:
    """A talk with the usual reminder, in a series."""
    run = things.series(session, lead=people.liverpool)
    row = things.event(session, lead=people.liverpool, series_id=run.id)
    actions.ensure_default_rule(session, row.id, LONG_AGO, strand=row.strand)
    session.commit()
    return row


def thing(event: Event) -> Thing:
    """An event as the verbs of reminders take it."""
    return Thing(EVENTS, event.id, event.lead_organisation_id)


def reminds(session: Session, event: Event) -> list[tuple[int, str, str]]:
    """When an event reminds, whom, and with which subject."""
    return [(rule.offset, rule.audience.value, rule.subject_line) for rule in rules_of(session, "event", event.id)]


def published(session: Session, event: Event, by: dict[str, Any]) -> list[tuple[int, str, str]]:
    """How a draft reminds once it is announced."""
    scheduling.publish(session, event.id, **by)
    return reminds(session, event)


def test_what_is_only_usual_is_left_to_what_is_usual_then(session: Session, talk: Event, by: dict[str, Any]) -> None:
    [draft], own = copy(session, talk.id, starts_at=SOON + WEEK, **by)
    assert (own, reminds(session, draft)) == (0, [])
    usual.add(session, EVENTS, Wish(offset=-3), strand=None, **by)
    assert published(session, draft, by) == [(-3, "confirmed", "")]


def test_changed_and_added_reminders_come_along(session: Session, talk: Event, by: dict[str, Any]) -> None:
    [rule] = rules_of(session, "event", talk.id)
    actions.change(session, rule, thing(talk), Wish(offset=-2, subject_line="Soon", words="Come."), **by)
    actions.add(session, thing(talk), Wish(offset=-7, audience=Audience.SPEAKERS), **by)
    [draft], own = copy(session, talk.id, starts_at=SOON + WEEK, **by)
    assert own == 1
    wanted = [(-2, "confirmed", "Soon"), (-7, "speakers", "")]
    assert sorted(reminds(session, draft)) == sorted(wanted)
    assert sorted(published(session, draft, by)) == sorted(wanted)


def test_new_words_alone_make_a_reminder_its_own(session: Session, talk: Event, by: dict[str, Any]) -> None:
    [rule] = rules_of(session, "event", talk.id)
    actions.change(session, rule, thing(talk), Wish(subject_line="Tomorrow!"), **by)
    [draft], own = copy(session, talk.id, starts_at=SOON + WEEK, **by)
    assert (own, reminds(session, draft)) == (1, [(-1, "confirmed", "Tomorrow!")])


def test_copy_of_an_event_that_reminds_nobody_reminds_nobody(session: Session, talk: Event, by: dict[str, Any]) -> None:
    [rule] = rules_of(session, "event", talk.id)
    actions.remove(session, rule, thing(talk), **by)
    [draft], own = copy(session, talk.id, starts_at=SOON + WEEK, **by)
    assert (own, published(session, draft, by)) == (1, [])


def test_those_who_gave_an_answer_cannot_be_told_of_a_copy(session: Session, talk: Event, by: dict[str, Any]) -> None:
    answered = {"question": 1, "choice": "Yes", "label": "Lunch?"}
    actions.add(session, thing(talk), Wish(offset=-3, audience=Audience.ANSWERED, parameters=answered), **by)
    actions.add(session, thing(talk), Wish(offset=-4, audience=Audience.TAGGED, parameters={"tag": "Speaker"}), **by)
    [draft], _ = copy(session, talk.id, starts_at=SOON + WEEK, **by)
    assert sorted(reminds(session, draft)) == [(-4, "tagged", ""), (-1, "confirmed", "")]


def test_each_event_of_a_copied_year_reminds_as_its_own(
    session: Session, people: Cast, talk: Event, by: dict[str, Any]
) -> None:
    later: dict[str, Any] = {"series_id": talk.series_id, "starts_at": SOON + WEEK}
    other = things.event(session, lead=people.liverpool, title="Second", **later)
    actions.add(session, thing(other), Wish(offset=-5), **by)
    drafts, own = copy_series(session, talk.series_id or 0, year=2026, first_day=date(2028, 1, 4), **by)
    found = {draft.title: reminds(session, draft) for draft in drafts}
    assert (own, found) == (1, {talk.title: [], "Second": [(-5, "confirmed", "")]})
