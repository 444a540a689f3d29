"""Every kind of letter with hostile text in every place for text: headers as intended, one recipient, sound HTML."""

import email
import email.policy
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.engines.mail.ports import Attachment, Letter, MailRoom
from programme.engines.mail.wire.headers.words import LONGEST_SUBJECT
from programme.engines.mail.wire.messages import Body, Head, build
from programme.engines.mail.wording.stationery import Signatory, Stationery, written
from programme.flows.notices.messages import blocks_of
from tests.factories.letters import EXAMPLES
from tests.house.templates.test_letters import Tags

HOSTILE: Mapping[str, str] = {
    "line break": "Ada\r\nBcc: eve@evil.example",
    "encoded newline": "=?utf-8?q?Hi=0D=0ABcc:_eve@evil.example?=",
    "nul": "A\0da \x1b[31m \x85 \x0b",
    "line separator": "Ada\u2028Bcc: eve@evil.example\u2029.",
    "commas": "Eve <eve@evil.example>, Bob <bob@evil.example>; (x)",
    "quotes": "\"Ada\" 'O’Hara' \\",
    "right to left": "\u202eadA\u202c \u2066\u05e9\u05dc\u05d5\u05dd\u2069 \u200f",
    "long": "W" * 5_000 + " tide" * 1_000,
    "emoji": "🧪👩🏽‍🔬🇬🇧",
    "markup": "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '" style="x" onmouseover="alert(1)',
    "template": "{{ 7*7 }}{% raw %}{name.__class__}{title}%(name)s",
    "half characters": "A\ud800da",
}
INTENDED = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "X-Programme-Letter",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
}
READING = email.policy.default.clone(header_factory=lru_cache(1000)(email.policy.default.header_factory))
"""How Python reads by default, but that the same header is taken apart once: reading asks for its kind many times."""
ADDRESSES = ("url", "path", "link")
"""What ends so in a name is an address, which organisers and the programme check before: no place for free text."""


def poisoned(value: Any, text: str, name: str = "") -> Any:
    """Return a letter's variables with `text` in every place for words."""
    if isinstance(value, str) and not name.endswith(ADDRESSES) and name != "end":
        return f"{value}{text}"
    if isinstance(value, Mapping):
        return {key: poisoned(inner, text, str(key)) for key, inner in value.items()}
    if isinstance(value, (list, tuple)) and name != "blocks":
        return type(value)(poisoned(inner, text, name) for inner in value)
    if is_dataclass(value) and not isinstance(value, type):
        told = [field.name for field in fields(value) if field.name not in {"state", "kind"}]
        return replace(value, **{key: poisoned(getattr(value, key), text, key) for key in told})
    return value


def hostile_body(letter: Letter, room: MailRoom, text: str, *, case: int) -> Body:
    """Return the example of a kind with hostile text in its data, in its wording, and in who signs."""
    assert letter.example is not None
    variables = poisoned(letter.example(), text)
    if "blocks" in variables:
        variables["blocks"] = blocks_of(variables["text" if "text" in variables else "own_text"])
    if "own_subject" in variables:
        variables["own_subject"] = f"What to bring{text}"
    if letter.description.cases:
        variables = letter.description.cases[case].change(variables)
    wording = {(letter.name, one.name): one.text + text for one in letter.description.passages}
    signs = (Signatory(text, text, text, is_university=True),) * 2
    return written(letter, variables, room=room, stationery=Stationery(text, signs, wording))


def checked(body: Body, text: str) -> None:
    """Build the message and look at it as a stranger does."""
    head = Head("post@programme.example", text, "olga@liverpool.example", "alice@liverpool.example", text, "<1@x>", NOW)
    data = build(head, replace(body, attachments=(FILE,)))
    message = email.message_from_bytes(data, policy=READING)
    assert set(message.keys()) == INTENDED
    assert len(message.keys()) == len(INTENDED)
    assert [one.addr_spec for one in message["To"].addresses] == ["alice@liverpool.example"]
    assert len(message["From"].addresses) == 1
    assert "evil.example" not in str(message["From"].addresses[0].addr_spec)
    assert "\n" not in body.subject
    assert len(body.subject) <= LONGEST_SUBJECT
    # Where Python folds a subject it may write a space twice, or lose one between encoded words.
    assert "".join(str(message["Subject"]).split()) == "".join(body.subject.split())
    html = message.get_body(("html",))
    assert html is not None
    sound(html.get_content())


def sound(html: str) -> None:
    """The HTML closes what it opens, and nothing of it came from the data."""
    tags = Everything()
    tags.feed(html)
    tags.close()
    assert (tags.open, tags.wrong) == ([], [])
    assert not tags.seen & {"script", "img"}
    assert not [name for name in tags.seen if name.startswith("on")]


class Everything(Tags):
    """Notes the names of all elements and attributes, too."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        self.seen |= {tag, *(name for name, _ in attrs)}


NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
FILE = Attachment("a\r\nb.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", method="PUBLISH")


@pytest.mark.parametrize("kind", EXAMPLES)
def test_hostile_text_stays_text(rowless: Flask, kind: str) -> None:
    room: MailRoom = rowless.extensions["mail_room"]
    letter = room.letters[kind]
    cases = len(letter.description.cases) or 1
    for number, text in enumerate(HOSTILE.values()):
        checked(hostile_body(letter, room, text, case=number % cases), text)


@pytest.mark.parametrize("name", ["markup", "attribute", "template"])
def test_it_comes_out_literally(rowless: Flask, name: str) -> None:
    room: MailRoom = rowless.extensions["mail_room"]
    text = HOSTILE[name]
    for kind in EXAMPLES:
        body = hostile_body(room.letters[kind], room, text, case=0)
        tags = Tags()
        tags.feed(body.html)
        for told in (tags.words, body.text):
            assert "".join(text.split()) in "".join(told.split())


@settings(max_examples=25)
@given(kind=st.sampled_from(sorted(EXAMPLES)), text=st.text(max_size=60))
def test_whatever_text_stays_text(rowless: Flask, kind: str, text: str) -> None:
    room: MailRoom = rowless.extensions["mail_room"]
    checked(hostile_body(room.letters[kind], room, text, case=0), text)
