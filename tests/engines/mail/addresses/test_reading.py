"""What comes back is understood as it is meant, whoever wrote it; nothing that comes in raises or takes long."""

import base64
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.mail.addresses.reading.parts import LONGEST_MESSAGE, leaves, part_of
from programme.engines.mail.addresses.reading.reader import Reading, read
from programme.engines.mail.addresses.reading.reports import judged, refusal, status_in
from programme.engines.mail.addresses.states import Meaning
from tests.engines.mail.addresses import returns

OURS = "<0123456789abcdef@programme.example>"
PATH = "bounces+17.abcdefghijkl@programme.example"


@pytest.mark.parametrize("system", returns.DEAD_ENDS)
def test_address_that_does_not_exist_is_a_hard_bounce(system: str) -> None:
    found = read(returns.DEAD_ENDS[system](to=PATH, message_id=OURS))
    assert found.meaning is Meaning.HARD
    assert found.report.status == ("5.1.10" if system == "exchange" else "5.1.1")
    assert found.report.recipient == returns.DEAD
    assert PATH in found.addresses
    assert OURS in found.message_ids
    assert found.report.detail


@pytest.mark.parametrize("system", returns.DEAD_ENDS)
def test_ends_of_lines_make_no_difference(system: str) -> None:
    raw = returns.DEAD_ENDS[system](to=PATH, message_id=OURS)
    assert read(raw.replace(b"\r\n", b"\n")) == read(raw)
    assert read(b"From MAILER-DAEMON Tue Jan 12 09:00:01 2027\n" + raw) == read(raw)


@pytest.mark.parametrize(
    ("action", "status", "meaning"),
    [
        ("failed", "5.1.1", Meaning.HARD),
        ("failed", "5.1.2", Meaning.HARD),
        ("failed", "5.1.10", Meaning.HARD),
        ("failed", "5.2.1", Meaning.HARD),
        ("failed", "5.2.2", Meaning.SOFT),
        ("failed", "4.2.2", Meaning.SOFT),
        ("failed", "4.1.1", Meaning.SOFT),
        ("failed", "5.4.14", Meaning.SOFT),
        ("failed", "5.0.0", Meaning.SOFT),
        ("failed", "", Meaning.SOFT),
        ("failed", "5.7.1", Meaning.POLICY),
        ("failed", "5.7.515", Meaning.POLICY),
        ("failed", "5.1.8", Meaning.POLICY),
        ("failed", "2.0.0", Meaning.SOFT),
        ("delayed", "4.4.1", Meaning.DELAYED),
        ("delayed", "5.1.1", Meaning.DELAYED),
        ("delivered", "2.0.0", Meaning.AUTOMATIC),
        ("relayed", "5.1.1", Meaning.AUTOMATIC),
        ("expanded", "2.0.0", Meaning.AUTOMATIC),
        ("", "5.1.1", Meaning.UNKNOWN),
    ],
)
def test_action_and_first_figure_decide_together(action: str, status: str, meaning: Meaning) -> None:
    assert judged(action, status) is meaning
    report = returns.postfix(action=action, status=status or "none", diagnostic="x-invented; it did not go")
    assert read(report).meaning is meaning


@given(st.text())
def test_status_is_found_in_what_a_server_says_or_not_at_all(text: str) -> None:
    assert refusal(status_in(text)) in {Meaning.HARD, Meaning.SOFT, Meaning.POLICY}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("5.1.1 <alice@x.example>: no", "5.1.1"),
        ("550 5.7.26 not ours", "5.7.26"),
        ("550-5.1.1 The mailbox", "5.1.1"),
        ("no mailbox (#5.1.1)", "5.1.1"),
        ("host 5.1.1.9 said no", ""),
        ("from 192.5.1.1", ""),
        ("version 15.1.1", ""),
        ("nothing", ""),
    ],
)
def test_an_address_of_the_network_is_no_status(text: str, status: str) -> None:
    assert status_in(text) == status


def test_exim_says_the_reason_only_in_the_diagnosis_and_is_believed_within_its_class() -> None:
    assert read(returns.postfix(status="5.0.0", diagnostic="smtp; 550 5.7.1 not you")).report.status == "5.7.1"
    assert read(returns.postfix(status="4.0.0", diagnostic="smtp; 550 5.1.1 no")).meaning is Meaning.SOFT


def test_gravest_of_several_recipients_counts() -> None:
    more = b"Status: 4.2.2\r\n\r\nFinal-Recipient: rfc822; b@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    found = read(returns.postfix(status="4.2.2").replace(b"Status: 4.2.2\r\n", more, 1))
    assert (found.meaning, found.report.recipient) == (Meaning.HARD, "b@x.example")


def test_report_in_base64_is_read() -> None:
    whole = returns.postfix()
    start = whole.index(b"Reporting-MTA")
    end = whole.index(b"\r\n--9B1E2", start)
    wrapped = b"\r\n" + base64.encodebytes(whole[start:end]).replace(b"\n", b"\r\n")
    encoded = whole[: start - 2] + b"Content-Transfer-Encoding: base64\r\n" + wrapped + whole[end:]
    assert read(encoded).meaning is Meaning.HARD


