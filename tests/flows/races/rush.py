"""A rush on one opening: everybody does a verb at once, under the opening's lock, or, as a control, without it."""

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.flows.registering import SignedUp, SignUp, sign_up
from programme.people.affiliations import person_id_for
from programme.people.permissions import NOBODY
from tests.engines.registration.rush import AT_ONCE, all_at_once
from tests.flows.conftest import NOW

LOCK = re.compile(
    r"UPDATE opening SET revision=\(opening\.revision \+ (?P<one>\S+)\) WHERE (?P<which>.+) RETURNING (?P<columns>.+)",
    re.DOTALL,
)
Verb = Callable[[Session], object]


@dataclass(slots=True)
class Came:
    """What came of a rush: who did it, who was refused with which sentence, and whose request failed; by number."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)


def guest(number: int) -> str:
    """The address of one of the rush."""
    return f"guest{number}@example.org"


def known_guests(session: Session, how_many: int) -> None:
    """Let everybody be known already: the first thing that a request of theirs writes is the registration."""
    for number in range(how_many):
        person_id_for(session, address=guest(number), name=f"Guest {number}", now=NOW)
    session.commit()


def signs_up(opening_id: int, number: int, **given: Any) -> Callable[[Session], SignedUp]:
    """Somebody's registration, with a choice, others or answers."""
    about = {"organisation_id": None, "answers": {}, "form_key": guest(number), **given}
    sent = SignUp(name=f"Guest {number}", address=guest(number), **about)
    return lambda session: sign_up(session, opening_id, sent, actor=NOBODY, now=NOW)


def under_the_lock(engine: Engine, verbs: Sequence[Verb]) -> Came:
    """Everybody at once, each in a transaction of their own, as requests are."""
    came = Came()
    all_at_once(partial(does, engine, verb, number, came, begin_writing) for number, verb in enumerate(verbs))
    return came


def without_the_lock(engine: Engine, verbs: Sequence[Verb], *, before: str) -> Came:
    """The control: the same verbs, but the opening is only read, and all have read before anybody writes `before`.

    SQLite lets one at a time write anything, so there all have read before the first one writes at all. As many verbs
    as there are threads, or the last ones would wait for ever.
    """
    assert len(verbs) == AT_ONCE
    gate = before if engine.dialect.name == "postgresql" else ("INSERT", "UPDATE", "DELETE")
    together, met, came = threading.Barrier(AT_ONCE, timeout=10), threading.local(), Came()

    def only_read(connection: object, cursor: object, statement: str, values: Any, *rest: object) -> tuple[str, Any]:
        lock = LOCK.match(statement)
        if lock is not None:
            return f"SELECT {lock['columns']} FROM opening WHERE {lock['one']} = 1 AND {lock['which']}", values  # noqa: S608
        if statement.startswith(gate) and not hasattr(met, "all"):
            met.all = True
            together.wait()
        return statement, values

    event.listen(engine, "before_cursor_execute", only_read, retval=True)
    try:
        all_at_once(partial(does, engine, verb, number, came, Session.connection) for number, verb in enumerate(verbs))
    finally:
        event.remove(engine, "before_cursor_execute", only_read)
    return came


def does(engine: Engine, verb: Verb, number: int, came: Came, begin: Callable[[Session], object]) -> None:
    """Do one verb and note what came of it."""
    with Session(engine) as own:
        begin(own)
        try:
            verb(own)
            own.commit()
            came.done.append(number)
        except Refusal as refusal:
            own.rollback()
            came.refused[number] = refusal.sentence
        except OperationalError as error:
            own.rollback()
            came.failed[number] = str(error)
