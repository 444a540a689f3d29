"""All that match, not only the page's: filters by answer and share, figures that lead to people, and bulk acts."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.questionnaire import actions
from programme.engines.registration.deciding.models import DecisionRound
from programme.engines.registration.models import Opening, Quota, Registration, RegistrationTag, Seat
from programme.engines.registration.states import RegistrationState
from programme.people.groups.models import Group, GroupMember
from programme.people.models import Person
from tests.factories import things
from tests.factories.cast import LONG_AGO
from tests.screens.roll.conftest import As, Evening, letters, text_of


def crowd(session: Session, evening: Evening, number: int) -> None:
    """Let more people wait, one a minute; written all at once, as a thousand of them one by one take a second."""
    known: dict[str, Any] = {"address_proved_at": LONG_AGO, "created_at": LONG_AGO}
    numbered = [(f"Wren {one:03d}", f"wren{one}@example.org") for one in range(number)]
    flock = [Person(name=name, address=address, address_key=address, **known) for name, address in numbered]
    session.add_all(flock)
    session.flush()
    for one, who in enumerate(flock):
        row = Registration(opening_id=evening.opening.id, person_id=who.id, name=who.name, address=who.address)
        row.organisation_id, row.state = evening.people.oxford.id, RegistrationState.WAITLISTED
        row.joined_at = LONG_AGO + timedelta(minutes=one)
        row.seats = [Seat(event_id=evening.event_id, changed_at=LONG_AGO)]
        session.add(row)
    session.commit()


def states(session: Session, opening: Opening) -> dict[str, int]:
    """How many are in each state."""
    session.rollback()
    counted = select(Registration.state, func.count()).where(Registration.opening_id == opening.id)
    return {state.value: number for state, number in session.execute(counted.group_by(Registration.state))}


@pytest.mark.one_database
def test_roll_filters_by_what_was_answered_alone_or_among_several(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    sheet = evening.opening.questionnaire
    assert sheet is not None
    given = {evening.department.id: "Physics", evening.diet.id: ["Vegan", "Gluten-free"]}
    evening.bob.answer_sheet = actions.answer(session, sheet, given, now=LONG_AGO)
    evening.charlie.answer_sheet = None
    session.commit()
    for said, names in (
        ("physics", {"bob@"}),
        ("Chemistry", {"alice@"}),
        ("(not answered)", {"charlie@"}),
        ("Chem", set()),
    ):
        page = text_of(olga.get(f"{evening.home}/export")) and text_of(
            olga.get(f"{evening.home}/letters/new?everybody=1&answer={evening.department.id}&said={said}")
        )
        assert f"To {len(names)} " in page
    for said, found in (("vegan", 2), ("Gluten-free", 1), ("free", 0)):
        page = text_of(olga.get(f"{evening.home}?answer={evening.diet.id}&said={said}"))
        assert page.count("/organise/registrations/") == found


def test_sensitive_answers_filter_nobodys_but_ones_own_members(evening: Evening, signed_in: As) -> None:
    omar = signed_in(evening.people.omar)
    page = text_of(omar.get(f"{evening.home}?answer={evening.diet.id}&said=Vegan"))
    assert "Bob Birchfield" in page
    assert "Alice Aldgrove" not in page
    for said in ("Vegan", "(not answered)"):
        page = text_of(
            omar.get(f"{evening.home}/decision?do=cancellation&everybody=1&answer={evening.diet.id}&said={said}")
        )
        assert "Alice Aldgrove" not in page


def test_share_is_a_column_a_filter_and_in_the_file(evening: Evening, olga: FlaskClient, session: Session) -> None:
    evening.opening.quotas = [Quota(organisation_id=evening.people.oxford.id, places=1, release_days=3)]
    evening.bob.counts_for_id = evening.people.oxford.id
    session.commit()
    page = text_of(olga.get(evening.home))
    assert "Counts for" in page
    assert "Oxford’s share: 1 of 1" in page
    assert "state=confirmed&state=offered&share=oxford" in page
    oxford = text_of(olga.get(f"{evening.home}?share=oxford"))
    assert "Bob Birchfield" in oxford
    assert "Alice Aldgrove" not in oxford
    assert "Bob Birchfield" not in text_of(olga.get(f"{evening.home}?share=none"))
    file = olga.post(f"{evening.home}/export", data={"format": "csv", "reach": "all"}).get_data(as_text=True)
    assert "Counts for" in file.splitlines()[0]
    assert ",University of Oxford,University of Oxford," in file


@pytest.mark.one_database
def test_figures_lead_to_the_people_behind_them(evening: Evening, olga: FlaskClient) -> None:
    page = text_of(olga.get(evening.home))
    for address in ("?state=confirmed&state=offered", "?state=confirmed&state=offered&home=oxford", "?state=waiting"):
        assert f'href="{evening.home}{address}"' in page
    totals = text_of(olga.get(f"{evening.home}/totals"))
    address = f"{evening.home}?state=confirmed&state=offered&answer={evening.diet.id}&said=Vegan"
    assert address in totals
    assert text_of(olga.get(address)).count("/organise/registrations/") == 2


def test_all_that_match_are_decided_about_and_each_is_told(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    crowd(session, evening, 60)
    page = text_of(olga.get(f"{evening.home}?state=waiting&q=wren"))
    assert "All 60 that match, on every page" in page
    assert '<input type="hidden" name="q" value="wren">' in page
    shown = text_of(olga.get(f"{evening.home}/decision?do=refusal&everybody=1&state=waiting&q=wren"))
    assert "Refuse: 60 people" in shown
    assert "And 10 people more" in shown
    sent = {"everybody": "1", "state": "waiting", "q": "wren", "count": "60", "reason": "It is for first-years."}
    said = text_of(olga.post(f"{evening.home}/refusals", data=sent, follow_redirects=True))
    assert "Refuse: decided about 60 people. Letters go in 10 minutes; until then you can undo it." in said
    assert states(session, evening.opening) == {"confirmed": 2, "waitlisted": 1, "refused": 60}
    assert [kind for kind, _ in letters(session)] == ["registration_refused"] * 60
    assert session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.verb == "refuse")) == 60


def test_a_decision_about_all_in_parts_is_one_round_and_undone_as_one(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    crowd(session, evening, 60)
    sent = {"everybody": "1", "state": "waiting", "q": "wren", "count": "60"}
    olga.post(f"{evening.home}/refusals", data=sent)
    [made] = session.scalars(select(DecisionRound))
    olga.post(f"{evening.home}/rounds/{made.id}/undoing")
    assert states(session, evening.opening) == {"confirmed": 2, "waitlisted": 61}
    assert set(session.scalars(select(OutboxMessage.state))) == {OutboxState.CANCELLED}


@pytest.mark.one_database
def test_a_filter_that_is_not_read_makes_nobody_mean_everybody(evening: Evening, olga: FlaskClient) -> None:
    asked = f"{evening.home}/decision?do=refusal&everybody=1&answer=9999&said=Vegan"
    assert "cannot be chosen here" in text_of(olga.get(asked, follow_redirects=True))


def test_roll_that_changed_since_the_preview_is_shown_again(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    crowd(session, evening, 3)
    sent = {"everybody": "1", "state": "waiting", "count": "3", "reason": "Kept."}
    again = olga.post(f"{evening.home}/refusals", data=sent)
    assert again.status_code == 422
    assert "Meanwhile the roll has changed: it is 4 people now." in text_of(again)
    assert 'value="Kept."' in text_of(again)
    assert states(session, evening.opening) == {"confirmed": 2, "waitlisted": 4}
    assert olga.post(f"{evening.home}/refusals", data={**sent, "count": "4"}).status_code == 303


def test_promoting_all_ends_with_the_places_and_keeps_the_order(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    crowd(session, evening, 40)
    evening.opening.capacity = 12
    session.commit()
    sent = {"everybody": "1", "state": "waiting", "count": "41"}
    said = text_of(olga.post(f"{evening.home}/promotions", data=sent, follow_redirects=True))
    assert "Give a place: decided about 10 people." in said
    assert "And 11 people more." in said
    assert states(session, evening.opening) == {"confirmed": 12, "waitlisted": 31}
    first = session.scalars(
        select(Registration.name).where(Registration.state == RegistrationState.CONFIRMED).order_by(Registration.name)
    ).all()
    assert [name for name in first if name.startswith("Wren")] == [f"Wren {number:03d}" for number in range(9)]


@pytest.mark.one_database
def test_all_that_match_are_written_to_and_nobody_else(evening: Evening, olga: FlaskClient, session: Session) -> None:
    crowd(session, evening, 60)
    led = olga.get(f"{evening.home}/decision?do=letter&everybody=1&q=wren")
    assert led.status_code == 303
    page = text_of(olga.get(led.location))
    assert "To 60 people" in page
    sent = {"everybody": "1", "q": "wren", "once": "x", "subject": "The room", "text": "It is another."}
    assert "60 letters on the way." in text_of(olga.post(f"{evening.home}/letters", data=sent, follow_redirects=True))
    session.rollback()
    readers = session.scalars(select(Person.name).join(OutboxMessage, OutboxMessage.recipient == Person.address)).all()
    assert len(readers) == 60
    assert all(name.startswith("Wren") for name in readers)


def test_all_that_match_are_tagged_and_untagged(evening: Evening, olga: FlaskClient, session: Session) -> None:
    crowd(session, evening, 60)
    led = olga.get(f"{evening.home}/decision?do=tag&everybody=1&state=waiting&q=wren")
    shown = text_of(olga.get(led.location))
    assert "Tag 60 people" in shown
    assert "And 10 people more" in shown
    sent = {"everybody": "1", "state": "waiting", "q": "wren", "count": "60", "word": "Bus"}
    assert "60 people tagged “Bus”." in text_of(olga.post(f"{evening.home}/tags", data=sent, follow_redirects=True))
    again = {"everybody": "1", "tag": "Bus", "count": "60", "word": "First bus"}
    assert "60 people tagged “First bus”." in text_of(
        olga.post(f"{evening.home}/tags", data=again, follow_redirects=True)
    ), "the tag that is filtered by is not the one that is put on"
    session.rollback()
    borne = select(RegistrationTag.tag, func.count()).group_by(RegistrationTag.tag)
    assert dict(session.execute(borne).all()) == {"Bus": 60, "First bus": 60}
    session.rollback()
    off = {"everybody": "1", "tag": "Bus", "count": "60", "remove": "First bus"}
    said = text_of(olga.post(f"{evening.home}/tags/removal", data=off, follow_redirects=True))
    assert "“First bus” is taken off 60 people." in said


@pytest.mark.one_database
def test_one_press_tags_a_thousand_and_the_next_the_others(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    crowd(session, evening, 1001)
    sent = {"everybody": "1", "q": "wren", "count": "1001", "word": "Bus"}
    said = text_of(olga.post(f"{evening.home}/tags", data=sent, follow_redirects=True))
    assert "1,000 people tagged “Bus”. 1 person is left: press again." in said
    assert "Tag 1,001 people" in said
    assert "1 person tagged “Bus”." in text_of(olga.post(f"{evening.home}/tags", data=sent, follow_redirects=True))


def test_all_that_match_go_into_a_group(evening: Evening, olga: FlaskClient, session: Session) -> None:
    crowd(session, evening, 60)
    group = Group(title="Waiting", organisation_id=evening.people.liverpool.id, created_at=LONG_AGO)
    session.add(group)
    session.commit()
    led = olga.get(f"{evening.home}/decision?do=group&everybody=1&q=wren")
    assert "Add 60 people to a group" in text_of(olga.get(led.location))
    sent = {"everybody": "1", "q": "wren", "count": "60", "group": group.id}
    said = text_of(olga.post(f"{evening.home}/groups", data=sent, follow_redirects=True))
    assert "60 people added to “Waiting”." in said
    session.rollback()
    assert session.scalar(select(func.count()).select_from(GroupMember)) == 60


def test_all_that_match_are_moved_those_first_who_joined_first(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    crowd(session, evening, 30)
    talk = things.event(session, lead=evening.people.liverpool, title="Second evening")
    other = things.opening(session, events=[talk], capacity=26)
    session.commit()
    led = olga.get(f"{evening.home}/decision?do=move&everybody=1&q=wren")
    assert "Move 30 people" in text_of(olga.get(led.location))
    sent = {"everybody": "1", "q": "wren", "count": "30", "to": other.id}
    said = text_of(olga.post(f"{evening.home}/moves", data=sent, follow_redirects=True))
    assert "30 people are moved to “Second evening” and told. 4 of them wait there." in said
    assert states(session, other) == {"confirmed": 26, "waitlisted": 4}
    assert states(session, evening.opening) == {"confirmed": 2, "waitlisted": 1, "cancelled": 30}


@pytest.mark.one_database
def test_those_who_are_there_already_keep_nobody_behind_them_from_being_moved(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    crowd(session, evening, 27)
    other = things.opening(session, events=[things.event(session, lead=evening.people.liverpool)], capacity=50)
    first = select(Person).where(Person.name.like("Wren%")).order_by(Person.name).limit(25)
    for who in session.scalars(first).all():
        things.registration(session, to=other, who=who)
    session.commit()
    sent = {"everybody": "1", "q": "wren", "count": "27", "to": other.id}
    said = text_of(olga.post(f"{evening.home}/moves", data=sent, follow_redirects=True))
    assert "2 people are moved to" in said
    assert "And 5 people more." in said


def test_tags_groups_and_moves_are_held_to_the_number_that_was_shown(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    group = Group(title="Waiting", organisation_id=evening.people.liverpool.id, created_at=LONG_AGO)
    talk = things.event(session, lead=evening.people.liverpool, title="Second evening")
    session.add(group)
    other = things.opening(session, events=[talk])
    session.commit()
    changed = "Meanwhile the roll has changed: it is 3 people now."
    sent = {"everybody": "1", "count": "2", "word": "Bus", "remove": "Bus", "group": group.id, "to": other.id}
    for verb, status in (("tags", 422), ("tags/removal", 422), ("moves", 422), ("groups", 303)):
        answer = olga.post(f"{evening.home}/{verb}", data=sent)
        assert answer.status_code == status
        page = olga.get(answer.location) if status == 303 else answer
        assert changed in text_of(page)
    session.rollback()
    for table in (RegistrationTag, GroupMember):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert states(session, other) == {}


@pytest.mark.one_database
def test_no_filter_that_is_not_read_lets_everybody_be_tagged(evening: Evening, olga: FlaskClient) -> None:
    sent = {"everybody": "1", "answer": "9999", "said": "Vegan", "count": "3", "word": "Bus"}
    assert "cannot be chosen here" in text_of(olga.post(f"{evening.home}/tags", data=sent, follow_redirects=True))
