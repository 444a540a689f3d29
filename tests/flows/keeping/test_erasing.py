"""Whoever goes is gone from every table, the next in line moves up, and what stays names nobody."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from programme.core.audit import ERASED, AuditEntry
from programme.core.refusal import Refusal
from programme.engines.calendar.models import Contribution
from programme.engines.mail.keeping.plugs import FAREWELL
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.states import OutboxState
from programme.engines.questionnaire.models import Answer, AnswerSheet
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.eligibility.models import Invitation, ListedAddress
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.states import Attendance, RegistrationState
from programme.extensions import db
from programme.flows.keeping.erasing import erase_person, erase_registration, preview
from programme.people.identity import actor_of
from programme.people.keeping.ports import Times
from programme.people.models import Person
from tests.factories import things
from tests.flows.conftest import letters
from tests.flows.keeping.conftest import NOW, Held, everything_in

Keepers = Any
TRACES = ("petra", "peakforest", "mosses", "lift")


def test_nothing_of_a_person_is_left_but_the_address_of_the_last_letter(
    session: Session, held: Held, keepers: Keepers
) -> None:
    assert all(trace in everything_in(session) for trace in TRACES)
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    session.commit()
    left = everything_in(session, apart_from=frozenset({"outbox_message"}))
    assert [trace for trace in TRACES if trace in left] == []
    named = select(OutboxMessage.letter).where(func.lower(OutboxMessage.recipient).contains("petra"))
    assert session.scalars(named).all() == [FAREWELL]
    others = session.scalars(select(OutboxMessage).where(OutboxMessage.letter != FAREWELL)).all()
    assert [trace for trace in TRACES for row in others if trace in str(vars(row)).lower()] == []


def test_last_letter_loses_its_address_when_it_has_left(session: Session, held: Held, keepers: Keepers) -> None:
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    farewell = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == FAREWELL)).one()
    for keeper in keepers:
        keeper.retire(session, Times(), now=NOW)
    assert session.scalar(select(func.count()).where(OutboxMessage.letter == FAREWELL)) == 1
    session.execute(update(OutboxMessage).values(state=OutboxState.SENT))
    for keeper in keepers:
        keeper.retire(session, Times(), now=NOW)
    session.commit()
    assert session.get(OutboxMessage, farewell.id, populate_existing=True) is None
    assert "petra" not in everything_in(session)


def test_place_to_come_goes_to_whoever_waits_and_only_they_are_told(
    session: Session, held: Held, keepers: Keepers
) -> None:
    assert erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW) == ["Talk to come"]
    session.commit()
    rows = {row.id: row for row in session.scalars(select(Registration).execution_options(populate_existing=True))}
    assert rows[held.coming.id].state is RegistrationState.CANCELLED
    assert rows[held.waiting.id].state is RegistrationState.CONFIRMED
    assert letters(session)[-2:] == [
        ("registration_promoted", held.people.bob.address),
        (FAREWELL, held.petra.address),
    ]


def test_what_was_counts_on_without_a_name(session: Session, held: Held, keepers: Keepers) -> None:
    session.scalars(select(Seat).where(Seat.registration_id == held.past.id)).one().attendance = Attendance.PRESENT
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    session.commit()
    row = session.get_one(Registration, held.past.id, populate_existing=True)
    assert (row.state, row.organisation_id) == (RegistrationState.CONFIRMED, held.people.liverpool.id)
    assert (row.name, row.address, row.person_id, row.answer_sheet_id) == ("Name deleted", "", None, None)
    assert row.seats[0].attendance is Attendance.PRESENT
    assert session.scalar(select(func.count()).select_from(Answer)) == 0
    assert session.scalar(select(func.count()).select_from(AnswerSheet)) == 0


def test_link_of_an_erased_registration_opens_nothing(session: Session, held: Held, keepers: Keepers) -> None:
    before = held.past.link_version
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    assert session.get_one(Registration, held.past.id, populate_existing=True).link_version == before + 1


def test_acts_stay_as_somebodys_whose_account_is_deleted(session: Session, held: Held, keepers: Keepers) -> None:
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    session.commit()
    entries = session.scalars(select(AuditEntry).execution_options(populate_existing=True)).all()
    assert held.petra.id not in {entry.person_id for entry in entries}
    edited = next(entry for entry in entries if entry.verb == "edited")
    assert edited.person_id == ERASED
    assert edited.after == {
        "person": "(deleted)",
        "contact_address": "(deleted)",
        "people": ["(deleted), Liverpool, speaker"],
    }
    last = entries[-1]
    assert (last.verb, last.subject_kind, last.subject_id, last.person_id) == (
        "deleted their account",
        "person",
        ERASED,
        ERASED,
    )


def test_the_lead_stands_as_the_contact_and_pages_are_drawn_anew(
    session: Session, held: Held, keepers: Keepers
) -> None:
    version, revision = held.talk.version, held.opening.revision
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    session.commit()
    session.expire_all()
    assert (held.talk.contact_name, held.talk.contact_address, held.series.contact_name) == ("", "", "")
    assert held.talk.version > version
    assert held.opening.revision > revision
    assert held.opening.contact_name == ""


def test_shared_mailbox_beside_the_name_stays(session: Session, held: Held, keepers: Keepers) -> None:
    shared = things.event(
        session, lead=held.people.liverpool, contact_name=held.petra.name, contact_address="exchange@example.ac.uk"
    )
    session.commit()
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    session.commit()
    session.refresh(shared)
    assert (shared.contact_name, shared.contact_address) == ("", "exchange@example.ac.uk")


def test_speaker_stays_on_the_programme_untied(session: Session, held: Held, keepers: Keepers) -> None:
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    session.commit()
    row = session.scalars(select(Contribution)).one()
    assert (row.name, row.person_id) == ("A speaker by another name", None)


def test_others_keep_everything(session: Session, held: Held, keepers: Keepers) -> None:
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    session.commit()
    bob = session.get_one(Person, held.people.bob.id, populate_existing=True)
    row = session.get_one(Registration, held.waiting.id, populate_existing=True)
    assert (bob.name, row.name, row.person_id) == ("Bob Birchfield", "Bob Birchfield", bob.id)


def test_the_only_administrator_cannot_go(session: Session, held: Held, keepers: Keepers) -> None:
    assert preview(session, held.people.ada, keepers, now=NOW).is_last_administrator
    with pytest.raises(Refusal, match="only administrator"):
        erase_person(session, held.people.ada, keepers, actor=actor_of(held.people.ada), now=NOW)


def test_preview_says_what_goes_what_stays_and_changes_nothing(session: Session, held: Held, keepers: Keepers) -> None:
    before = everything_in(session)
    told = preview(session, held.petra, keepers, now=NOW)
    assert [row.id for row in told.coming] == [held.coming.id]
    goes, stays = [fate.what for fate in told.goes], [fate.what for fate in told.stays]
    assert any("every answer in 2 registrations" in what for what in goes)
    assert any("contact of 1 event and 1 series" in what for what in goes)
    assert any("calendar address" in what for what in goes)
    assert any("whether they came" in what for what in stays)
    assert all(fate.why for fate in told.stays)
    session.rollback()
    assert everything_in(session) == before


def test_namesake_in_another_word_is_left_alone(session: Session, held: Held, keepers: Keepers) -> None:
    ann = things.event(session, lead=held.people.oxford, title="Annual fair of ann")
    person = Person(name="Ann", address="ann@example.org", address_key="ann@example.org", created_at=NOW)
    session.add(person)
    session.add(
        AuditEntry(at=NOW, verb="edited", subject_kind="event", subject_id=ann.id, after={"title": "Annual fair"})
    )
    session.commit()
    erase_person(session, person, keepers, actor=actor_of(person), now=NOW)
    session.commit()
    told = session.scalars(select(AuditEntry.after).where(AuditEntry.subject_id == ann.id)).one()
    assert told == {"title": "Annual fair"}


def test_guest_is_gone_by_the_link_of_the_only_registration(session: Session, held: Held, keepers: Keepers) -> None:
    guest = Person(name="Gwen Guestling", address="gwen@example.org", address_key="gwen@example.org", created_at=NOW)
    session.add(guest)
    session.flush()
    row = things.registration(session, to=held.past.opening, who=guest)
    session.commit()
    assert erase_registration(session, row, keepers, now=NOW)
    session.commit()
    assert "gwen" not in everything_in(session, apart_from=frozenset({"outbox_message"}))
    assert letters(session)[-1] == (FAREWELL, "gwen@example.org")


def test_link_deletes_no_more_than_its_registration_of_somebody_with_an_account(
    session: Session, held: Held, keepers: Keepers
) -> None:
    assert not erase_registration(session, held.past, keepers, now=NOW)
    session.commit()
    assert session.get_one(Registration, held.past.id, populate_existing=True).person_id is None
    assert session.get_one(Registration, held.coming.id, populate_existing=True).person_id == held.petra.id
    assert session.get_one(Person, held.petra.id).name == "Petra Peakforest"
    assert ("registration_confirmed", held.petra.address) not in letters(session)


def test_link_deletes_by_what_somebody_came_to_it_too(session: Session, held: Held, keepers: Keepers) -> None:
    her, bob = ({"address": one.address, "address_key": one.address_key} for one in (held.petra, held.people.bob))
    for number, whose in enumerate((her, bob)):
        to = {"opening_id": held.past.opening_id, **whose}
        invited = Invitation(**to, name="", link_version=number, invited_at=NOW)
        begun = Draft(**to, created_at=NOW, saved_at=NOW)
        session.add_all([ListedAddress(**to, added_at=NOW), invited, begun])
        session.flush()
        told = Post("invited", f"invited:{number}", Recipient(whose["address"]), ("invitation", invited.id))
        post(session, told, now=NOW)
    session.add(ListedAddress(opening_id=held.opening.id, **her, added_at=NOW))
    session.commit()
    assert not erase_registration(session, held.past, keepers, now=NOW)
    session.commit()
    for table in (Invitation, Draft):
        assert session.scalars(select(table.address)).all() == [held.people.bob.address]
    here = select(ListedAddress.address).where(ListedAddress.opening_id == held.past.opening_id)
    assert session.scalars(here).all() == [held.people.bob.address]
    assert session.scalar(select(func.count()).select_from(ListedAddress)) == 2, "what is not hers here stays"
    assert [to for letter, to in letters(session) if letter == "invited"] == [held.people.bob.address]


def test_place_given_back_by_deleting_moves_the_next_up(session: Session, held: Held, keepers: Keepers) -> None:
    erase_registration(session, held.coming, keepers, now=NOW)
    session.commit()
    assert session.get_one(Registration, held.waiting.id, populate_existing=True).state is RegistrationState.CONFIRMED


def test_registration_in_the_past_is_not_cancelled_by_deleting(session: Session, held: Held, keepers: Keepers) -> None:
    erase_registration(session, held.past, keepers, now=NOW + timedelta(days=1))
    session.commit()
    assert session.get_one(Registration, held.past.id, populate_existing=True).state is RegistrationState.CONFIRMED


@pytest.mark.one_database("postgresql")
def test_whoever_registers_in_the_same_moment_is_asked_to_look_again(
    app: Flask, session: Session, held: Held, keepers: Keepers
) -> None:
    """SQLite's writers take turns; PostgreSQL waits for who points to the person, and finds what is new."""
    with app.app_context():
        engine = db.engine
    said: list[str] = []
    erased = threading.Event()

    def erases() -> None:
        with Session(engine) as own:
            person = own.get_one(Person, held.petra.id)
            try:
                erase_person(own, person, keepers, actor=actor_of(person), now=NOW)
                own.commit()
            except Refusal as refusal:
                own.rollback()
                said.append(refusal.sentence)
        erased.set()

    with Session(engine) as other:
        to = other.get_one(Opening, held.coming.opening_id)
        late = things.opening(other, events=list(to.events), title="A third")
        things.registration(other, to=late, who=other.get_one(Person, held.petra.id))
        thread = threading.Thread(target=erases)
        thread.start()
        assert not erased.wait(1)
        other.commit()
    thread.join(30)
    assert said == [
        "Something about this account changed at the same moment. Look at it again, then confirm once more."
    ]
    session.rollback()
    assert session.get_one(Registration, held.coming.id, populate_existing=True).state is RegistrationState.CONFIRMED
