"""Every page that shows somebody else by name says so in the trail, about them and by whoever looked."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.core.audit import AuditEntry
from programme.strands.cohorts.models import Candidature
from tests.factories import cast, cohorts
from tests.screens.roll.test_roll import queries_of
from tests.strands.cohorts.doors.addresses import addresses, says
from tests.strands.cohorts.doors.conftest import Doors
from tests.strands.cohorts.doors.world import APPLICANT, RESEARCHER

pytestmark = pytest.mark.one_database
FELLOW = "Aldgrove"
LEAST = {"organiser": 25, "supervisor": 8, "reviewer": 2}
"""So many pages at least show somebody else to each: fewer would say that the search finds nothing any more."""


def pages(doors: Doors) -> Iterator[str]:
    """Every address of the strand that is read, of what the secret cohort has."""
    for door in addresses(doors.app, doors.world.values, method="GET"):
        view = doors.app.view_functions[door.rule.endpoint]
        if view.__module__.startswith("programme.strands.cohorts"):
            yield door.path


def whose(doors: Doors) -> dict[str, set[tuple[str, int]]]:
    """By whose name, what an entry about them may be about."""
    world = doors.world
    cohort = ("cohort", world.cohort.id)
    fellow = doors.session.scalars(select(Candidature.id).where(Candidature.person_id == world.people.alice.id)).one()
    return {
        RESEARCHER: {cohort, ("candidature", world.record.id)},
        FELLOW: {cohort, ("candidature", fellow)},
        APPLICANT: {("admission", int(world.values["admission_id"])), ("registration", world.application.id)},
    }


def noted(doors: Doors, browser: FlaskClient, path: str) -> tuple[str, list[AuditEntry]]:
    """What a page says, and what the trail has of it."""
    doors.session.rollback()
    last = doors.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)) or 0
    said = says(browser, path)
    doors.session.rollback()
    return said, list(doors.session.scalars(select(AuditEntry).where(AuditEntry.id > last)))


def names(entry: AuditEntry, about: set[tuple[str, int]], record: int | None) -> bool:
    """Whether an entry is about somebody: about what is theirs alone, or a list that showed them."""
    shown = (entry.after or {}).get("shown")
    return (entry.subject_kind, entry.subject_id) in about and (shown is None or record in shown)


@pytest.mark.parametrize("part", LEAST)
def test_every_page_that_names_another_is_noted_about_them(doors: Doors, part: str) -> None:
    browser, who, missing, found = doors.browser(part), doors.person(part), [], 0
    assert who is not None
    me = who.id
    for path in pages(doors):
        said, entries = noted(doors, browser, path)
        for name, about in whose(doors).items():
            if name.lower() not in said:
                continue
            found += 1
            own = {number for kind, number in about if kind in {"candidature", "registration"}}
            is_noted = any(names(one, about, *own) and one.person_id == me for one in entries)
            missing += [] if is_noted else [f"{path} names {name}: {[(one.verb, one.subject_id) for one in entries]}"]
    assert missing == [], "\n".join(missing)
    assert found >= LEAST[part]


def test_a_link_to_sign_is_noted_as_looked_at_by_whom_it_was_sent_to(doors: Doors) -> None:
    guest = doors.browser("nobody")
    said, [entry] = noted(doors, guest, f"/signatures/{doors.world.values['signature_token']}")
    assert RESEARCHER.lower() in said
    assert (entry.verb, entry.subject_id) == ("looked at a record", doors.world.record.id)
    assert entry.person_id == doors.world.others["supervisor"].id


def test_nobody_is_noted_for_looking_at_their_own(doors: Doors) -> None:
    browser = doors.browser("researcher")
    for path in ("/records", f"/records/{doors.world.record.id}"):
        said, entries = noted(doors, browser, path)
        assert said
        assert entries == []


def test_whoever_runs_the_cohort_reads_who_looked_and_how_many_were_shown(doors: Doors) -> None:
    supervisor, organiser = doors.browser("supervisor"), doors.browser("organiser")
    supervisor.get("/records")
    organiser.get(f"/organise/cohorts/{doors.world.cohort.id}/supervision")
    organiser.get(f"/organise/applications/{doors.world.application.id}")
    trail = organiser.get("/organise/audit").get_data(as_text=True)
    for words in ("looked at the list of whom they supervise in", "looked at the supervision of", "People shown"):
        assert words in trail
    assert "looked at the application of" in trail
    other = doors.browser("other university").get("/organise/audit").get_data(as_text=True)
    assert "looked at" not in other


@pytest.mark.parametrize(("part", "verb"), [("organiser", "opened a reference"), ("reviewer", "opened a reference")])
def test_whoever_opens_a_reference_is_noted(doors: Doors, part: str, verb: str) -> None:
    values, who = doors.world.values, doors.person(part)
    home = f"/organise/applications/{doors.world.application.id}"
    home = home if part == "organiser" else f"/reviewing/applications/{values['review_id']}"
    _, [entry] = noted(doors, doors.browser(part), f"{home}/references/{values['reference_id']}/file")
    assert who is not None
    assert (entry.verb, entry.person_id, entry.subject_id) == (verb, who.id, doors.world.application.id)


def test_a_reviewer_who_opens_a_file_is_noted_and_whoever_may_not_is_not(doors: Doors) -> None:
    values = doors.world.values
    path = f"/reviewing/applications/{values['review_id']}/files/{values['question_id']}"
    _, [entry] = noted(doors, doors.browser("reviewer"), path)
    assert (entry.verb, entry.subject_id) == ("opened a file of an application", doors.world.application.id)
    for part in ("second reviewer", "fellow", "other university"):
        assert noted(doors, doors.browser(part), path)[1] == []


def test_noting_asks_no_more_of_the_database_for_more_people(doors: Doors) -> None:
    session, cohort, people = doors.session, doors.world.cohort, doors.world.people
    home, supervisor = f"/organise/cohorts/{cohort.id}", doors.world.others["supervisor"]
    lists = [f"{home}{part}" for part in ("", "/training", "/compulsory", "/supervision", "/meetings", "/deletion")]
    organiser, other = doors.browser("organiser"), doors.browser("supervisor")
    few = [queries_of(session, organiser, path) for path in lists] + [queries_of(session, other, "/records")]
    for number in range(12):
        one = cast.person(session, f"Person {number}", f"person{number}@liverpool.example.ac.uk")
        award = cohorts.award(
            session, lead=people.liverpool, title=f"Award {number}", grant_reference=f"EP/{number + 2}"
        )
        elsewhere = cohorts.cohort(session, award=award, title=f"Cohort {number}")
        for each in (cohort, elsewhere):
            row = cohorts.candidature(session, cohort=each, person=one, home=people.liverpool, partner=people.oxford)
            cohorts.supervision(session, candidature=row, person=supervisor, organisation=people.liverpool)
    session.commit()
    many = [queries_of(session, organiser, path) for path in lists] + [queries_of(session, other, "/records")]
    assert many == few
