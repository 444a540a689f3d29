"""However many are registered, a place costs as many statements, and a queue is read from the front of an index."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, insert, text
from sqlalchemy.orm import Session

from programme.engines.registration.actions import Claim, cancel, register
from programme.engines.registration.models import Opening, Quota, Registration
from programme.engines.registration.states import RegistrationState, Source
from programme.people.models import Person
from tests.factories import cast, things
from tests.factories.cast import Cast

NOW = cast.LONG_AGO + timedelta(days=1)
FEW, MANY = 20, 4_000
R = RegistrationState


@pytest.fixture
def people(session: Session) -> Cast:
    return cast.assemble(session)


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=30)
    row.quotas = [Quota(organisation_id=one.id, places=10, release_days=3) for one in (people.liverpool, people.oxford)]
    session.commit()
    return row


def crowd(session: Session, opening: Opening, homes: list[int | None], number: int, state: R) -> None:
    """Put many on the roll at once, by their homes in turn."""
    rows = [
        {
            "opening_id": opening.id,
            "name": f"Person {one}",
            "address": f"p{one}@example.org",
            "counts_for_id": homes[one % len(homes)],
            "state": state,
            "source": Source.SELF,
            "joined_at": cast.LONG_AGO + timedelta(seconds=one),
            "reason": "",
            "note": "",
            "link_version": 1,
        }
        for one in range(number)
    ]
    session.execute(insert(Registration), rows)
    session.commit()


def claim(session: Session, address: str, home: int) -> Claim:
    who = Person(name="Late", address=address, address_key=address, created_at=NOW)
    session.add(who)
    session.commit()
    return Claim(person_id=who.id, name="Late", address=address, memberships=frozenset({home}), is_proved=True)


def statements(session: Session, opening: Opening, who: Claim) -> list[str]:
    """What registering, and giving the place back again, asks of the database."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    found: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        found.append(statement)

    session.expire_all()
    event.listen(engine, "before_cursor_execute", note)
    entered = register(session, opening.id, who, now=NOW)
    session.commit()
    assert entered.registration.state is R.CONFIRMED
    cancel(session, entered.registration.id, now=NOW)
    session.commit()
    event.remove(engine, "before_cursor_execute", note)
    return found


def test_a_place_costs_as_many_statements_beside_thousands_as_beside_few(
    session: Session, people: Cast, opening: Opening
) -> None:
    crowd(session, opening, [people.liverpool.id], FEW, R.CONFIRMED)
    crowd(session, opening, [people.liverpool.id, None], FEW, R.WAITLISTED)
    few = statements(session, opening, claim(session, "few@example.org", people.oxford.id))
    crowd(session, opening, [people.liverpool.id, None], MANY, R.WAITLISTED)
    crowd(session, opening, [people.oxford.id, None], MANY, R.CANCELLED)
    many = statements(session, opening, claim(session, "many@example.org", people.oxford.id))
    assert many == few


@pytest.mark.one_database
def test_counting_and_the_front_of_a_queue_are_read_from_the_index_alone(session: Session) -> None:
    counts = "SELECT state, counts_for_id, count(*) FROM registration WHERE opening_id = 1 AND state IN ('confirmed')"
    front = (
        "SELECT joined_at, id, counts_for_id FROM registration WHERE opening_id = 1 AND state = 'waitlisted'"
        " AND counts_for_id = 2 ORDER BY joined_at, id LIMIT 3"
    )
    for statement in (f"{counts} GROUP BY state, counts_for_id", front):
        plan = " ".join(row[-1] for row in session.execute(text(f"EXPLAIN QUERY PLAN {statement}")))
        assert "COVERING INDEX ix_registration_share" in plan
        assert "TEMP B-TREE" not in plan
