"""Links that letters hold: opened by mail scanners, kept by nobody, and of no use to whoever guesses or left."""

from datetime import date

import pytest
from sqlalchemy import select

from programme.strands.cohorts.models import Signature, Supervision
from programme.strands.cohorts.rights import TRAINING_ENTRY
from tests.factories.browsers import look_again
from tests.strands.cohorts.doors.conftest import Doors
from tests.strands.cohorts.doors.test_writing import rows

pytestmark = pytest.mark.one_database
KINDS = {"signatures": "signature_token", "references": "reference_token", "destinations": "destination_token"}
TURNED = {"a": "b", "b": "a"}


def links(doors: Doors) -> dict[str, str]:
    """A link of each kind."""
    return {kind: f"/{kind}/{doors.world.values[name]}" for kind, name in KINDS.items()}


def guesses(link: str) -> list[str]:
    """What somebody might make of a link: the next number, another last letter, none, and more."""
    head, _, token = link.rpartition("/")
    number, _, mark = token.partition("-")
    other = mark[:-2] + TURNED.get(mark[-2], "a") + mark[-1]
    return [f"{head}/{one}" for one in (f"{int(number) + 1}-{mark}", f"{number}-{other}", f"{number}-", token + "A")]


def test_a_look_at_a_link_is_noted_at_most_and_changes_nothing_and_nobody_lists_or_passes_it_on(doors: Doors) -> None:
    before, guest = rows(doors.session), doors.browser("nobody")
    for link in links(doors).values():
        for press in (guest.get, guest.head, guest.options):
            answer = press(link)
            assert answer.status_code == 200, link
        page = guest.get(link)
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert page.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
        assert page.headers["Cache-Control"] == "private, no-cache"
    after = rows(doors.session)
    trail = [row for row in after.pop("audit_entry") if row not in before["audit_entry"]]
    assert [row[3] for row in trail] == ["looked at a record"] * 2, "of a signature, by each of its two GETs"
    before.pop("audit_entry")
    assert after == before


def test_a_guess_opens_nothing_and_says_nothing(doors: Doors) -> None:
    guest = doors.browser("nobody")
    for kind, link in links(doors).items():
        for guess in guesses(link):
            assert guest.get(guess).status_code == 404, (kind, guess)
            for verb in ("agreement", "refusal", "declination", ""):
                assert guest.post(f"{guess}/{verb}".rstrip("/")).status_code in {404, 405}, (kind, guess, verb)


def test_the_link_of_a_supervisor_who_left_has_ended_with_words(doors: Doors) -> None:
    session, guest, supervisor = doors.session, doors.browser("nobody"), doors.world.others["supervisor"]
    asked = select(Signature).where(Signature.subject_kind == TRAINING_ENTRY, Signature.person_id == supervisor.id)
    row = session.scalars(asked).one()
    link = doors.app.extensions["signature_links"].path(row)
    assert guest.get(link).status_code == 200
    look_again(session)
    held = session.scalars(select(Supervision).where(Supervision.person_id == supervisor.id)).one()
    held.ends_on = date(2027, 1, 11)
    session.commit()
    answer = guest.get(link)
    assert answer.status_code == 410
    assert "This link has ended" in answer.text
    assert guest.get(f"{link}/file").status_code == 404
    before = rows(session)
    assert "This link has ended" in guest.post(f"{link}/agreement", follow_redirects=True).text
    assert guest.post(f"{link}/refusal", data={"reason": "No"}).status_code == 410
    assert rows(session) == before


def test_supervisor_who_left_sees_nothing_of_before_either(doors: Doors) -> None:
    left = doors.browser("former supervisor")
    record = f"/records/{doors.world.record.id}"
    for page in ("", "/milestones", "/meetings", "/training", "/supervision", "/training/record.pdf"):
        assert left.get(record + page).status_code == 404, page
    assert "No record is yours" in left.get("/records").text
