"""Who leaves takes everything along: it stands in their export, and afterwards in no table and no file."""

import base64
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.core.database import Base
from programme.flows.keeping.erasing import erase_person
from programme.people.identity import actor_of
from programme.people.keeping.ports import Times
from programme.scheduler import run_due
from programme.strands.cohorts.models import Supervision
from tests.factories import cast
from tests.factories.browsers import look_again
from tests.factories.files import PDF
from tests.strands.cohorts.doors.conftest import Doors
from tests.strands.cohorts.doors.world import (
    APPLICATION,
    EMPLOYER,
    EXEMPTION,
    FORMER,
    OF_OTHERS,
    RECORD,
    REFEREE,
    REFERENCE,
    SAID,
    SUPERVISOR,
)

pytestmark = pytest.mark.one_database
OWN = RECORD | {EMPLOYER, EXEMPTION} | OF_OTHERS


def export(doors: Doors, part: str) -> str:
    """Everything that somebody is told we hold on them."""
    return doors.browser(part).get("/me/account/data.json").text


NIGHTS = 2
"""What hangs on a name goes the night after the name, at the latest."""
FAREWELL = "Your data are deleted"


def told(session: Session) -> Iterator[tuple[str, str]]:
    """Every row of every table, with the name of its table; but for the letter that says that all of it is gone."""
    look_again(session)
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            text = " ".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in row)
            if FAREWELL not in text:
                yield table.name, text


def left(doors: Doors, words: frozenset[str]) -> set[tuple[str, str]]:
    """Which words still stand in which tables."""
    return {(word, name) for name, text in told(doors.session) for word in words if word in text}


def erase(doors: Doors, part: str) -> None:
    """Delete somebody, as they ask for it, and let the letters go that say so; commits."""
    who = doors.person(part)
    assert who is not None
    doors.session.rollback()
    ada = actor_of(doors.world.people.ada)
    erase_person(doors.session, who, doors.app.extensions["keepers"], actor=ada, now=clock.now())
    doors.session.commit()
    run_due(doors.app, clock.now())


def test_researcher_is_told_everything_that_stands_in_their_record(doors: Doors) -> None:
    held = export(doors, "researcher")
    assert {word for word in OWN if word not in held} == set()


def test_nothing_of_a_researcher_who_left_stands_anywhere(doors: Doors) -> None:
    erase(doors, "researcher")
    assert left(doors, OWN - {SUPERVISOR, FORMER}) == set()


def test_nothing_of_an_applicant_who_left_stands_anywhere(doors: Doors) -> None:
    erase(doors, "applicant")
    assert left(doors, APPLICATION | SAID) == set()


def test_referee_is_given_the_file_that_they_sent(doors: Doors) -> None:
    doors.session.rollback()
    referee = cast.person(doors.session, f"Rufus {REFEREE}", "rufus@example.org")
    doors.session.commit()
    doors.world.others["referee"] = referee
    held = export(doors, "referee")
    assert REFERENCE in held
    assert base64.b64encode(PDF).decode() in held


@pytest.mark.parametrize(("part", "word"), [("supervisor", SUPERVISOR), ("former supervisor", FORMER)])
def test_supervisor_who_left_is_named_nowhere(doors: Doors, part: str, word: str) -> None:
    erase(doors, part)
    assert left(doors, frozenset({word})) == set()


def test_no_file_of_whoever_left_stays_on_the_disk(doors: Doors) -> None:
    store = Path(doors.app.extensions["shelf"].store)
    assert len(files(store)) == 4
    erase(doors, "researcher")
    erase(doors, "applicant")
    assert files(store) == []


def files(store: Path) -> list[Path]:
    """The files that people handed in."""
    return [one for one in (store / "uploads").rglob("*") if one.is_file()]


def test_six_years_after_its_award_a_record_names_neither_its_researcher_nor_who_supervised(doors: Doors) -> None:
    doors.session.rollback()
    doors.world.cohort.award.ends_on = date(2027, 1, 1)
    doors.session.commit()
    then = clock.now() + timedelta(days=7 * 365)
    doors.session.rollback()
    for keeper in doors.app.extensions["keepers"] * NIGHTS:
        keeper.retire(doors.session, Times(), now=then)
    doors.session.commit()
    kept = {"person", "audit_entry", "outbox_message", "captured_mail", "letter_body", "role_grant"}
    found = {(word, table) for word, table in left(doors, OWN) if table not in kept}
    assert found == set()
    assert doors.session.scalar(select(func.count()).select_from(Supervision)) == 0
