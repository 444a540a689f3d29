"""A group at the door: each who comes along has a mark of their own, by code, by name, and on paper."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions
from programme.engines.registration.door.codes import Codes
from programme.engines.registration.door.group import comers
from programme.engines.registration.links import Links
from programme.engines.registration.models import Companion, Registration
from programme.engines.registration.together.actions import leave_out
from tests.factories.cast import LONG_AGO
from tests.screens.door.conftest import DURING, door_of, path_of
from tests.screens.roll.conftest import As, Evening, fresh, text_of

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def helper(with_a_group: Evening, signed_in: As) -> FlaskClient:
    """Hal, who lets people in at this event alone."""
    return signed_in(with_a_group.helper)


def stand(session: Session, row: Registration) -> dict[str, str]:
    """Who of a group stands how, by first name."""
    return {one.name.split()[0]: one.attendance.value for one in comers(fresh(session, row).seats[0])}


def of(row: Registration, name: str) -> str:
    """What one of a group is called in a form."""
    return next(str(one.who) for one in comers(row.seats[0]) if one.name.startswith(name))


def chair(row: Registration) -> str:
    return f"/organise/seats/{row.seats[0].id}/attendance"


def test_a_code_shows_the_group_ticked_and_lets_in_those_left_ticked(
    with_a_group: Evening, helper: FlaskClient, codes: Codes, session: Session
) -> None:
    row = with_a_group.alice
    page = text_of(helper.get(path_of(codes, row)))
    assert "with Ben Bloom and Cleo Chen" in page
    assert page.count("checked>") == 3
    assert set(stand(session, row).values()) == {"unknown"}, "looking changes nothing"
    ticked = ["", of(row, "Alice"), of(row, "Cleo")]
    said = helper.post(path_of(codes, row), data={"who": ticked}, follow_redirects=True)
    assert "Alice Aldgrove and Cleo Chen are here." in text_of(said)
    assert stand(session, row) == {"Alice": "present", "Ben": "unknown", "Cleo": "present"}
    page = text_of(helper.get(path_of(codes, row)))
    assert "2 of 3 are here" in page
    assert page.count("checked>") == 1
    helper.post(path_of(codes, row), data={"who": ["", of(row, "Ben")]})
    assert "All 3 are here" in text_of(helper.get(path_of(codes, row)))


def test_without_a_tick_nobody_is_let_in(
    with_a_group: Evening, helper: FlaskClient, codes: Codes, session: Session
) -> None:
    said = helper.post(path_of(codes, with_a_group.alice), data={"who": ""}, follow_redirects=True)
    assert "Nobody is ticked" in text_of(said)
    assert set(stand(session, with_a_group.alice).values()) == {"unknown"}


def test_one_of_a_group_is_found_by_name_marked_and_taken_back(
    with_a_group: Evening, helper: FlaskClient, session: Session
) -> None:
    row = with_a_group.alice
    found = text_of(helper.get(f"{door_of(with_a_group)}?q=chen"))
    assert "Cleo Chen" in found
    assert "Bob Birchfield" not in found
    said = helper.post(chair(row), data={"who": of(row, "Cleo"), "attendance": "present"}, follow_redirects=True)
    assert "Cleo Chen is here." in text_of(said)
    assert "Other 2 here" in text_of(said)
    assert stand(session, row) == {"Alice": "unknown", "Ben": "unknown", "Cleo": "present"}
    again = helper.post(chair(row), data={"who": of(row, "Cleo"), "attendance": "present"}, follow_redirects=True)
    assert "Cleo Chen was checked in already, at 14:10." in text_of(again)
    helper.post(chair(row), data={"who": of(row, "Cleo"), "attendance": "unknown"})
    assert set(stand(session, row).values()) == {"unknown"}


def test_one_press_lets_in_a_whole_group(with_a_group: Evening, helper: FlaskClient, session: Session) -> None:
    row = with_a_group.alice
    assert "All 3 here" in text_of(helper.get(door_of(with_a_group)))
    told = helper.post(chair(row), data={"attendance": "present"}, headers=SCRIPT)
    assert told.json is not None
    assert told.json["said"] == "Alice Aldgrove, Ben Bloom and Cleo Chen are here."
    assert told.json["row"].count("Here since 14:10") == 3
    assert set(stand(session, row).values()) == {"present"}


def test_a_press_about_one_of_a_group_that_is_sent_again_changes_nothing(
    with_a_group: Evening, helper: FlaskClient, session: Session
) -> None:
    row = with_a_group.alice
    comes = {"who": of(row, "Ben"), "attendance": "present", "key": "k1"}
    helper.post(chair(row), data=comes, headers=SCRIPT)
    assert helper.post(chair(row), data={**comes, "who": of(row, "Cleo")}, headers=SCRIPT).status_code == 200
    assert stand(session, row) == {"Alice": "unknown", "Ben": "present", "Cleo": "present"}, "two people, two presses"
    helper.post(chair(row), data={"who": of(row, "Ben"), "attendance": "unknown", "key": "k2"}, headers=SCRIPT)
    helper.post(chair(row), data=comes, headers=SCRIPT)
    assert stand(session, row)["Ben"] == "unknown"


def test_numbers_at_the_door_count_people_and_lead_to_them(
    with_a_group: Evening, olga: FlaskClient, helper: FlaskClient
) -> None:
    row, counts = with_a_group.alice, f"{door_of(with_a_group)}/counts"
    helper.post(chair(row), data={"who": [of(row, "Ben"), of(row, "Cleo")], "attendance": "present"})
    told, home = olga.get(counts).json, with_a_group.people.liverpool.id
    assert told is not None
    assert (told["expected"], told["present"], told["unknown"]) == (4, 2, 2)
    assert (told[f"here-{home}"], told[f"of-{home}"]) == (2, 3)
    assert f"here-{home}" not in (helper.get(counts).json or {}), "helpers see names, not from where"
    for mark, is_listed in (("present", True), ("unknown", True), ("absent", False)):
        assert ("Ben Bloom" in olga.get(f"{door_of(with_a_group)}?attendance={mark}").text) is is_listed


def test_a_code_of_a_group_that_is_read_at_the_door_asks_who(
    with_a_group: Evening, helper: FlaskClient, codes: Codes, session: Session
) -> None:
    row, desk = with_a_group.alice, f"{door_of(with_a_group)}/codes"
    read = {"code": codes.url(row.seats[0])}
    assert helper.post(desk, data=read).headers["Location"] == path_of(codes, row)
    told = helper.post(desk, data=read, headers=SCRIPT).json
    assert told is not None
    assert told["goto"] == path_of(codes, row)
    assert set(stand(session, row).values()) == {"unknown"}
    helper.post(chair(row), data={"attendance": "present"})
    assert "were checked in already" in text_of(helper.post(desk, data=read, follow_redirects=True))


def test_marking_the_rest_is_about_people(with_a_group: Evening, olga: FlaskClient, session: Session) -> None:
    row, rest = with_a_group.alice, f"{door_of(with_a_group)}/attendance"
    olga.post(chair(row), data={"who": of(row, "Alice"), "attendance": "present"})
    olga.post(chair(row), data={"who": of(row, "Ben"), "attendance": "present"})
    olga.post(chair(row), data={"who": of(row, "Ben"), "attendance": "unknown"})
    said = olga.post(rest, data={"of": "unknown", "attendance": "absent"}, follow_redirects=True)
    assert "3 people marked." in text_of(said)
    assert stand(session, row) == {"Alice": "present", "Ben": "absent", "Cleo": "absent"}
    assert "3 people marked." in text_of(
        olga.post(rest, data={"of": "absent", "attendance": "unknown"}, follow_redirects=True)
    )
    assert stand(session, row) == {"Alice": "present", "Ben": "unknown", "Cleo": "unknown"}


def test_a_roll_marks_everybody_of_a_group(with_a_group: Evening, olga: FlaskClient, session: Session) -> None:
    ticked = {"id": with_a_group.alice.id, "do": "present"}
    assert olga.post(f"{with_a_group.home}/attendance", data=ticked).status_code == 303
    assert set(stand(session, with_a_group.alice).values()) == {"present"}


def test_certificates_are_for_those_of_a_group_who_came(
    with_a_group: Evening, olga: FlaskClient, client: FlaskClient, links: Links
) -> None:
    row = with_a_group.alice
    olga.post(chair(row), data={"who": [of(row, "Alice"), of(row, "Ben")], "attendance": "present"})
    page = links.path(row)
    assert "Certificates of attendance (PDF) for Alice Aldgrove and Ben Bloom" in text_of(client.get(page))
    for answer in (
        client.get(f"{page}/certificates/{with_a_group.event_id}.pdf"),
        olga.post(f"{door_of(with_a_group)}/certificates"),
    ):
        names = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
        assert ["Alice" in names[0], "Ben Bloom" in names[1], len(names)] == [True, True, 2]


def test_whoever_stays_away_after_all_cannot_be_ticked(
    with_a_group: Evening, helper: FlaskClient, session: Session
) -> None:
    row = with_a_group.alice
    gone = of(row, "Ben")
    leave_out(session, row.id, int(gone), now=DURING)
    session.commit()
    said = helper.post(chair(row), data={"who": gone, "attendance": "present"}, follow_redirects=True)
    assert "does not come along any more" in text_of(said)
    said = helper.post(chair(row), data={"who": [gone, "0"], "attendance": "present"}, follow_redirects=True)
    assert "Alice Aldgrove is here." in text_of(said)
    assert stand(session, row) == {"Alice": "present", "Cleo": "unknown"}


def test_only_who_lets_people_in_here_marks_a_group(with_a_group: Evening, signed_in: As, codes: Codes) -> None:
    for who in (with_a_group.elsewhere_helper, with_a_group.partner, with_a_group.stranger, with_a_group.people.alice):
        for there in (chair(with_a_group.alice), path_of(codes, with_a_group.alice)):
            assert signed_in(who).post(there, data={"who": "0", "attendance": "present"}).status_code == 403


def test_a_file_of_the_roll_says_of_each_whether_they_came_and_what_they_answered(
    with_a_group: Evening, olga: FlaskClient, session: Session
) -> None:
    row, sheet = with_a_group.alice, with_a_group.opening.questionnaire
    assert sheet is not None
    given = {with_a_group.department.id: "Physics"}
    row.companions[0].answer_sheet = actions.answer(session, sheet, given, now=LONG_AGO)
    session.commit()
    olga.post(chair(row), data={"who": of(row, "Ben"), "attendance": "present"})
    asked = {"reach": "holding", "format": "csv", "questions": with_a_group.department.id}
    content = olga.post(f"{with_a_group.home}/export", data=asked).data.decode("utf-8-sig")
    lines = {line["Name"]: line for line in csv.DictReader(io.StringIO(content))}
    ben, cleo = lines["Ben Bloom (with Alice Aldgrove)"], lines["Cleo Chen (with Alice Aldgrove)"]
    assert (ben["Attendance"], cleo["Attendance"]) == ("Came", "Not marked")
    assert ben[with_a_group.department.label] == "Physics"


def test_somebodys_page_marks_each_of_a_group(with_a_group: Evening, olga: FlaskClient, session: Session) -> None:
    row = with_a_group.alice
    there = f"/organise/registrations/{row.id}"
    assert "Ben Bloom: Quantum sensing for chemists" in text_of(olga.get(there))
    marked = {"who": of(row, "Ben"), "attendance": "absent", "from": "registration"}
    assert olga.post(chair(row), data=marked).headers["Location"].endswith(there)
    assert stand(session, row) == {"Alice": "unknown", "Ben": "absent", "Cleo": "unknown"}


def test_a_name_that_is_text_stays_text(with_a_group: Evening, helper: FlaskClient, session: Session) -> None:
    with_a_group.alice.companions[0] = Companion(name="<b>Ben</b> & Co")
    session.commit()
    assert "&lt;b&gt;Ben&lt;/b&gt; &amp; Co" in helper.get(door_of(with_a_group)).text
