"""Tags on a roll: put on those ticked, found, shown, taken off; and people taken over into groups."""

import io

from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.registration.models import RegistrationTag
from programme.people.groups.models import Group, GroupMember
from tests.factories.cast import LONG_AGO
from tests.screens.roll.conftest import As, Evening, text_of


def borne(session: Session) -> list[tuple[int, str]]:
    session.rollback()
    rows = session.execute(select(RegistrationTag.registration_id, RegistrationTag.tag))
    return sorted((row[0], row[1]) for row in rows)


def test_tag_is_put_on_those_ticked_shown_found_and_taken_off(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    ticked = [evening.alice.id, evening.charlie.id]
    led = olga.get(f"{evening.home}/decision?do=tag&id={ticked[0]}&id={ticked[1]}")
    assert "Tag 2 people" in text_of(olga.get(led.location))
    answer = olga.post(f"{evening.home}/tags", data={"id": ticked, "word": "  Needs a\tvisa "}, follow_redirects=True)
    assert "2 people tagged “Needs a visa”." in text_of(answer)
    olga.post(f"{evening.home}/tags", data={"id": [evening.bob.id], "word": "NEEDS A VISA"})
    olga.post(f"{evening.home}/tags", data={"id": [evening.bob.id], "word": "Speaker"})
    assert borne(session) == sorted(
        [(one, "Needs a visa") for one in (*ticked, evening.bob.id)] + [(evening.bob.id, "Speaker")]
    )
    found = text_of(olga.get(f"{evening.home}?tag=Speaker"))
    assert "Bob Birchfield" in found
    assert "Alice Aldgrove" not in found
    assert "Needs a visa, Speaker" in text_of(olga.get(f"/organise/registrations/{evening.bob.id}"))
    off = {"id": [evening.bob.id], "remove": "Speaker"}
    assert "taken off 1 person" in text_of(olga.post(f"{evening.home}/tags/removal", data=off, follow_redirects=True))
    assert (evening.bob.id, "Speaker") not in borne(session)
    acts = session.scalars(select(AuditEntry.verb).where(AuditEntry.verb.in_(["tagged people", "took a tag off"])))
    assert sorted(acts) == ["tagged people"] * 3 + ["took a tag off"]


def test_tags_stand_in_the_file(evening: Evening, olga: FlaskClient) -> None:
    olga.post(f"{evening.home}/tags", data={"id": [evening.alice.id], "word": "Speaker"})
    answer = olga.post(f"{evening.home}/export", data={"format": "xlsx", "reach": "all"})
    head, first, *_ = load_workbook(io.BytesIO(answer.data)).active.values
    assert dict(zip(head, first, strict=True))["Tags"] == "Speaker"


def test_tag_has_sixty_letters_and_an_opening_twenty_tags(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    home = f"{evening.home}/tags"
    for wrong in ("", " ", "x" * 61, "\0"):
        answer = olga.post(home, data={"id": [evening.alice.id], "word": wrong})
        assert answer.status_code == 422
        assert "Alice Aldgrove" in text_of(answer)
    for number in range(20):
        assert olga.post(home, data={"id": [evening.alice.id], "word": f"tag {number}"}).status_code == 303
    full = olga.post(home, data={"id": [evening.alice.id], "word": "one more"})
    assert full.status_code == 422
    assert "20 tags here already" in text_of(full)
    assert olga.post(home, data={"id": [evening.bob.id], "word": "TAG 7"}).status_code == 303
    assert len(borne(session)) == 21


def test_only_people_of_this_roll_are_tagged(evening: Evening, olga: FlaskClient, session: Session) -> None:
    assert "Tick at least one" in text_of(olga.get(f"{evening.home}/tags/new", follow_redirects=True))
    olga.post(f"{evening.home}/tags", data={"id": [2**62, evening.alice.id + 999], "word": "Speaker"})
    assert borne(session) == []


def test_co_owners_tag_and_outsiders_and_helpers_do_not(evening: Evening, signed_in: As, session: Session) -> None:
    doors = [(f"{evening.home}/tags", {"word": "x"}), (f"{evening.home}/tags/removal", {"remove": "x"})]
    doors += [(f"{evening.home}/groups", {"group": "1"})]
    for who in (evening.stranger, evening.helper, evening.partner, evening.people.alice):
        browser = signed_in(who)
        assert browser.get(f"{evening.home}/tags/new?id={evening.alice.id}").status_code == 403
        assert browser.get(f"{evening.home}/groups/new?id={evening.alice.id}").status_code == 403
        for address, typed in doors:
            assert browser.post(address, data={"id": evening.alice.id, **typed}).status_code == 403
    assert borne(session) == []
    omar = signed_in(evening.people.omar)
    assert omar.post(f"{evening.home}/tags", data={"id": evening.alice.id, "word": "x"}).status_code == 303
    assert borne(session) == [(evening.alice.id, "x")]


def test_people_go_into_a_group_of_ones_own(evening: Evening, signed_in: As, session: Session) -> None:
    group = Group(title="Steering group", organisation_id=evening.people.liverpool.id, created_at=LONG_AGO)
    session.add(group)
    session.commit()
    ids = [evening.alice.id, evening.bob.id]
    olga, omar = signed_in(evening.people.olga), signed_in(evening.people.omar)
    asked = f"{evening.home}/groups/new?id={ids[0]}&id={ids[1]}"
    assert "Steering group (" in text_of(olga.get(asked))
    assert "There is no group yet" in text_of(omar.get(asked))
    assert omar.post(f"{evening.home}/groups", data={"id": ids, "group": group.id}).status_code == 403
    done = olga.post(f"{evening.home}/groups", data={"id": ids, "group": group.id}, follow_redirects=True)
    assert "2 people added to “Steering group”." in text_of(done)
    session.rollback()
    assert len(session.scalars(select(GroupMember)).all()) == 2
