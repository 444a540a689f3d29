"""Importing in one line: text of a spreadsheet in, plan or outcome out."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from programme.engines.calendar.reading.reader import read
from programme.flows.importing.doing.carrying_out import carry_out
from programme.flows.importing.plan import plan, take_turn
from programme.flows.importing.values import Answer, ImportPlan, Outcome
from programme.people.permissions import Actor
from programme.people.states import Strand
from tests.factories.cast import Cast, assemble

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
HEAD = "Title,Series,Start,End,Venue,Who can attend,Booking,Speakers,Status,Abstract\n"
OMAR = Actor(person_id=None, name="Omar Otterbrook")

Look = Callable[..., ImportPlan]
Bring = Callable[..., Outcome]


def line(title: str = "On moss", **given: str) -> str:
    """Return one row of a spreadsheet."""
    cells = {
        "series": "Made-up Matters",
        "start": "02/02/2027 13:00",
        "end": "02/02/2027 14:00",
        "venue": "Lecture Theatre Nought",
        "audience": "Public",
        "booking": "Not required",
        "speakers": "Cora Windlethorpe",
        "status": "published",
        "abstract": "An invented talk.",
        **given,
    }
    return ",".join([title, *cells.values()]) + "\n"


@pytest.fixture
def cast(session: Session) -> Cast:
    """The cast."""
    return assemble(session)


@pytest.fixture
def look(session: Session, cast: Cast) -> Look:
    """Plan a file for Oxford's knowledge exchange, or as told."""

    def planned(*lines: str, source: str = "talks.csv", data: bytes | None = None, **given: Strand | int) -> ImportPlan:
        wanted = {"organisation_id": cast.oxford.id, "strand": Strand.EXCHANGE, **given}
        reading = read(source, data or (HEAD + "".join(lines)).encode())
        return plan(session, reading, source=source, now=NOW, **wanted)  # type: ignore[arg-type]

    return planned


@pytest.fixture
def bring(session: Session, cast: Cast, look: Look) -> Bring:
    """Import a file and commit."""

    def brought(
        *lines: str, choices: Mapping[str, Answer] | Answer | None = None, publish: bool = True, **given: object
    ) -> Outcome:
        take_turn(session, cast.oxford.id)
        found = look(*lines, **given)
        if isinstance(choices, Answer):
            choices = {question.key: choices for question in found.questions}
        done = carry_out(session, found, choices or {}, actor=OMAR, publish=publish, now=NOW)
        session.commit()
        session.expire_all()
        return done

    return brought
