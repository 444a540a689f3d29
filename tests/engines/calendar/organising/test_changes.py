"""What the verbs do to SEQUENCE, version and state, and what they refuse."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.actions import events
from programme.engines.calendar.actions.plans import changes, copies
from programme.engines.calendar.actions.values import Contributor, Details, Plan, plan_of
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState, MaterialReach
from programme.engines.calendar.times import london_day
from programme.people.permissions import NOBODY
from tests.factories.cast import LONG_AGO, Cast, assemble
from tests.factories.things import SOON, event, series

NOW = LONG_AGO + timedelta(days=1)
BY: dict[str, Any] = {"actor": NOBODY, "now": NOW}


@pytest.fixture
def cast(session: Session) -> Cast:
    """The fixed cast."""
    return assemble(session)


def later(row: Event, **by: float) -> Plan:
    """The plan of an event, later."""
    plan = plan_of(row)
    return Plan(starts_at=plan.starts_at + timedelta(**by), ends_at=plan.ends_at + timedelta(**by))


def test_move_raises_sequence_and_tells_before_and_after(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    change = changes.move(session, row.id, later(row, days=1), **BY)
    assert (row.sequence, row.version, row.changed_at) == (1, 2, NOW)
    assert (change.before.starts_at, change.after.starts_at) == (SOON, SOON + timedelta(days=1))


def test_move_to_where_it_is_raises_nothing(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    assert not changes.move(session, row.id, plan_of(row), **BY).is_one
    assert row.sequence == 0


def test_new_title_keeps_the_sequence(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    wanted = copies.details_of(row)
    events.edit(session, row.id, Details(**{**dict_of(wanted), "title": "Another title"}), **BY)
    assert (row.title, row.sequence, row.version, row.changed_at) == ("Another title", 0, 2, NOW)


def dict_of(details: Details) -> dict[str, Any]:
    """The fields of a value."""
    return {name: getattr(details, name) for name in Details.__slots__}


def test_saving_nothing_new_leaves_the_time_of_change(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    events.edit(session, row.id, copies.details_of(row), **BY)
    assert row.changed_at == LONG_AGO


def test_stale_form_is_refused(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    changes.move(session, row.id, later(row, hours=1), **BY)
    with pytest.raises(Refusal, match="changed while you were editing"):
        events.edit(session, row.id, copies.details_of(row), version=1, **BY)


def test_public_event_is_not_moved_by_editing(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    with pytest.raises(Refusal, match="use “Move”"):
        events.edit(session, row.id, copies.details_of(row), plan=later(row, hours=1), **BY)


def test_sequence_never_falls_through_a_life(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool, state=EventState.DRAFT, published_at=None)
    seen = []
    changes.publish(session, row.id, **BY)
    seen.append(row.sequence)
    for step in (changes.unpublish, changes.publish):
        step(session, row.id, **BY)
        seen.append(row.sequence)
    changes.postpone(session, row.id, None, **BY)
    seen.append(row.sequence)
    changes.reinstate(session, row.id, later(row, days=7), **BY)
    seen.append(row.sequence)
    changes.cancel(session, row.id, **BY)
    seen.append(row.sequence)
    assert seen == [0, 1, 2, 3, 4, 5]


def test_postponed_without_a_date_keeps_its_old_one(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    changes.postpone(session, row.id, None, **BY)
    assert (row.state, row.starts_at, row.date_is_known) == (EventState.POSTPONED, SOON, False)
    with pytest.raises(Refusal, match="Say when"):
        changes.reinstate(session, row.id, **BY)


def test_postponed_to_a_date_stands_on_it(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    changes.postpone(session, row.id, later(row, days=30), **BY)
    assert (row.state, row.date_is_known) == (EventState.POSTPONED, True)
    assert row.starts_at == SOON + timedelta(days=30)


@pytest.mark.parametrize("verb", [changes.publish, changes.reinstate])
def test_published_event_is_not_published_again(session: Session, cast: Cast, verb: Callable[..., object]) -> None:
    row = event(session, lead=cast.liverpool)
    with pytest.raises(Refusal):
        verb(session, row.id, **BY)


def test_end_before_start_is_refused(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    with pytest.raises(Refusal, match="later than the start"):
        changes.move(session, row.id, Plan(starts_at=SOON, ends_at=SOON), **BY)


def test_copy_is_a_draft_of_the_same_length_and_people(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    wanted = copies.details_of(row)
    people = (Contributor("Wren Quillan", "Oxford"), Contributor("Tea Larkfield", role="chair"))
    events.edit(session, row.id, Details(**{**dict_of(wanted), "contributions": people}), **BY)
    draft = copies.copy(session, row.id, starts_at=SOON + timedelta(days=7), **BY)
    assert (draft.state, draft.sequence, draft.published_at) == (EventState.DRAFT, 0, None)
    assert draft.ends_at - draft.starts_at == timedelta(hours=1)
    assert [who.name for who in draft.contributions] == ["Wren Quillan", "Tea Larkfield"]


def test_series_copied_keeps_london_time_over_the_clock_change_and_is_made_once(session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.liverpool)
    event(session, lead=cast.liverpool, series_id=run.id)
    event(session, lead=cast.liverpool, series_id=run.id, title="Gone", state=EventState.CANCELLED)
    then = date(2027, 4, 27)
    made = copies.copy_series(session, run.id, year=2026, first_day=then, **BY)
    assert [(row.title, row.starts_at) for row in made.values()] == [
        ("Quantum sensing for chemists", SOON + timedelta(weeks=10, hours=-1))
    ]
    assert copies.shifted_series(session, run.id, year=2026, first_day=then)[0].is_there
    assert copies.years_of(session, run.id) == [2026]


def test_series_copied_lands_on_the_new_first_day_and_keeps_its_distances(session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.liverpool)
    for number, days in enumerate((0, 3, 30)):
        event(session, lead=cast.liverpool, series_id=run.id, title=f"{number}", starts_at=SOON + timedelta(days=days))
    made = copies.copy_series(session, run.id, year=2026, first_day=date(2028, 1, 5), **BY).values()
    assert [london_day(row.starts_at) for row in made] == [date(2028, 1, 5), date(2028, 1, 8), date(2028, 2, 4)]
    assert all(row.starts_at.hour == SOON.hour for row in made)


def test_parts_come_along_with_a_copied_event(session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.liverpool)
    whole = event(session, lead=cast.liverpool, series_id=run.id, title="Day")
    event(session, lead=cast.liverpool, title="Morning", part_of_id=whole.id)
    event(session, lead=cast.liverpool, series_id=run.id, title="Evening", part_of_id=whole.id)
    made = copies.copy_series(session, run.id, year=2026, first_day=date(2028, 2, 15), **BY).values()
    again = {row.title: row for row in made}
    assert {name: row.part_of_id for name, row in again.items()} == {
        "Day": None,
        "Morning": again["Day"].id,
        "Evening": again["Day"].id,
    }


def test_part_of_a_part_is_refused(session: Session, cast: Cast) -> None:
    whole = event(session, lead=cast.liverpool, title="Day")
    part = event(session, lead=cast.liverpool, title="Morning", part_of_id=whole.id)
    wanted = copies.details_of(whole)
    with pytest.raises(Refusal, match="parts of its own"):
        events.edit(session, whole.id, Details(**{**dict_of(wanted), "part_of_id": part.id}), **BY)


def test_materials_come_and_go(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    added = events.add_material(
        session, row.id, title="Slides", url="https://example.ac.uk/s.pdf", reach=MaterialReach.CAME, **BY
    )
    assert [item.title for item in row.materials] == ["Slides"]
    events.remove_material(session, row.id, added.id, **BY)
    assert row.materials == []


def test_lead_is_never_among_those_who_share(session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    events.share(session, row.id, [cast.liverpool.id, cast.oxford.id], **BY)
    assert [owner.slug for owner in row.co_owners] == ["oxford"]
