"""Each answer of each client is read as it is meant, and comes to what the paper says; nothing that comes raises."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.replies.lines import lines_of
from programme.engines.calendar.replies.reading import Answer, answer_in
from programme.engines.mail.addresses.reading.parts import part_of
from programme.engines.registration.replies import rule
from programme.engines.registration.replies.rule import Chair, Outcome, Verdict, judge
from programme.engines.registration.states import RegistrationState
from programme.flows.replying.reading import Reply, reply_in
from programme.flows.replying.weighing import heard_of
from tests.flows.replying import replies

NOW = datetime(2027, 2, 3, 9, tzinfo=UTC)
R, A = RegistrationState, Answer
PLACED = Chair(state=R.CONFIRMED, is_theirs=True, told=1)
EXPECTED: dict[str, tuple[Outcome, str]] = {
    "google_accepted": (Outcome.APPLIED, rule.NOTED),
    "google_declined": (Outcome.APPLIED, rule.DECLINED),
    "google_declined_unproved": (Outcome.PROPOSED, rule.UNPROVED),
    "outlook_com_declined": (Outcome.APPLIED, rule.DECLINED),
    "microsoft_365_tentative": (Outcome.APPLIED, rule.NOTED),
    "exchange_on_premises_declined": (Outcome.APPLIED, rule.DECLINED),
    "apple_calendar_accepted": (Outcome.APPLIED, rule.NOTED),
    "ios_mail_declined": (Outcome.APPLIED, rule.DECLINED),
    "thunderbird_accepted": (Outcome.APPLIED, rule.NOTED),
    "fastmail_declined": (Outcome.APPLIED, rule.DECLINED),
    "zimbra_declined": (Outcome.PROPOSED, rule.UNPROVED),
    "nextcloud_declined": (Outcome.PROPOSED, rule.ANOTHER_SENDER),
    "alias_with_key": (Outcome.APPLIED, rule.DECLINED),
    "alias_without_key": (Outcome.PROPOSED, rule.ANOTHER_ADDRESS),
    "recurrence_of_this_date": (Outcome.APPLIED, rule.DECLINED),
    "recurrence_of_another_date": (Outcome.PROPOSED, rule.OTHER_DATE),
    "stale_sequence": (Outcome.IGNORED, rule.STALE),
    "no_sequence": (Outcome.PROPOSED, rule.NO_VERSION),
    "two_attendees": (Outcome.APPLIED, rule.NOTED),
    "two_events": (Outcome.PROPOSED, rule.SEVERAL),
    "forged_from": (Outcome.PROPOSED, rule.ANOTHER_SENDER),
    "forged_results": (Outcome.PROPOSED, rule.UNPROVED),
    "forged_elsewhere": (Outcome.PROPOSED, rule.UNPROVED),
    "counter": (Outcome.PROPOSED, rule.COUNTERED),
    "delegated": (Outcome.PROPOSED, rule.NO_ANSWER),
    "needs_action": (Outcome.PROPOSED, rule.NO_ANSWER),
    "comment": (Outcome.APPLIED, rule.DECLINED),
    "auto_submitted": (Outcome.APPLIED, rule.DECLINED),
    "quoted_printable": (Outcome.APPLIED, rule.NOTED),
    "file_of_no_type": (Outcome.APPLIED, rule.NOTED),
    "windows_1252": (Outcome.APPLIED, rule.NOTED),
    "sent_on": (Outcome.PROPOSED, rule.ANOTHER_SENDER),
}
"""What each comes to where Alice has a place at the event, and was told its version 1."""


def reply(shape: str) -> Reply:
    """What is read of a shape."""
    found = replies.read(replies.message(shape))
    assert found is not None
    return found


def verdict(shape: str, chair: Chair = PLACED) -> Verdict:
    """What a shape comes to."""
    read, raw = reply(shape), replies.message(shape)
    has_key = replies.KEY.encode() in raw
    invited = frozenset({replies.ALICE})
    return judge(heard_of(read, invited=invited, has_key=has_key, starts=replies.STARTS, now=NOW), chair)


def test_every_shape_has_an_outcome_and_names_its_client_and_its_quirk() -> None:
    assert sorted(EXPECTED) == [path.stem for path in replies.shapes()]
    for path in replies.shapes():
        told = part_of(path.read_bytes()).fields.first("comments")
        assert ": " in told, path.name


@pytest.mark.parametrize("shape", EXPECTED)
def test_a_reply_comes_to_what_the_paper_says(shape: str) -> None:
    found = verdict(shape)
    assert (found.outcome, found.why) == EXPECTED[shape]


@pytest.mark.parametrize("shape", EXPECTED)
def test_every_shape_names_the_event_and_whoever_answers(shape: str) -> None:
    found = reply(shape).answer
    assert found.uid == replies.UID
    assert found.attendees
    assert found.stamp is not None


def test_ends_of_lines_and_a_line_above_make_no_difference() -> None:
    for shape in EXPECTED:
        raw = replies.message(shape)
        assert replies.read(raw.replace(b"\r\n", b"\n")) == replies.read(raw)
        assert replies.read(b"From somebody Mon Feb  1 09:00:00 2027\n" + raw) == replies.read(raw)


def test_words_beside_an_answer_are_read_whatever_letters_they_are_in() -> None:
    assert reply("comment").answer.comment == "I am away, sorry: back in March; ask Bob"
    assert reply("windows_1252").answer.comment == "I will bring Zoë along"
    assert reply("quoted_printable").answer.comment == "Zoë comes along=no"
    assert reply("microsoft_365_tentative").answer.comment == "I may be late, sorry"
    assert reply("sent_on").excerpt == "See below, from Alice."


@pytest.mark.parametrize(
    ("chair", "outcome", "why"),
    [
        (replace(PLACED, is_over=True), Outcome.IGNORED, rule.OVER),
        (replace(PLACED, is_off=True), Outcome.IGNORED, rule.OFF),
        (replace(PLACED, told=2), Outcome.IGNORED, rule.STALE),
        (replace(PLACED, before=(NOW, A.ACCEPTED)), Outcome.IGNORED, rule.OLDER),
        (replace(PLACED, before=(datetime(2027, 2, 1, 9, tzinfo=UTC), A.DECLINED)), Outcome.IGNORED, rule.AGAIN),
        (replace(PLACED, before=(datetime(2027, 1, 31, tzinfo=UTC), A.ACCEPTED)), Outcome.APPLIED, rule.DECLINED),
        (replace(PLACED, is_theirs=False), Outcome.IGNORED, rule.GONE),
        (Chair(state=R.CANCELLED, is_theirs=False, told=1), Outcome.IGNORED, rule.GONE),
        (Chair(state=R.WAITLISTED, is_theirs=False), Outcome.PROPOSED, rule.WAITS),
        (Chair(state=R.PENDING, is_theirs=False), Outcome.PROPOSED, rule.WAITS),
        (Chair(state=R.OFFERED, is_theirs=True), Outcome.APPLIED, rule.DECLINED),
        (Chair(state=R.WAITLISTED, is_theirs=True), Outcome.APPLIED, rule.DECLINED),
    ],
    ids=[
        *("after_the_event", "event_called_off", "moved_since", "answered_since", "twice", "changed_their_mind"),
        *("skipped_already", "answers_a_cancellation", "waits", "to_be_decided", "offered", "lent_a_single_date"),
    ],
)
def test_a_decline_comes_to_what_their_place_allows(chair: Chair, outcome: Outcome, why: str) -> None:
    found = verdict("outlook_com_declined", chair)
    assert (found.outcome, found.why) == (outcome, why)


def test_whoever_accepts_without_a_place_is_left_to_people() -> None:
    assert verdict("google_accepted", Chair(state=R.CANCELLED, is_theirs=False)).why == rule.NO_PLACE
    assert verdict("google_accepted", Chair(state=R.WAITLISTED, is_theirs=False)).why == rule.WAITS


def test_an_answer_given_tomorrow_was_given_now() -> None:
    raw = replies.message("outlook_com_declined", stamp="20990201T090000Z")
    read = replies.read(raw)
    assert read is not None
    heard = heard_of(read, invited=frozenset({replies.ALICE}), has_key=True, starts=replies.STARTS, now=NOW)
    assert heard.stamp == NOW


def test_a_message_within_a_message_is_not_looked_into() -> None:
    inner = replies.message("outlook_com_declined")
    raw = b'Content-Type: multipart/mixed; boundary="out"\r\n\r\n--out\r\nContent-Type: message/rfc822\r\n\r\n' + inner
    assert replies.read(raw + b"\r\n--out--\r\n") is None


CALENDAR = replies.message("two_attendees").partition(b"BEGIN:VCALENDAR")[2]
CUTTINGS = st.lists(
    st.sampled_from([b"\r\n ", b"\n", b":", b";", b"=", b'"', b"BEGIN:VEVENT\n", b"END:VEVENT\n", b"\0"])
)


@given(raw=st.one_of(st.binary(max_size=3_000), st.binary(max_size=200).map(lambda some: b"BEGIN:VCALENDAR" + some)))
def test_no_bytes_raise(raw: bytes) -> None:
    answer_in(raw)
    reply_in(part_of(b"Content-Type: text/calendar; method=REPLY\n\n" + raw), authserv_id=replies.OUR_HOST)


@given(cuts=st.lists(st.tuples(st.integers(0, len(CALENDAR)), st.binary(max_size=6)), max_size=8), seams=CUTTINGS)
def test_no_spoilt_answer_raises_and_what_is_read_fits_every_database(
    cuts: list[tuple[int, bytes]], seams: list[bytes]
) -> None:
    raw = b"BEGIN:VCALENDAR" + CALENDAR
    for number, (at, spoil) in enumerate(cuts):
        raw = raw[:at] + spoil + (seams[number] if number < len(seams) else b"") + raw[at:]
    found = answer_in(raw)
    if found is not None:
        texts = [found.uid, found.comment, found.organiser, found.method, *(one.address for one in found.attendees)]
        assert not any("\0" in text or "\n" in text for text in texts)
        assert all(text.encode() for text in texts if text)
        heard_of(Reply(answer=found), invited=(), has_key=False, starts=replies.STARTS, now=NOW)


def test_time_grows_with_length_alone() -> None:
    nasty = [b";A=" * 100_000, b'A;B="' * 50_000, b"\n " * 150_000, b"BEGIN:VEVENT\n" * 20_000, b"(" * 200_000]
    started = time.perf_counter()
    for some in nasty:
        answer_in(b"BEGIN:VCALENDAR\n" + some)
        reply_in(part_of(b"From: " + some[:2_000] + b"\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n" + some))
    assert time.perf_counter() - started < 10 * len(nasty) / 5


HEARD = st.builds(
    rule.Heard,
    method=st.sampled_from(["REPLY", "REPLY", "COUNTER", "REQUEST"]),
    answer=st.sampled_from([*A, None]),
    stamp=st.sampled_from([NOW - timedelta(days=day) for day in range(3)]),
    sequence=st.sampled_from([None, 0, 1, 2]),
    is_invited=st.booleans(),
    is_from_attendee=st.booleans(),
    is_authentic=st.booleans(),
    has_key=st.booleans(),
    is_this_date=st.booleans(),
    is_one=st.booleans(),
)
CHAIRS = st.builds(
    Chair,
    state=st.sampled_from(list(R)),
    is_theirs=st.booleans(),
    told=st.integers(0, 2),
    before=st.none() | st.tuples(st.sampled_from([NOW - timedelta(days=1)]), st.sampled_from(list(A))),
    is_over=st.booleans(),
    is_off=st.booleans(),
)


@given(heard=HEARD, chair=CHAIRS)
def test_nothing_counts_that_nobody_can_be_shown_to_have_said(heard: rule.Heard, chair: Chair) -> None:
    found = judge(heard, chair)
    assert found.why.endswith(".")
    if found.outcome is not Outcome.APPLIED:
        return
    assert heard.method == "REPLY"
    assert heard.answer is not None
    assert heard.has_key or (heard.is_invited and heard.is_from_attendee)
    assert heard.answer is not A.DECLINED or heard.has_key or heard.is_authentic
    assert heard.sequence is None or heard.sequence >= chair.told
    assert chair.before is None or heard.stamp >= chair.before[0]
    assert not chair.is_over
    assert not chair.is_off
    assert chair.is_theirs


@given(heard=HEARD, chair=CHAIRS)
def test_the_same_reply_counts_once(heard: rule.Heard, chair: Chair) -> None:
    if judge(heard, chair).outcome is Outcome.APPLIED and heard.answer is not None:
        assert judge(heard, replace(chair, before=(heard.stamp, heard.answer))).outcome is Outcome.IGNORED


@given(text=st.text(max_size=400))
def test_lines_are_cut_without_an_error(text: str) -> None:
    for line in lines_of(text):
        assert line.name.isascii()
        assert not {"\0", "\n", "\r"} & set(line.text)
