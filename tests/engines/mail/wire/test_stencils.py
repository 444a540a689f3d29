"""A letter from a stencil says what the same letter says that was written by itself, and its headers are as true."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.engines.mail.ports import Attachment
from programme.engines.mail.wire.headers.mailboxes import Unsendable
from programme.engines.mail.wire.messages import Body, Head, build
from programme.engines.mail.wire.plain import laid_out
from programme.engines.mail.wire.stencils import Stencils, marks_for, stencil

TEXT = (
    "Dear {name},\n\nÓ, a line of its own that is longer than seventy-eight letters and so has to be broken in two.\n"
    "\n\n\n- {name}: a thing in a list that, with its name, may well be longer than one line of a letter can be\n"
    ".\nFrom here on:   \n{link}\n"
)
HTML = '<html><head></head><body><p>Dear <b>{name}</b>, <a href="{link}">{link}</a> = ü{tail}</p></body></html>'
LINK = "https://programme.example.ac.uk/registrations/1234-" + "abcDEF_-" * 6
CALENDAR = Attachment("talk.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", method="PUBLISH")
HOSTILE = (
    "Eve\r\nBcc: everybody@example.org",
    "=?utf-8?q?Hi=0D=0ABcc:_x@y?=",
    "Eve <eve@example.org>, Bob <bob@example.org>",
    'O\'Neil, "Quote" \\ back\\',
    "ليلى \u202eabc\u202c",
    "\u2028line\u2029para\x00nul",
    "😀" * 60,
    "A" * 10_000,
    "Dr. A. B. Aldgrove; (PhD)",
)


def head(name: str = "Alice Aldgrove", to: str = "alice@liverpool.example", number: int = 1) -> Head:
    """The headers of one letter."""
    return Head(
        sender="programme@programme.example",
        sender_name="Olga Ökhurst",
        reply_to="olga@oxford.example",
        recipient=to,
        recipient_name=name,
        message_id=f"<letter{number}@programme.example>",
        date=datetime(2027, 2, 15, 14, tzinfo=UTC),
    )


def both(name: str, *, tail: str = "", attachments: tuple[Attachment, ...] = ()) -> tuple[EmailMessage, EmailMessage]:
    """The letter from a stencil, and the same written by itself."""
    blanks = {"name": " ".join(name.split()) or "-", "link": LINK}
    marks = marks_for(blanks)

    def said(values: dict[str, str], html: dict[str, str]) -> Body:
        filled = HTML.format(**html, tail=tail)
        return Body("Tides & <sand>: ö", TEXT.format(**values), filled, attachments)

    common = dict(marks.by_blank)
    made = stencil(said(common, common), marks=marks, head=head("Somebody Else", "else@oxford.example", 2))
    whole = said(blanks, {key: escaped(value) for key, value in blanks.items()})
    alone = build(head(name), Body(whole.subject, laid_out(whole.text), whole.html, attachments))
    return parsed(made.filled(head(name), blanks)), parsed(alone)


def escaped(text: str) -> str:
    """Text as HTML has it."""
    pairs = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;"))
    for plain, safe in pairs:
        text = text.replace(plain, safe)
    return text


def parsed(data: bytes) -> EmailMessage:
    """Bytes as a mail program reads them."""
    return email.message_from_bytes(data, policy=email.policy.default)


def content(message: EmailMessage, kind: str) -> str:
    """The text or the HTML of a message."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def words(text: str) -> list[str]:
    """What a reader reads: a control that is left out may leave a space behind, and lines may break elsewhere."""
    return text.replace("<", " <").split()


def files(message: EmailMessage) -> list[tuple[str | None, object, str]]:
    """The files of a message."""
    return [(part.get_filename(), part.get_content(), part["Content-Type"]) for part in message.iter_attachments()]


@pytest.mark.parametrize("attachments", [(), (CALENDAR,)])
def test_letter_from_a_stencil_equals_the_one_written_by_itself(attachments: tuple[Attachment, ...]) -> None:
    one, other = both("Ada Óðinsdóttir & <Sons>", attachments=attachments)
    assert one.keys() == other.keys()
    assert {key: one[key] for key in one if key != "Content-Type"} == {
        key: other[key] for key in other if key != "Content-Type"
    }
    assert one.get_content_type() == other.get_content_type()
    for kind in ("plain", "html"):
        assert content(one, kind) == content(other, kind)
    assert files(one) == files(other)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_changes_no_header_and_adds_no_recipient(name: str) -> None:
    one, other = both(name)
    assert one.keys() == other.keys()
    assert [address.addr_spec for address in one["To"].addresses] == ["alice@liverpool.example"]
    assert one["To"].addresses[0].display_name == other["To"].addresses[0].display_name
    assert one["Bcc"] is None
    assert content(one, "html") == content(other, "html")


@settings(max_examples=60)
@given(
    name=st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=200),
    tail=st.text(alphabet=st.characters(exclude_characters="{}<&>\r"), max_size=200),
)
def test_any_name_is_told_as_if_the_letter_were_written_for_it(name: str, tail: str) -> None:
    one, other = both(name.replace("{", "(").replace("}", ")"), tail=escaped(tail))
    assert one.keys() == other.keys()
    assert [address.addr_spec for address in one["To"].addresses] == ["alice@liverpool.example"]
    assert words(content(one, "html")) == words(content(other, "html"))
    assert words(content(one, "plain")) == words(content(other, "plain"))


def test_no_line_is_longer_than_mail_allows() -> None:
    marks = marks_for({"name": ""})
    made = stencil(
        Body("Long", "x" * 5_000 + marks.by_blank["name"], "<p>" + "y" * 5_000 + "</p>"), marks=marks, head=head()
    )
    data = made.filled(head(), {"name": "Z" * 3_000})
    assert max(len(line) for line in data.split(b"\r\n")) <= 78
    assert "".join(content(parsed(data), "plain").split()) == "x" * 5_000 + "Z" * 3_000


def test_what_a_blank_says_is_never_read_as_another_blank() -> None:
    marks = marks_for({"name": "", "link": ""})
    text = f"{marks.by_blank['name']} {marks.by_blank['link']}"
    made = stencil(Body("Subject", text, text), marks=marks, head=head())
    data = made.filled(head(), {"name": marks.by_blank["link"], "link": "there"})
    assert content(parsed(data), "plain").strip() == f"{marks.by_blank['link']} there"


def test_subject_with_a_blank_is_refused() -> None:
    marks = marks_for({"name": ""})
    with pytest.raises(Unsendable, match="same for all"):
        stencil(Body(f"Dear {marks.by_blank['name']}", "text", "html"), marks=marks, head=head())


def test_stencils_used_last_are_kept() -> None:
    kept = Stencils(most=2)
    made = stencil(Body("Subject", "text", "html"), marks=marks_for({}), head=head())
    kept.bodies[made.digest] = 7
    for key in ("a", "b", "c"):
        kept.keep(key, made)
    assert [kept.get(key) for key in ("a", "b", "c")] == [None, made, made]
    assert kept.bodies == {}
