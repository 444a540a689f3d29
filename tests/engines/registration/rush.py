"""A rush: many people who register at once, under the lock, or, as a control, without it."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.registration.actions import Claim, enter, register
from programme.engines.registration.models import Opening
from programme.people.models import Person
from tests.factories import cast

AT_ONCE = 10
NOW = cast.LONG_AGO + timedelta(days=1)


def crowd(session: Session, memberships: Iterable[frozenset[int]]) -> list[Claim]:
    """A claim of an invented person for each set of memberships, proved."""
    belong = list(memberships)
    people = [
        Person(name=f"Person {one}", address=f"p{one}@example.org", address_key=f"p{one}@example.org", created_at=NOW)
        for one in range(len(belong))
    ]
    session.add_all(people)
    session.commit()
    return [
        Claim(person_id=row.id, name=row.name, address=row.address, memberships=homes, is_proved=True)
        for row, homes in zip(people, belong, strict=True)
    ]


def all_at_once(verbs: Iterable[Callable[[], object]]) -> None:
    """Do everything in threads; what one of them raises is raised here."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(verb) for verb in verbs]:
            done.result()


def register_at_once(engine: Engine, opening_id: int, claims: Iterable[Claim]) -> None:
    """Everybody registers, each in a transaction of their own."""

    def registers(claim: Claim) -> None:
        with Session(engine) as own:
            begin_writing(own)
            register(own, opening_id, claim, now=NOW)
            own.commit()

    all_at_once(lambda claim=claim: registers(claim) for claim in claims)  # type: ignore[misc]


def enter_without_the_lock(engine: Engine, opening_id: int, claims: list[Claim]) -> list[str]:
    """The control: decide on an opening that is only read, all before the first one writes; return who failed, why.

    As many claims as there are threads, or the last ones would wait for ever.
    """
    together, failed = threading.Barrier(AT_ONCE, timeout=30), list[str]()
    assert len(claims) == AT_ONCE

    def wait_for_all(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO registration"):
            together.wait()

    def enters(claim: Claim) -> None:
        with Session(engine) as own:
            try:
                enter(own, own.get_one(Opening, opening_id), claim, now=NOW)
                own.commit()
            except OperationalError as error:
                failed.append(str(error))

    event.listen(engine, "before_cursor_execute", wait_for_all)
    all_at_once(lambda claim=claim: enters(claim) for claim in claims)  # type: ignore[misc]
    event.remove(engine, "before_cursor_execute", wait_for_all)
    return failed
