"""The outbox: a letter is queued under a key that forbids twice, however long the address in it."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
LONGEST = f"{'a' * 64}@{'.'.join(['b' * 61] * 3)}.uk"


def begun(address: str) -> Post:
    return Post("draft_begun", key=f"draft_begun:17:{address}", recipient=Recipient(address), subject=("opening", 17))


def test_a_key_with_the_longest_address_forbids_twice_and_nobody_else(session: Session) -> None:
    assert [post(session, begun(address), now=NOW) for address in (LONGEST, LONGEST, f"c{LONGEST[1:]}")] == [
        True,
        False,
        True,
    ]
    other = LONGEST.removesuffix("uk") + "eu"
    assert post(session, begun(other), now=NOW)
    assert session.scalar(select(func.count(OutboxMessage.id))) == 3


def test_a_key_that_fits_stays_as_it_is(session: Session) -> None:
    post(session, begun("anna@example.org"), now=NOW)
    assert session.scalars(select(OutboxMessage.dedup_key)).all() == ["draft_begun:17:anna@example.org"]
