"""At every address there is, everybody meets only the words that are theirs to read."""

import re
from collections.abc import Collection

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.engines.mail.models import OutboxMessage
from programme.people.groups.models import Group
from tests.bed.mail import Capture
from tests.strands.cohorts.doors.addresses import addresses, doctoral, says
from tests.strands.cohorts.doors.conftest import MAY_READ, Doors
from tests.strands.cohorts.doors.world import EMPLOYER, EVERYTHING, NOTE, RESEARCHER

pytestmark = pytest.mark.one_database
FEED = re.compile(r"/feeds/[\w-]+\.ics")
ROLELESS = frozenset(
    {"researcher", "supervisor", "supervisor of a fellow", "former supervisor", "applicant", "reviewer"}
)
"""Whoever has no role is turned away from what is organised alike: one of them tries every door, the fellow."""
ERASURE = "/organise/people/<id:person_id>/erasure"
ON_REQUEST = {("administrator", ERASURE): {RESEARCHER}}
"""Whoever is asked to erase somebody has to see whom."""


def paths(doors: Doors, browser: FlaskClient) -> dict[str, str]:
    """Every address with its rule: of each letter there is, and the personal calendar of whoever looks."""
    session, world = doors.session, doors.world
    values = {
        **world.values,
        "group_id": str(session.scalars(select(Group.id)).first()),
        "person_id": str(world.others["researcher"].id),
        "organisation_id": str(world.people.liverpool.id),
        "letter_name": "signature_asked",
    }
    letters = [str(one) for one in session.scalars(select(OutboxMessage.id))]
    found: dict[str, str] = {}
    for door in addresses(doors.app, values, method="GET"):
        of_letters = letters if "message_id" in door.rule.arguments else [""]
        found |= {door.path.replace("/mail/1", f"/mail/{one}"): door.rule.rule for one in of_letters}
    browser.post("/calendars/own")
    own = FEED.search(browser.get("/calendars").text)
    door_of = f"/organise/openings/{world.values['door_opening_id']}"
    door_of_event = f"{door_of}/door/{world.values['event_id']}"
    set_by_hand = f"/records/{world.record.id}/milestones/{world.values['set_milestone_id']}"
    more = [set_by_hand, door_of, door_of_event, f"{door_of_event}/counts", *([own[0]] if own else [])]
    return found | dict.fromkeys(more, "")


def tried(doors: Doors, part: str, browser: FlaskClient) -> dict[str, str]:
    """Every address, or for whoever has no role those that are not of organisers, and those of the strand."""
    found = paths(doors, browser)
    if part not in ROLELESS:
        return found
    strand = {door.path for door in doctoral(doors.app, doors.world.values, method="GET")}
    return {path: rule for path, rule in found.items() if path in strand or not path.startswith("/organise")}


def met(browser: FlaskClient, path: str, words: Collection[str]) -> set[str]:
    """Which of some words an address answers with."""
    text = says(browser, path)
    return {word for word in words if word.lower() in text}


def test_nobody_meets_a_word_that_is_not_theirs_anywhere(doors: Doors) -> None:
    wrong = []
    for part, allowed in MAY_READ.items():
        who, browser = doors.person(part), doors.browser(part)
        secret = EVERYTHING - allowed - set(who.name.split() if who else ())
        for path, rule in tried(doors, part, browser).items() if secret else ():
            found = met(browser, path, secret) - ON_REQUEST.get((part, rule), set())
            wrong += [f"{part} meets {', '.join(sorted(found))} at {path}"] if found else []
    assert wrong == [], "\n".join(wrong)


def test_the_same_search_finds_every_word_for_whoever_runs_the_cohort(doors: Doors) -> None:
    browser = doors.browser("organiser")
    seen = {word for path in paths(doors, browser) for word in met(browser, path, EVERYTHING)}
    assert EVERYTHING - seen == {EMPLOYER}, "where somebody went is told by sums alone"


def test_an_organiser_who_shares_the_award_finds_what_its_lead_finds(doors: Doors) -> None:
    award = doors.world.cohort.award
    award.co_owners = [doors.world.people.oxford]
    doors.session.commit()
    browser = doors.browser("co-owner")
    shared = ("/organise/mail", "/organise/groups", "/records")
    strand = {door.path for door in doctoral(doors.app, doors.world.values, method="GET")}
    pages = [path for path in paths(doors, browser) if path in strand or path.startswith(shared)]
    seen = {word for path in pages for word in met(browser, path, EVERYTHING)}
    assert EVERYTHING - seen == {EMPLOYER, NOTE}, "a note stands on the roll of the call, which is shared by itself"


def test_no_letter_tells_anybody_what_they_may_not_read(doors: Doors, capture: Capture) -> None:
    by_address = {who.address: part for part in MAY_READ for who in [doors.person(part)] if who is not None}
    wrong = []
    for letter in capture.messages:
        part = by_address.get(str(letter["To"].addresses[0].addr_spec), "")
        who = doors.person(part) if part else None
        text = str(letter["Subject"]) + "".join(
            one.get_content() for one in letter.walk() if one.get_content_maintype() == "text"
        )
        secret = EVERYTHING - MAY_READ.get(part, frozenset()) - set(who.name.split() if who else ())
        found = {word for word in secret if word in text}
        wrong += [f"{letter['Subject']} tells {letter['To']} {found}"] if found else []
    assert capture.messages
    assert wrong == []
