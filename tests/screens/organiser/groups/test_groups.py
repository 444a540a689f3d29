"""Groups: made by organisers of their own organisation, filled from a pasted list, and nobody else's business."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.groups.models import Group, GroupMember
from programme.people.models import Person, Role, Strand
from tests.bed.databases import statements
from tests.factories.cast import LONG_AGO, Cast, cookie_for, grant, person


@pytest.fixture
def group(session: Session, cast: Cast) -> Group:
    """Liverpool's steering group with Alice in it."""
    row = Group(title="Steering group", organisation_id=cast.liverpool.id, created_at=LONG_AGO)
    row.members = [GroupMember(person_id=cast.alice.id, added_at=LONG_AGO)]
    session.add(row)
    session.commit()
    return row


def signed_in(app: Flask, session: Session, who: Person) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, who))
    return client


def names(session: Session, group_id: int) -> list[str]:
    session.rollback()
    found = select(Person.address).join(GroupMember, GroupMember.person_id == Person.id)
    return list(session.scalars(found.where(GroupMember.group_id == group_id).order_by(GroupMember.id)))


def test_group_is_made_renamed_and_deleted_with_its_trail(olga: FlaskClient, cast: Cast, session: Session) -> None:
    made = olga.post("/organise/groups", data={"title": "Alumni", "organisation": cast.liverpool.id, "strand": ""})
    group = session.scalars(select(Group)).one()
    assert made.location == f"/organise/groups/{group.id}"
    assert olga.post(f"{made.location}/title", data={"title": "Alumni 2026"}).status_code == 303
    assert "Alumni 2026" in olga.get("/organise/groups").text
    assert "Delete “Alumni 2026”?" in olga.get(f"{made.location}/deletion").text
    assert olga.post(f"{made.location}/deletion").location == "/organise/groups"
    session.rollback()
    assert session.scalars(select(Group)).all() == []
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_kind == "group").order_by(AuditEntry.id))
    assert list(verbs) == ["made a group", "renamed a group", "deleted a group"]
    assert "deleted the group" in olga.get("/organise/audit").text


def test_pasted_lines_are_added_and_odd_ones_told_and_kept(olga: FlaskClient, group: Group, session: Session) -> None:
    pasted = "Bob Birchfield <bob@oxford.example.ac.uk>\nnonsense\nnew@example.org, Nora New\nnew@example.org"
    page = olga.post(f"/organise/groups/{group.id}/people", data={"people": pasted})
    assert page.status_code == 422
    assert "nonsense\nnew@example.org</textarea>" in page.text
    for words in ("2 lines could not be read", "There is no e-mail address", "stands in the list already"):
        assert words in page.text
    people = ["alice@liverpool.example.ac.uk", "bob@oxford.example.ac.uk", "new@example.org"]
    assert names(session, group.id) == people
    again = olga.post(f"/organise/groups/{group.id}/people", data={"people": "new@example.org"}, follow_redirects=True)
    assert "already in it" in again.text
    assert names(session, group.id) == people


def test_people_are_taken_out(olga: FlaskClient, group: Group, cast: Cast, session: Session) -> None:
    answer = olga.post(f"/organise/groups/{group.id}/removals", data={"id": [cast.alice.id, 2**70]})
    assert answer.status_code == 303
    assert names(session, group.id) == []
    assert "Tick at least one" in olga.post(f"/organise/groups/{group.id}/removals", follow_redirects=True).text


def test_same_name_in_other_capitals_is_refused_and_nothing_typed_is_lost(
    olga: FlaskClient, group: Group, cast: Cast
) -> None:
    typed = {"title": "STEERING group", "organisation": cast.liverpool.id, "strand": ""}
    answer = olga.post("/organise/groups", data=typed)
    assert answer.status_code == 422
    assert "there already" in answer.text
    assert "STEERING group" in answer.text
    assert olga.post(f"/organise/groups/{group.id}/title", data={"title": ""}).status_code == 422


def test_other_university_is_an_outsider_at_every_door(
    app: Flask, session: Session, group: Group, cast: Cast, client: FlaskClient
) -> None:
    omar = signed_in(app, session, cast.omar)
    home = f"/organise/groups/{group.id}"
    assert home not in omar.get("/organise/groups").text
    doors = ["/title", "/people", "/removals", "/deletion"]
    assert {omar.get(home).status_code, omar.get(f"{home}/deletion").status_code} == {403}
    assert {omar.post(home + door, data={"title": "x", "people": "a@b.cd"}).status_code for door in doors} == {403}
    theirs = omar.post("/organise/groups", data={"title": "Theirs", "organisation": cast.liverpool.id, "strand": ""})
    assert theirs.status_code == 422
    assert client.get(home).location.startswith("/sign-in")
    assert signed_in(app, session, cast.alice).get(home).status_code == 403
    assert names(session, group.id) == ["alice@liverpool.example.ac.uk"]


def test_organiser_of_one_strand_keeps_groups_of_that_strand_only(app: Flask, session: Session, cast: Cast) -> None:
    sam = person(session, "Sam Strand", "sam@liverpool.example.ac.uk")
    grant(session, sam, Role.ORGANISER, organisation=cast.liverpool, strand=Strand.EXCHANGE)
    session.commit()
    browser = signed_in(app, session, sam)
    whole = {"title": "All of us", "organisation": cast.liverpool.id, "strand": ""}
    assert browser.post("/organise/groups", data=whole).status_code == 422
    assert browser.post("/organise/groups", data={**whole, "strand": "exchange"}).status_code == 303


@pytest.mark.parametrize("typed", ["\0", "x" * 70_000, "<script>alert(1)</script>"])
def test_hostile_lists_are_answered(olga: FlaskClient, group: Group, typed: str) -> None:
    answer = olga.post(f"/organise/groups/{group.id}/people", data={"people": typed})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert olga.get(f"/organise/groups/{group.id}?q=%00&page=x").status_code in {200, 400}


def test_pages_ask_as_much_with_thirty_rows_as_with_one(
    app: Flask, olga: FlaskClient, group: Group, cast: Cast, session: Session
) -> None:
    pages = ("/organise/groups", f"/organise/groups/{group.id}")

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with statements(app) as seen:
                assert olga.get(page).status_code == 200
            counts.append(len(seen))
        return counts

    asked()
    one = asked()
    for number in range(30):
        more = Group(title=f"Group {number}", organisation_id=cast.liverpool.id, created_at=LONG_AGO)
        session.add(more)
        who = person(session, f"Person {number}", f"p{number}@example.org")
        session.add(GroupMember(group_id=group.id, person_id=who.id, added_at=LONG_AGO))
    session.commit()
    assert asked() == one
