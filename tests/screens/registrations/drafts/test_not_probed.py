"""Whoever holds a draft's link learns nothing of the address they type: not by what they see, nor by what is done."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from programme.engines.documents.models import Document
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.eligibility.models import Invitation, ListedAddress
from programme.engines.registration.models import Opening, OpeningCount
from programme.engines.registration.states import Eligibility
from programme.extensions import db
from programme.people.groups.models import Group, GroupMember
from programme.scheduler import run_due
from tests.factories import files, things
from tests.factories.cast import LONG_AGO, Cast
from tests.screens.registrations.conftest import letters, registrations
from tests.screens.registrations.drafts.conftest import Begin, drafts
from tests.screens.registrations.drafts.test_sending import whole
from tests.screens.registrations.files.conftest import held_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from programme.engines.questionnaire.models import Question
    from tests.bed.clock import Clock
    from tests.bed.mail import Capture

GONE = "This form was sent or thrown away"
LISTS = [Eligibility.ADDRESSES, Eligibility.GROUP, Eligibility.INVITED]


@dataclass(frozen=True)
class Limited:
    """A call for Alice alone, among those whom the organisers know; Bob and Charlie are known, and on no list."""

    session: Session
    opening: Opening
    people: Cast

    def by(self, eligibility: Eligibility) -> Cast:
        """Limit it in one of the ways, and give the cast."""
        row, alice = self.session.get_one(Opening, self.opening.id), self.people.alice
        theirs = {"opening_id": row.id, "address": alice.address, "address_key": alice.address_key}
        group = Group(title="Steering", organisation_id=self.people.oxford.id, created_at=LONG_AGO)
        group.members = [GroupMember(person_id=alice.id, added_at=LONG_AGO)]
        listed = ListedAddress(**theirs, added_at=LONG_AGO)
        invited = Invitation(**theirs, name="Alice", link_version=1, invited_at=LONG_AGO)
        self.session.add_all([group, listed, invited])
        self.session.flush()
        row.eligibility, row.eligible_group_id = eligibility, group.id
        self.session.commit()
        return self.people


@pytest.fixture
def limited(session: Session, opening: Opening, people: Cast) -> Limited:
    """A call that is going to be for Alice alone."""
    return Limited(session, opening, people)


def statements(app: Flask, client: FlaskClient, address: str, data: dict[str, str]) -> tuple[list[str], str]:
    """Which statements a form takes, and where it leads, where nobody counted the opening's people just before.

    Whoever registered last leaves what was counted to the next: that tells of them, as the places left do.
    """
    with app.app_context():
        engine = db.engine
    with Session(engine) as before:
        before.execute(delete(OpeningCount))
        before.commit()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    answer = client.post(address, data=data)
    event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 303, answer.text
    return seen, str(answer.location)


@pytest.mark.parametrize("eligibility", LISTS)
def test_a_draft_that_is_sent_is_gone_for_its_link_whether_the_address_is_listed_or_not(
    client: FlaskClient,
    session: Session,
    limited: Limited,
    begin: Begin,
    asked: list[Question],
    eligibility: Eligibility,
) -> None:
    people, seen = limited.by(eligibility), []
    for who in (people.alice, people.bob):
        here = begin(email=who.address)
        client.get(here)
        data = whole(asked, revision="1", email=who.address)
        sent = client.post(f"{here}/registration", data=data)
        page = client.get(sent.location)
        after = [
            client.get(here),
            *(client.post(f"{here}{one}", data=data) for one in ("", "/registration", "/removal")),
        ]
        seen.append([(one.status_code, one.location, one.text.replace(here, "")) for one in (sent, page, *after)])
        assert all(one.status_code == 410 and GONE in one.text for one in after)
    assert seen[0] == seen[1]
    assert [row.person_id for row in registrations(limited.session)] == [people.alice.id]


@pytest.mark.parametrize("eligibility", LISTS)
def test_as_much_is_done_for_a_draft_of_an_address_on_no_list_as_for_one_that_is(
    app: Flask, client: FlaskClient, limited: Limited, begin: Begin, asked: list[Question], eligibility: Eligibility
) -> None:
    people, done = limited.by(eligibility), []
    for who in (people.charlie, people.alice, people.bob):
        here = begin(email=who.address)
        done.append(statements(app, client, f"{here}/registration", whole(asked, revision="1", email=who.address)))
    assert [len(seen) for seen, _ in done] == [len(done[0][0])] * 3
    assert {location for _, location in done} == {done[0][1]}
    told = {to: letter for letter, to in letters(limited.session)}
    assert (told[people.alice.address], told[people.bob.address]) == ("registration_confirmed", "address_not_listed")


@pytest.mark.parametrize("eligibility", LISTS)
def test_as_much_is_done_for_the_form_of_an_address_on_no_list_as_for_one_that_is(
    app: Flask, client: FlaskClient, limited: Limited, asked: list[Question], eligibility: Eligibility
) -> None:
    people, form = limited.by(eligibility), f"/openings/{limited.opening.id}/registration"
    client.get(form)
    client.post(form, data=whole(asked, email="first@example.org", form_key="first"))
    done = [
        statements(app, client, form, whole(asked, email=who.address, form_key=who.name))
        for who in (people.charlie, people.alice, people.bob)
    ]
    assert [len(seen) for seen, _ in done] == [len(done[0][0])] * 3
    assert {location for _, location in done} == {done[0][1]}
    assert [row.person_id for row in registrations(limited.session)] == [people.alice.id]


@pytest.mark.usefixtures("people")
def test_what_an_address_on_no_list_typed_goes_on_by_the_letter_alone(
    app: Flask, limited: Limited, begin: Begin, asked: list[Question], capture: Capture, clock: Clock
) -> None:
    people, session, client = limited.by(Eligibility.ADDRESSES), limited.session, app.test_client()
    here = begin(**{f"q{asked[-1].id}": (io.BytesIO(files.PDF), "cv.pdf")})
    held = held_in(client.get(here).text, asked[-1])
    typed = whole(asked, revision="1", **{f"q{asked[-1].id}": held})
    client.post(f"{here}/registration", data=typed)
    assert [row.texts[f"q{asked[3].id}"] for row in drafts(session)] == [["Answer 3"]]
    assert session.scalars(select(Document.subject_kind)).all() == ["draft"]
    run_due(app, clock.now)
    body = capture.to("gwen@example.org")[-1].get_body(("plain",))
    letter = body.get_content() if body else ""
    assert "not one of those that the organisers know" in letter.replace("\n", " ")
    there = letter[letter.index("/drafts/") :].split()[0]
    assert there != here
    page = client.get(there)
    assert 'value="Answer 3"' in page.text
    assert "cv.pdf" in page.text
    again = {**typed, "email": people.alice.address, "revision": "2"}
    assert client.post(f"{there}/registration", data=again).status_code == 303
    assert [row.address for row in registrations(session)] == [people.alice.address]
    assert session.scalars(select(Document.subject_kind)).all() == ["answer_sheet"]


def test_of_an_address_that_is_registered_already_the_link_says_what_it_says_of_any(
    client: FlaskClient, session: Session, opening: Opening, people: Cast, begin: Begin, asked: list[Question]
) -> None:
    things.registration(session, to=session.get_one(Opening, opening.id), who=people.bob)
    session.commit()
    seen = []
    for address in (people.bob.address, "hal@example.org"):
        here = begin()
        sent = client.post(f"{here}/registration", data=whole(asked, revision="1", email=address))
        seen.append((sent.status_code, sent.location, client.get(here).status_code))
    assert seen[0] == seen[1] == (303, seen[0][1], 410)
    told = [letter for letter, to in letters(session) if to == people.bob.address]
    assert told == ["already_registered", "draft_begun"]


def test_a_link_never_opens_a_draft_that_got_the_number_of_one_that_is_gone(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here = begin()
    client.post(f"{here}/registration", data=whole(asked, revision="1"))
    there = begin(email="hal@example.org", **{f"q{asked[0].id}": "Nobody else’s"})
    assert client.get(here).status_code == 410
    assert "Nobody else’s" in client.get(there).text
    rows = session.scalars(select(OutboxMessage.recipient).where(OutboxMessage.letter == "draft_begun"))
    assert sorted(rows) == ["gwen@example.org", "hal@example.org"]
