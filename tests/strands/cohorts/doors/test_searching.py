"""From no list, search or refusal can outsiders tell whether there is somebody, or something, of the cohort."""

import re

import pytest
from flask.testing import FlaskClient

from tests.strands.cohorts.doors.addresses import addresses, doctoral, says
from tests.strands.cohorts.doors.conftest import OUTSIDERS, Doors
from tests.strands.cohorts.doors.world import APPLICANT, COHORT, PROJECT, RESEARCHER, SUPERVISOR

pytestmark = pytest.mark.one_database
SOUGHT = re.compile(r'name="(q|person|address)"')
NOBODY_AT_ALL = "Unheardof"
WORDS = (RESEARCHER, PROJECT, APPLICANT, SUPERVISOR, COHORT)
ABSENT = "999999"
SEEKING = ("other university", "other strand", "partner authority", "fellow", "nobody")


def answers(browser: FlaskClient, path: str, field: str, word: str) -> str:
    """What a search answers, without the word that was typed, and what hangs on it."""
    told = says(browser, f"{path}?{field}={word}").replace(word.lower(), "…")
    return re.sub(r"nonce-?[^\s>]*|\?[^\"]*", "", told)


def test_a_search_for_what_there_is_answers_outsiders_as_one_for_what_is_not(doors: Doors) -> None:
    plain = [door.path for door in addresses(doors.app, {}, method="GET") if not door.rule.arguments]
    wrong, searched = [], set()
    for part in SEEKING:
        browser = doors.browser(part)
        for path in plain:
            for field in set(SOUGHT.findall(says(browser, path))):
                searched.add((path, field))
                usual = answers(browser, path, field, NOBODY_AT_ALL)
                wrong += [
                    f"{part} finds {word} at {path} by {field}"
                    for word in WORDS
                    if answers(browser, path, field, word) != usual
                ]
    assert ("/organise/people", "q") in searched
    assert wrong == [], "\n".join(wrong)


def test_the_same_search_tells_whoever_runs_the_cohort_that_there_is_somebody(doors: Doors) -> None:
    browser = doors.browser("organiser")
    page = f"/organise/cohorts/{doors.world.cohort.id}/admission"
    assert answers(browser, page, "q", APPLICANT) != answers(browser, page, "q", NOBODY_AT_ALL)


def test_outsiders_are_answered_alike_whether_there_is_such_a_thing_or_not(doors: Doors) -> None:
    values = doors.world.values
    there = list(doctoral(doors.app, values, method="GET"))
    absent = list(doctoral(doors.app, dict.fromkeys(values, ABSENT), method="GET"))
    assert len(there) > 50
    wrong = []
    for part in OUTSIDERS:
        browser = doors.browser(part)
        for one, other in zip(there, absent, strict=True):
            got = [browser.get(door.path).status_code for door in (one, other)]
            wrong += [f"{part} is answered {got} at {one.path}"] if len(set(got)) > 1 else []
    assert wrong == [], "\n".join(wrong)
