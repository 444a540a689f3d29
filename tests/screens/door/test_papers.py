"""Badges and certificates, read back as a reader of PDF reads them."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.registration.links import Links
from programme.engines.registration.states import Attendance
from tests.screens.door.conftest import door_of
from tests.screens.roll.conftest import As, Evening, text_of


def read(content: bytes) -> PdfReader:
    """A file, once it is seen to be what assistive technology needs: tagged, titled, in a language, fonts inside."""
    reader = PdfReader(BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    descriptors = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & set(one) for one in descriptors)
    return reader


def roles(reader: PdfReader) -> list[str]:
    """The kinds of the elements of the structure, in their order."""
    root: Any = reader.trailer["/Root"]
    found, left = list[str](), [root["/StructTreeRoot"]]
    while left:
        one = left.pop(0).get_object()
        if isinstance(one, list):
            left = [*one, *left]
        elif isinstance(one, dict):
            found += [one["/S"]] if "/S" in one else []
            left = [*([one["/K"]] if "/K" in one else []), *left]
    return found


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture
def alice_came(at_the_door: Evening, session: Session) -> Evening:
    at_the_door.alice.seats[0].attendance = Attendance.PRESENT
    session.commit()
    return at_the_door


def test_a_certificate_is_for_those_who_were_there(alice_came: Evening, links: Links, client: FlaskClient) -> None:
    page = links.path(alice_came.alice)
    assert "Certificate of attendance (PDF)" in text_of(client.get(page))
    reader = read(client.get(f"{page}/certificates/{alice_came.event_id}.pdf").data)
    said = words(reader)
    for fact in (
        "Alice Aldgrove",
        "Quantum sensing for chemists",
        "Tuesday 16 February 2027, 14:00 to 15:00 GMT",
        "1 hour",
        "University of Liverpool",
        "University of Oxford",
    ):
        assert fact in said
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificate of attendance: Quantum sensing for chemists"
    assert {"/H1", "/H2", "/P"} <= set(roles(reader))


def test_there_is_none_for_those_who_were_not(alice_came: Evening, links: Links, client: FlaskClient) -> None:
    for row in (alice_came.bob, alice_came.charlie):
        page = links.path(row)
        assert "(PDF)" not in text_of(client.get(page))
        answer = client.get(f"{page}/certificates/{alice_came.event_id}.pdf", follow_redirects=True)
        assert "There is a certificate once the organisers have marked you as present." in text_of(answer)
    assert client.get(f"{links.path(alice_came.alice)}/certificates/999.pdf").status_code == 404


def test_organisers_take_all_certificates_and_badges_and_it_is_written_down(
    alice_came: Evening, olga: FlaskClient
) -> None:
    reader = read(olga.post(f"{door_of(alice_came)}/certificates").data)
    assert len(reader.pages) == 1
    assert "Alice Aldgrove" in words(reader)
    badges = read(olga.post(f"{door_of(alice_came)}/badges").data)
    said = words(badges)
    assert "Alice Aldgrove University of Liverpool" in said
    assert "Bob Birchfield University of Oxford" in said
    assert "Charlie" not in said
    assert roles(badges).count("/Figure") == 2
    trail = text_of(olga.get("/organise/audit"))
    assert "downloaded badges for" in trail
    assert "downloaded the certificates of" in trail


def test_each_who_comes_along_has_a_badge_that_says_with_whom(
    with_a_group: Evening, olga: FlaskClient, session: Session
) -> None:
    reader = read(olga.post(f"{door_of(with_a_group)}/badges").data)
    said = words(reader)
    assert "Alice Aldgrove University of Liverpool" in said
    assert "Ben Bloom with Alice Aldgrove" in said
    assert "Cleo Chen with Alice Aldgrove" in said
    assert roles(reader).count("/Figure") == 4, "each with the code of their group"
    taken = session.scalars(select(AuditEntry).where(AuditEntry.verb == "took out badges")).one()
    assert taken.after == {"people": 4}


def test_a_file_of_badges_is_for_so_many_chairs_and_a_button_gives_each(
    with_a_group: Evening, olga: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "part 1" not in olga.get(door_of(with_a_group)).text
    monkeypatch.setattr("programme.screens.roll.door.AT_ONCE", 1)
    monkeypatch.setattr("programme.screens.door.papers.AT_ONCE", 1)
    page = text_of(olga.get(door_of(with_a_group)))
    assert "Badges, part 2 of 2" in page, "two chairs for four people are two files, and no third that is empty"
    assert "part 3" not in page
    said = [words(read(olga.post(f"{door_of(with_a_group)}/badges", data={"part": n}).data)) for n in (1, 2)]
    assert "Cleo Chen" in said[0]
    assert "Bob Birchfield" in said[1]


def test_papers_are_for_those_who_may_export(alice_came: Evening, signed_in: As) -> None:
    for what in ("badges", "certificates"):
        for who in (alice_came.helper, alice_came.partner, alice_came.stranger, alice_came.people.alice):
            assert signed_in(who).post(f"{door_of(alice_came)}/{what}").status_code == 403
        assert signed_in(alice_came.people.omar).post(f"{door_of(alice_came)}/{what}").status_code == 200


def test_names_are_text_whatever_they_hold(alice_came: Evening, olga: FlaskClient, session: Session) -> None:
    names = ("#panic() *Ada* $x$ @y", "Łucja Ναύτης-Щукина", "Ng", "A" * 120, "Zoë <b>&amp;</b>", "\u202eeve\u0301")
    for name in names:
        alice_came.alice.name = name
        session.commit()
        said = words(read(olga.post(f"{door_of(alice_came)}/certificates").data))
        read(olga.post(f"{door_of(alice_came)}/badges").data)
        if name.isascii() and len(name) < 100:
            assert name in said


def test_a_name_that_no_font_has_is_said_and_left_to_be_written(
    alice_came: Evening, olga: FlaskClient, client: FlaskClient, links: Links, session: Session
) -> None:
    alice_came.alice.name = "\U0001fae8\U0001f6d8"
    session.commit()
    answer = client.get(f"{links.path(alice_came.alice)}/certificates/{alice_came.event_id}.pdf", follow_redirects=True)
    assert "Your name has letters that no font here has." in text_of(answer)
    assert "Name, to be written" in words(read(olga.post(f"{door_of(alice_came)}/badges").data))
    assert "Name, to be written" in words(read(olga.post(f"{door_of(alice_came)}/certificates").data))


def test_nobody_is_printed_where_nobody_came(at_the_door: Evening, olga: FlaskClient) -> None:
    said = text_of(olga.post(f"{door_of(at_the_door)}/certificates", follow_redirects=True))
    assert "There is nobody to print this for yet." in said
