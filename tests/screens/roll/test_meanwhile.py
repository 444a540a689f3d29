"""Two organisers change one thing: the second is told, keeps what they typed, and nothing silently reverts."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import AcademicPeriod, Event, Series, Venue
from programme.engines.calendar.states import PeriodKind, PeriodStatus
from programme.engines.questionnaire.models import Question
from programme.engines.registration.models import Opening
from tests.factories import things
from tests.screens.roll.conftest import As, Evening, text_of

TOLD = "Somebody else changed this while you had it open."


def seen_in(page: str) -> str:
    """What a form says it was made from."""
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def settings(evening: Evening, **given: object) -> dict[str, object]:
    """The settings of the evening as a form sends them."""
    return {
        "title": evening.opening.title,
        "events": [evening.event_id],
        "capacity": "2",
        "places_by": "first_come",
        "has_waiting_list": "y",
        "eligibility": "anyone",
        "unproved_hours": "48",
        **given,
    }


def test_second_of_two_who_change_an_opening_is_told(
    evening: Evening, olga: FlaskClient, signed_in: As, session: Session
) -> None:
    other, edit = signed_in(evening.people.olga), f"{evening.home}/edit"
    first, second = seen_in(text_of(olga.get(edit))), seen_in(text_of(other.get(edit)))
    assert other.post(edit, data=settings(evening, capacity="3", seen=second)).status_code == 303
    again = olga.post(edit, data=settings(evening, note="Bring a pen.", seen=first))
    assert again.status_code == 422
    page = text_of(again)
    assert TOLD in page
    assert "Bring a pen." in page
    session.rollback()
    session.expire_all()
    assert session.get_one(Opening, evening.opening.id).capacity == 3
    assert (
        olga.post(edit, data=settings(evening, note="Bring a pen.", capacity="3", seen=seen_in(page))).status_code
        == 303
    )
    session.rollback()
    session.expire_all()
    row = session.get_one(Opening, evening.opening.id)
    assert (row.capacity, row.note) == (3, "Bring a pen.")


def test_what_somebody_registers_meanwhile_is_no_conflict(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    edit = f"{evening.home}/edit"
    seen = seen_in(text_of(olga.get(edit)))
    olga.post(f"/organise/registrations/{evening.charlie.id}/promotion", data={"even_if_full": "y"})
    assert olga.post(edit, data=settings(evening, seen=seen)).status_code == 303


def test_form_with_something_to_put_right_still_knows_what_it_was_made_from(
    evening: Evening, olga: FlaskClient, signed_in: As
) -> None:
    other, edit = signed_in(evening.people.olga), f"{evening.home}/edit"
    seen = seen_in(text_of(olga.get(edit)))
    wrong = olga.post(edit, data=settings(evening, title="", seen=seen))
    assert seen_in(text_of(wrong)) == seen
    other.post(edit, data=settings(evening, capacity="3"))
    assert TOLD in text_of(olga.post(edit, data=settings(evening, seen=seen_in(text_of(wrong)))))


def test_second_of_two_who_change_a_question_is_told(
    evening: Evening, olga: FlaskClient, signed_in: As, session: Session
) -> None:
    olga.post(
        f"{evening.home}/questions", data={"kind": "one_of", "label": "Name on the badge", "options": "Long\nShort"}
    )
    row = session.scalars(select(Question).order_by(Question.id.desc()).limit(1)).one()
    here = f"{evening.home}/questions/{row.id}"
    omar = signed_in(evening.people.omar)
    seen = seen_in(text_of(olga.get(here)))
    typed = {"kind": "one_of", "label": "Name for the badge", "options": "Long\nShort"}
    assert omar.post(here, data={**typed, "label": "Badge name", "seen": seen}).status_code == 303
    again = olga.post(here, data={**typed, "seen": seen})
    assert again.status_code == 422
    assert TOLD in text_of(again)
    assert "Name for the badge" in text_of(again)
    assert olga.post(here, data={**typed, "seen": seen_in(text_of(again))}).status_code == 303


def test_question_that_was_succeeded_meanwhile_keeps_what_was_typed(
    evening: Evening, olga: FlaskClient, signed_in: As
) -> None:
    here = f"{evening.home}/questions/{evening.department.id}"
    seen = seen_in(text_of(olga.get(here)))
    typed = {"kind": evening.department.kind, "label": "Your department, please", "seen": seen}
    assert signed_in(evening.people.omar).post(here, data={**typed, "label": "Your group"}).status_code == 303
    again = olga.post(here, data=typed)
    assert again.status_code == 422
    assert "changed this question or took it away" in text_of(again)
    assert "Your department, please" in text_of(again)
    assert olga.post(f"{evening.home}/questions/{2**40}", data=typed).status_code == 404


@pytest.mark.parametrize("kind", ["series", "venue"])
def test_second_of_two_who_change_a_series_or_a_venue_is_told(
    evening: Evening, olga: FlaskClient, session: Session, kind: str
) -> None:
    row: Series | Venue
    if kind == "series":
        row = things.series(session, lead=evening.people.liverpool)
        here, typed = f"/organise/series/{row.id}/details", {"title": "A", "strand": "exchange", "visibility": "public"}
        name = "title"
    else:
        row = Venue(name="The barn", organisation_id=evening.people.liverpool.id)
        session.add(row)
        session.flush()
        here, typed, name = f"/organise/venues/{row.id}", {"name": "A"}, "name"
    session.commit()
    seen = seen_in(text_of(olga.get(here)))
    assert olga.post(here, data={**typed, name: "Theirs", "seen": seen}).status_code == 303
    again = olga.post(here, data={**typed, name: "Mine", "seen": seen})
    assert again.status_code == 422
    assert TOLD in text_of(again)
    assert 'value="Mine"' in text_of(again)
    session.rollback()
    session.expire_all()
    assert getattr(row, name) == "Theirs"
    assert olga.post(here, data={**typed, name: "Mine", "seen": seen_in(text_of(again))}).status_code == 303


def test_second_of_two_who_change_term_dates_is_told(
    evening: Evening, olga: FlaskClient, signed_in: As, session: Session
) -> None:
    row = AcademicPeriod(
        organisation_id=evening.people.liverpool.id,
        kind=PeriodKind.TEACHING,
        label="Semester 2",
        code="S2",
        first_day=date(2027, 2, 1),
        weeks=12,
        numbering="counted",
        status=PeriodStatus.PROVISIONAL,
    )
    session.add(row)
    session.commit()
    other, here = signed_in(evening.people.olga), f"/organise/dates/{row.id}"
    typed = {
        "kind": "teaching",
        "label": "Semester 2",
        "code": "S2",
        "first_day": "2027-02-01",
        "status": "provisional",
    }
    first, second = seen_in(text_of(olga.get(here))), seen_in(text_of(other.get(here)))
    assert other.post(here, data={**typed, "weeks": "11", "first_number": "1", "seen": second}).status_code == 303
    again = olga.post(here, data={**typed, "label": "Spring", "weeks": "12", "first_number": "1", "seen": first})
    assert again.status_code == 422
    assert TOLD in text_of(again)
    assert 'value="Spring"' in text_of(again)
    session.rollback()
    session.refresh(row)
    assert (row.label, row.weeks) == ("Semester 2", 11)
    seen = seen_in(text_of(again))
    typed = {**typed, "label": "Spring", "weeks": "11", "first_number": "1"}
    assert olga.post(here, data={**typed, "seen": seen}).status_code == 303


def test_second_of_two_who_change_what_is_known_of_an_organisation_is_told(
    evening: Evening, signed_in: As, session: Session
) -> None:
    ada, other = signed_in(evening.people.ada), signed_in(evening.people.ada)
    row = evening.people.oxford
    here = f"/organise/organisations/{row.id}"
    first, second = seen_in(text_of(ada.get(here))), seen_in(text_of(other.get(here)))
    theirs = {"domains": "ox.ac.uk\nphysics.org", "contact_address": "office@ox.ac.uk", "seen": second}
    assert other.post(here, data=theirs).status_code == 303
    again = ada.post(here, data={"domains": "ox.ac.uk", "contact_address": "mine@ox.ac.uk", "seen": first})
    assert again.status_code == 422
    assert TOLD in text_of(again)
    assert "mine@ox.ac.uk" in text_of(again)
    session.rollback()
    session.expire_all()
    assert row.contact_address == "office@ox.ac.uk"
    assert sorted(one.domain for one in row.domains) == ["ox.ac.uk", "physics.org"]
    session.rollback()
    again = ada.post(here, data={"domains": "ox.ac.uk", "contact_address": "", "seen": seen_in(text_of(again))})
    assert again.status_code == 303


@pytest.mark.parametrize("kind", ["event", "series", "opening"])
def test_second_of_two_who_say_who_shares_a_thing_is_told(
    evening: Evening, olga: FlaskClient, signed_in: As, session: Session, kind: str
) -> None:
    series = things.series(session, lead=evening.people.liverpool)
    session.commit()
    rows: dict[str, Event | Series | Opening] = {"event": evening.opening.events[0], "series": series}
    row = rows.get(kind, evening.opening)
    home = {"event": "events", "series": "series", "opening": "openings"}[kind]
    here, field = f"/organise/{home}/{row.id}/co-owners", "co_owners" if kind == "opening" else "organisations"
    oxford, council = evening.people.oxford.id, evening.people.council.id
    other = signed_in(evening.people.olga)
    olga.post(here, data={field: []})
    first, second = seen_in(text_of(olga.get(here))), seen_in(text_of(other.get(here)))
    assert other.post(here, data={field: [oxford], "seen": second}).status_code == 303
    again = olga.post(here, data={field: [council], "seen": first})
    assert again.status_code == 422
    assert TOLD in text_of(again)
    session.rollback()
    session.expire_all()
    assert [owner.id for owner in row.co_owners] == [oxford]
    session.rollback()
    both = {field: [oxford, council], "seen": seen_in(text_of(again))}
    assert olga.post(here, data=both).status_code == 303
    session.expire_all()
    assert {owner.id for owner in row.co_owners} == {oxford, council}
