"""What comes back is done once: an address that does not exist is written to no more, a forged token does nothing."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from programme.core.database import begin_writing
from programme.engines.mail.addresses.models import InboxMessage, Suppression
from programme.engines.mail.addresses.states import Cause, Meaning
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.addresses.suppression.suppressing import suppress
from programme.engines.mail.addresses.taking_in import Taken, take_in
from programme.engines.mail.addresses.verp import TRIAL, TRIAL_KEY, envelope_sender, return_path
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import Scope
from tests.bed.clock import START
from tests.engines.mail.addresses import returns
from tests.engines.mail.post_office import PostOffice


@pytest.fixture
def post(office: PostOffice) -> PostOffice:
    """A post office whose bounces are read."""
    return PostOffice(office.factory, replace(office.room, bounce_address="bounces@programme.example"))


def sent(post: PostOffice, to: str = returns.DEAD, key: str = "one") -> tuple[str, str]:
    """Send a letter; returns its return path and its Message-ID."""
    row_id = post.put(key, to=to)
    post.dispatch()
    row = post.row(row_id)
    assert row.message_id
    return envelope_sender(post.room, row), row.message_id


def came(post: PostOffice, raw: bytes) -> Taken:
    """Take a message in, in a transaction of its own."""
    with post.factory() as session:
        begin_writing(session)
        taken = take_in(session, raw, room=post.room, now=START + timedelta(minutes=1))
        session.commit()
        return taken


def standing(post: PostOffice) -> list[tuple[str, Scope, Cause]]:
    """What stands against addresses."""
    with post.factory() as session:
        rows = session.scalars(select(Suppression).where(Suppression.lifted_at.is_(None)).order_by(Suppression.id))
        return [(row.address, row.scope, row.cause) for row in rows]


DEAD = [(returns.DEAD, Scope.EVERYTHING, Cause.BOUNCED)]


@pytest.mark.parametrize("system", returns.DEAD_ENDS)
def test_hard_bounce_is_noted_on_the_letter_and_stops_the_address(post: PostOffice, system: str) -> None:
    path, message_id = sent(post)
    taken = came(post, returns.DEAD_ENDS[system](to=path, message_id=message_id))
    assert (taken.meaning, taken.has_suppressed, taken.is_new) == (Meaning.HARD, True, True)
    row = post.row(taken.letter_id or 0)
    assert row.bounced_at == START + timedelta(minutes=1)
    assert row.bounce_status.startswith("5.1.1")
    assert row.bounce_detail
    assert standing(post) == DEAD


@pytest.mark.parametrize("system", returns.DEAD_ENDS)
def test_bounce_to_the_plain_address_is_known_by_its_message_id(post: PostOffice, system: str) -> None:
    _, message_id = sent(post)
    assert came(post, returns.DEAD_ENDS[system](message_id=message_id)).has_suppressed
    assert standing(post) == DEAD


def test_letter_that_a_relay_gave_another_message_id_is_known_by_our_own_mark(post: PostOffice) -> None:
    _, message_id = sent(post)
    own = message_id.strip("<>").partition("@")[0].encode()
    raw = returns.postfix().replace(b"Subject: You have", b"X-Programme-Letter: " + own + b"\r\nSubject: You have", 1)
    assert came(post, raw).has_suppressed


def test_same_message_again_changes_nothing(post: PostOffice) -> None:
    path, _ = sent(post)
    raw = returns.postfix(to=path)
    assert came(post, raw).is_new
    again = [raw, raw.replace(b"\r\n", b"\n"), b"From MAILER-DAEMON Tue Jan 12 09:00:01 2027\n" + raw, raw + b"\r\n"]
    assert [came(post, copy).is_new for copy in again] == [False] * 4
    with post.factory() as session:
        assert session.scalar(select(func.count()).select_from(InboxMessage)) == 1


def test_address_that_was_lifted_is_not_stopped_by_another_copy_of_the_old_bounce(post: PostOffice) -> None:
    path, _ = sent(post)
    came(post, returns.postfix(to=path))
    with post.factory() as session:
        session.scalars(select(Suppression)).one().lifted_at = START
        session.commit()
    assert not came(post, b"Received: by another way\r\n" + returns.postfix(to=path)).has_suppressed
    assert standing(post) == []


@pytest.mark.parametrize(
    ("action", "status", "meaning"),
    [("failed", "4.2.2", Meaning.SOFT), ("failed", "5.2.2", Meaning.SOFT), ("failed", "5.7.1", Meaning.POLICY)],
)
def test_other_failures_are_noted_and_stop_nothing(
    post: PostOffice, action: str, status: str, meaning: Meaning
) -> None:
    path, _ = sent(post)
    taken = came(post, returns.postfix(to=path, action=action, status=status, diagnostic="smtp; no"))
    assert (taken.meaning, taken.has_suppressed) == (meaning, False)
    row = post.row(taken.letter_id or 0)
    assert (row.bounce_status, row.bounced_at is None) == (status, False)
    assert standing(post) == []


@pytest.mark.parametrize(
    "raw",
    [
        lambda path: returns.postfix(to=path, action="delayed", status="4.4.1"),
        lambda path: returns.postfix(to=path, action="delivered", status="2.0.0"),
        lambda path: returns.absence(to=path),
        lambda path: returns.qmail(to=path),
    ],
)
def test_what_is_no_failure_leaves_the_letter_as_it_is(post: PostOffice, raw: Callable[[str], bytes]) -> None:
    path, _ = sent(post)
    taken = came(post, raw(path))
    row = post.row(taken.letter_id or 0)
    assert (row.bounced_at, row.bounce_status) == (None, "")
    assert standing(post) == []


def test_hard_bounce_after_a_soft_one_says_so_on_the_letter(post: PostOffice) -> None:
    path, _ = sent(post)
    came(post, returns.postfix(to=path, status="4.2.2", diagnostic="smtp; 452 full"))
    taken = came(post, returns.postfix(to=path))
    assert post.row(taken.letter_id or 0).bounce_status == "5.1.1"
    came(post, returns.postfix(to=path, status="4.2.2", diagnostic="smtp; 452 full again"))
    assert post.row(taken.letter_id or 0).bounce_status == "5.1.1"


def test_forged_token_is_recognised_and_ignored(post: PostOffice) -> None:
    path, message_id = sent(post)
    number = path.partition("+")[2].partition(".")[0]
    forged = f"bounces+{number}.aaaaaaaaaaaa@programme.example"
    taken = came(post, returns.postfix(to=forged, message_id=message_id))
    assert (taken.meaning, taken.letter_id, taken.has_suppressed) == (Meaning.FORGED, None, False)
    assert standing(post) == []
    assert post.row(int(number)).bounced_at is None
    with post.factory() as session:
        assert session.scalars(select(InboxMessage.meaning)).all() == [Meaning.FORGED]


def test_token_of_a_letter_that_is_gone_does_nothing_to_the_one_that_has_its_number_now(post: PostOffice) -> None:
    path, _ = sent(post)
    with post.factory() as session:
        row = session.scalars(select(OutboxMessage)).one()
        row.dedup_key, row.recipient, row.message_id = "another", "bob@oxford.example", "<another@x.example>"
        session.commit()
    taken = came(post, returns.postfix(to=path))
    assert (taken.meaning, taken.letter_id) == (Meaning.FORGED, None)
    with post.factory() as session:
        session.delete(session.scalars(select(OutboxMessage)).one())
        session.commit()
    assert came(post, b"X: 1\r\n" + returns.postfix(to=path)).meaning is Meaning.UNKNOWN
    assert standing(post) == []


def test_bounce_of_a_trial_is_taken_in_and_stops_nothing(post: PostOffice) -> None:
    path = return_path(post.room, number=TRIAL, key=TRIAL_KEY)
    taken = came(post, returns.postfix(to=path))
    assert (taken.meaning, taken.letter_id, standing(post)) == (Meaning.HARD, None, [])


def test_address_that_leads_on_to_a_dead_one_is_not_dead(post: PostOffice) -> None:
    path, _ = sent(post, to="mosses@liverpool.example")
    taken = came(post, returns.postfix(to=path, recipient="gone@other.example", original="mosses@liverpool.example"))
    assert (taken.meaning, taken.has_suppressed) == (Meaning.HARD, False)
    assert post.row(taken.letter_id or 0).bounce_status == "5.1.1"
    path, _ = sent(post, key="two")
    assert came(post, returns.postfix(to=path, recipient="Alice@liv.example")).has_suppressed


def test_complaint_stops_what_nobody_asked_for(post: PostOffice) -> None:
    path, _ = sent(post)
    assert came(post, returns.complaint(to=path)).has_suppressed
    assert standing(post) == [
        (returns.DEAD, Scope.SERVICE, Cause.COMPLAINED),
        (returns.DEAD, Scope.MARKETING, Cause.COMPLAINED),
    ]


def test_two_at_once_stop_an_address_once(post: PostOffice) -> None:
    outcomes = at_once(post, suppress_dead)
    assert sorted(outcomes) == [False] * 7 + [True]
    assert standing(post) == DEAD


def test_two_readers_of_one_message_take_it_in_once(post: PostOffice) -> None:
    path, _ = sent(post)
    raw = returns.postfix(to=path)
    room = post.room
    outcomes = at_once(post, lambda session: take_in(session, raw, room=room, now=START).is_new)
    assert sorted(outcomes) == [False] * 7 + [True]
    assert standing(post) == DEAD


def suppress_dead(session: object) -> bool:
    """Stop the dead address."""
    return suppress(session, returns.DEAD, scope=Scope.EVERYTHING, cause=Cause.BOUNCED, now=START)  # type: ignore[arg-type]


def at_once(post: PostOffice, verb: Callable[..., bool]) -> list[bool]:
    """Do it eight times at once, each in a transaction of its own."""
    start, outcomes = threading.Barrier(8), []

    def run() -> None:
        start.wait()
        with post.factory() as session:
            begin_writing(session)
            outcomes.append(verb(session))
            session.commit()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_without_the_look_at_the_index_two_at_once_would_fail(post: PostOffice) -> None:
    """The control: rows that are looked for first and then added meet at the unique index."""
    failures: list[Exception] = []
    start = threading.Barrier(2)

    def run() -> None:
        with post.factory() as session:
            found = session.scalar(select(Suppression.id))
            start.wait()
            assert found is None
            session.rollback()
            begin_writing(session)
            session.add(
                Suppression(
                    address_hash=address_hash(returns.DEAD), scope=Scope.EVERYTHING, cause=Cause.BOUNCED, since=START
                )
            )
            try:
                session.commit()
            except IntegrityError as error:
                failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == 1
