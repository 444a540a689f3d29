"""Broken encodings and boundless heads, as bytes on a socket: refused in our own look, and nothing is kept."""

import http.client
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.web.shield import LONGEST_HEADER, LONGEST_QUERY, is_text
from programme.engines.registration.models import Registration
from tests.bed.servers.server import LiveServer
from tests.factories.cast import assemble
from tests.factories.things import event, opening

BROKEN = (b"%ff%fe%80", b"%c3%28", b"%ed%a0%80", b"%C0%AF", b"\xff\xfe")
"""The last, unquoted, is for forms: test_serving.py sends it in an address, which Werkzeug's server would mend."""
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "the-seam"


def asked(live: LiveServer, address: bytes, *, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    """Send an address and a body byte for byte; return the code and the page."""
    place = urlsplit(live.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    connection.putrequest("GET" if body is None else "POST", "/", skip_host=True)
    connection._buffer[0] = (b"GET " if body is None else b"POST ") + address + b" HTTP/1.1"  # type: ignore[attr-defined]
    connection.putheader("Host", place.netloc)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page


@pytest.fixture
def door(session: Session) -> str:
    """Where somebody registers."""
    talk = event(session, lead=assemble(session).oxford)
    row = opening(session, events=[talk])
    session.commit()
    return f"/openings/quantum-sensing-for-chemists-{row.id}/registration"


@pytest.fixture
def live(live_server: LiveServer) -> LiveServer:
    """The application on a socket."""
    return live_server


@pytest.mark.one_database
@pytest.mark.parametrize("broken", [*BROKEN[:-1], b"%00"])
def test_broken_query_gets_a_page_of_ours(live: LiveServer, broken: bytes) -> None:
    for path in (b"/events?q=", b"/?", b"/nowhere?a=b&c="):
        code, page = asked(live, path + broken)
        assert (code, "We could not read that" in page) == (400, True)


@pytest.mark.one_database
def test_whole_query_is_searched_for(live: LiveServer) -> None:
    for whole in (quote("Zürich – 東京 100 %"), "50%", "%zz", "%EF%BF%BD"):
        assert asked(live, f"/events?q={whole}".encode())[0] == 200


@pytest.mark.one_database
def test_long_query_and_long_header_get_pages_of_ours(live: LiveServer) -> None:
    assert asked(live, b"/health/live?q=" + b"x" * (LONGEST_QUERY - 2))[0] == 200
    code, page = asked(live, b"/events?q=" + b"x" * LONGEST_QUERY)
    assert (code, "The address is too long" in page) == (414, True)
    code, page = asked(live, b"/events", Cookie="a=" + "x" * LONGEST_HEADER)
    assert (code, "Delete what your browser has kept" in page) == (431, True)


@pytest.mark.parametrize("broken", BROKEN)
def test_broken_form_is_refused_with_a_sentence_and_nothing_is_kept(
    live: LiveServer, session: Session, door: str, broken: bytes
) -> None:
    for body in (b"name=" + broken + b"&email=gwen%40example.org", b"name=Gwen&" + broken + b"=1"):
        code, page = asked(live, door.encode(), body=body, Content_Type=FORM)
        assert (code, "arrived broken" in page) == (400, True)
    assert session.scalar(select(func.count()).select_from(Registration)) == 0


def test_whole_form_is_read_as_typed(live: LiveServer, session: Session, door: str) -> None:
    body = f"name={quote('Zoë 100 % 東京')}&email=zoe%40example.org".encode()
    code, _ = asked(live, door.encode(), body=body, Content_Type=FORM)
    assert code == 303
    assert session.scalars(select(Registration.name)).all() == ["Zoë 100 % 東京"]


@pytest.mark.one_database
def test_broken_letters_beside_a_file_are_refused_and_the_file_s_own_bytes_are_not(live: LiveServer) -> None:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    for theme, file, expected in ((b"dark", b"\xff\xfe\x00", 303), (b"d\xffrk", b"plain", 400)):
        code, page = asked(live, b"/theme", body=parts(theme, file), Content_Type=kind)
        assert (code, "arrived broken" in page) == (expected, expected == 400)


def parts(theme: bytes, file: bytes) -> bytes:
    """Return a form of two parts: a word and a file."""
    mark = BOUNDARY.encode()
    lines = (
        b"--" + mark,
        b'Content-Disposition: form-data; name="theme"',
        b"",
        theme,
        b"--" + mark,
        b'Content-Disposition: form-data; name="file"; filename="a.bin"',
        b"",
        file,
        b"--" + mark + b"--",
        b"",
    )
    return b"\r\n".join(lines)


@given(st.text())
def test_every_text_is_text(text: str) -> None:
    assert is_text(quote(text, errors="replace").encode())


@given(st.binary())
def test_bytes_are_text_as_python_reads_them(raw: bytes) -> None:
    quoted = "".join(f"%{byte:02x}" for byte in raw).encode()
    try:
        raw.decode()
    except UnicodeDecodeError:
        assert not is_text(quoted)
    else:
        assert is_text(quoted)
