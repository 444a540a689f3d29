"""Words that people typed arrive as they were, wherever a line of a header ends among them."""

import email
import email.policy
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programme.engines.mail.wire.headers.mailboxes import UNSAFE_IN_NAMES
from programme.engines.mail.wire.headers.words import header_text
from programme.engines.mail.wire.messages import build
from tests.engines.mail.test_messages import BODY, HEAD

WORDS = st.lists(
    st.sampled_from(
        ["a", "placement", "–", "men’s", "Zoë", "Ünal", "café", "🎓", "x" * 30, "é" * 40, "2027,", "=", "?"]
    ),
    max_size=40,
).map(" ".join)


def read(data: bytes) -> EmailMessage:
    """The message as a mail program reads it."""
    return email.message_from_bytes(data, policy=email.policy.default)


@given(text=WORDS)
@example("x" * 60 + " 0¡ ¡ now")
def test_subject_is_read_as_it_was_written(text: str) -> None:
    data = build(HEAD, replace(BODY, subject=text))
    assert str(read(data)["Subject"]) == (header_text(text) or "(no subject)")
    assert max(map(len, data.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


@given(text=WORDS)
@example("placement placement men’s 2027 Ünal Ünal 🎓 men’s a café")
def test_name_is_read_as_it_was_written(text: str) -> None:
    data = build(replace(HEAD, sender_name=text, recipient_name=text), BODY)
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    shown = header_text(UNSAFE_IN_NAMES.sub(" ", text), longest=120)
    for header in ("From", "To"):
        # by Python's older way: its newer one reads a space between two halves of one word
        name, _ = parseaddr(message[header].replace("\r\n", ""))
        assert str(make_header(decode_header(name))) == shown
    (address,) = read(data)["To"].addresses
    assert address.addr_spec == HEAD.recipient


@pytest.mark.parametrize(
    "text", ["Women’s health – men’s health – everybody’s health, and what comes after it – a talk"]
)
def test_title_with_dashes_and_apostrophes_keeps_its_spaces(text: str) -> None:
    assert str(read(build(HEAD, replace(BODY, subject=f"New time: {text}")))["Subject"]) == f"New time: {text}"
