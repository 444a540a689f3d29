"""Whatever outsiders send about the cohort is refused, and leaves every table as it was."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.database import Base
from tests.strands.cohorts.doors.addresses import doctoral
from tests.strands.cohorts.doors.conftest import OUTSIDERS, Doors

pytestmark = pytest.mark.one_database
LEFT_OUT = "browser_session"
"""Who is signed in where changes by looking."""
TYPED = {
    "state": "withdrawn",
    "on": "2027-01-11",
    "reason": "So that it is gone",
    "says": "yes",
    "words": "Yes",
    "name": "Somebody Else",
    "address": "else@example.org",
    "conflict": "none",
    "ruling": "may_review",
    "units": "1",
    "done_on": "2027-01-11",
}
REFUSED = {403, 404}


def rows(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    session.rollback()
    tables = [table for table in Base.metadata.sorted_tables if table.name != LEFT_OUT]
    return {table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr) for table in tables}


def test_nothing_that_an_outsider_sends_changes_anything(doors: Doors) -> None:
    sent = list(doctoral(doors.app, doors.world.values, method="POST"))
    assert len(sent) > 70
    wrong, before = [], rows(doors.session)
    for part in OUTSIDERS:
        browser = doors.browser(part)
        for door in sent:
            with browser.post(door.path, data=TYPED) as answer:
                refused = answer.status_code in REFUSED or answer.location == "/sign-in"
            wrong += [] if refused else [f"{part} is answered {answer.status_code} at {door.path}"]
        after = rows(doors.session)
        wrong += [f"{part} changed {name}" for name in before if before[name] != after[name]]
    assert wrong == [], "\n".join(wrong)


def test_the_same_sent_by_whoever_runs_the_cohort_changes_something(doors: Doors) -> None:
    before, browser = rows(doors.session), doors.browser("organiser")
    browser.post(f"/records/{doors.world.record.id}/status", data=TYPED)
    after = rows(doors.session)
    assert {"candidature", "audit_entry"} <= {name for name in before if before[name] != after[name]}