def test_complaint_is_one_only_where_something_was_wrong() -> None:
    found = read(returns.complaint(to=PATH, message_id=OURS))
    assert (found.meaning, OURS in found.message_ids, PATH in found.addresses) == (Meaning.COMPLAINT, True, True)
    for kind, meaning in {
        "fraud": Meaning.COMPLAINT,
        "not-spam": Meaning.AUTOMATIC,
        "dmarc": Meaning.AUTOMATIC,
    }.items():
        assert read(returns.complaint(kind=kind)).meaning is meaning


@pytest.mark.parametrize(
    "mark",
    [
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: Auto-Replied; owner-email=x",
        "X-Autoreply: yes",
        "X-Autorespond: Away",
        "Precedence: auto_reply",
        "Precedence: bulk",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    ],
)
def test_machines_that_answer_are_not_listened_to(mark: str) -> None:
    found = read(returns.absence(mark=mark))
    assert found.meaning is Meaning.AUTOMATIC
    assert found.subject == "Away until Monday…"
    assert found.sender == "alice@liverpool.example"


def test_person_who_answers_is_no_machine() -> None:
    assert read(returns.absence(mark="Auto-Submitted: no")).meaning is Meaning.UNKNOWN
    assert read(returns.absence(mark="X-Mood: mossy")).meaning is Meaning.UNKNOWN


def test_what_only_a_person_understands_is_unknown() -> None:
    assert read(returns.qmail(to=PATH)).meaning is Meaning.UNKNOWN


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "empty lines": lambda: b"\n" * 1_000_000,
    "one line": lambda: b"a" * 3_000_000,
    "only a field": lambda: b"Subject:" + b" =?utf-8?q?x?=" * 80_000,
    "many fields": lambda: b"To: a@b.example\n" * 80_000,
    "folded for ever": lambda: b"To: a" + b"\n b" * 500_000,
    "nested": lambda: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000)
    ),
    "same boundary": lambda: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 200_000,
    "empty boundary": lambda: b'Content-Type: multipart/mixed; boundary=""\n\n' + b"--\n" * 200_000,
    "letters in letters": lambda: b"Content-Type: message/rfc822\n\n" * 30_000,
    "blocks": lambda: b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 50_000,
    "half base64": lambda: (
        b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n" + b"A" * 99_999
    ),
    "no such charset": lambda: b"Subject: =?no-such?q?x?= =?utf-8?b?!!!?= =?utf-8?q?=ff=00?=\n\nx",
    "parameters": lambda: b"Content-Type: a/b" + b'; a="b' * 300_000,
    "addresses": lambda: b"To: " + b"a@" * 500_000,
    "ids": lambda: b"Content-Type: message/rfc822\n\nMessage-ID: " + b"<" * 500_000,
    "statuses": lambda: b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: " + b"5.1." * 300_000,
    "not text": lambda: bytes(range(256)) * 4_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_message_is_read_soon_and_without_an_error(name: str) -> None:
    raw = HOSTILE[name]()
    started = time.process_time()
    storable(read(raw))
    assert time.process_time() - started < 2


@given(st.binary(max_size=2_000))
def test_no_bytes_raise(raw: bytes) -> None:
    storable(read(raw))


@given(
    st.lists(
        st.sampled_from(
            [
                b"Content-Type: multipart/report; boundary=x\n",
                b"Content-Type: message/delivery-status\n",
                b"Content-Type: message/feedback-report\n",
                b"Content-Type: message/rfc822\n",
                b"Content-Transfer-Encoding: base64\n",
                b"--x\n",
                b"--x--\n",
                b"\n",
                b"Action: failed\n",
                b"Status: 5.1.1\n",
                b"Final-Recipient: rfc822; a@b.example\n",
                b"Message-ID: <a@b>\n",
                b" folded\n",
                b"To: \xff\x00\xed\xa0\x80@x\n",
                b"\r",
                b"=",
            ]
        )
    )
)
def test_no_pieces_of_reports_raise(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    storable(read(raw))
    assert len(list(leaves(part_of(raw)))) <= 1_000


def storable(found: Reading) -> None:
    """Fail where something could not be kept in a database."""
    texts = [found.sender, found.subject, found.report.detail, found.report.status, found.report.recipient]
    for text in (*texts, *found.addresses, *found.message_ids, *found.marks):
        text.encode()
        assert "\0" not in text
        assert "\n" not in text
    assert len(found.sender) <= 254
    assert len(found.subject) <= 300
    assert len(found.report.detail) <= 500
    assert len(found.report.status) <= 20


def test_report_that_stands_before_a_huge_letter_is_read() -> None:
    whole = returns.exim(message_id=OURS)
    found = read(whole.replace(b"Dear Alice", b"Dear Alice " * (LONGEST_MESSAGE // 5)))
    assert (found.meaning, found.message_ids) == (Meaning.HARD, (OURS,))
