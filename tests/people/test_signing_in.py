"""Links that sign in once, and browsers that are signed in until they are not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.extensions import db
from programme.people.identity import actor_for_cookie, actor_of
from programme.people.models import BrowserSession, Person, Role, SignInLink
from programme.people.signing_in import (
    ask,
    confirm,
    forget_old,
    mark_seen,
    open_browsers,
    revoke,
    revoke_all_others,
    usable_link,
)
from tests.bed.databases import statements
from tests.factories.cast import assemble, cookie_for, grant

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
ALICE = "alice@liverpool.example.ac.uk"


def test_link_signs_in_and_its_cookie_says_who(session: Session) -> None:
    cast = assemble(session)
    token = ask(session, ALICE.upper(), next_path="/me", now=NOW).token
    row, secret = confirm(session, token, name="", browser="Firefox", now=NOW)
    assert row.person_id == cast.alice.id
    assert actor_for_cookie(session, secret, now=NOW).person_id == cast.alice.id


def test_who_somebody_is_takes_one_statement_whatever_they_may(app: Flask, session: Session) -> None:
    cast = assemble(session)
    grant(session, cast.olga, Role.HELPER, organisation=cast.oxford, subject=("event", 7))
    cookie = cookie_for(session, cast.olga)
    known = actor_of(cast.olga)
    session.expunge_all()
    with statements(app) as seen:
        found = actor_for_cookie(session, cookie, now=NOW)
    assert found == replace(known, session_id=found.session_id, seen_at=found.seen_at)
    assert len(found.grants) == 2
    assert found.member_of == {cast.liverpool.id}
    assert [words.partition(" ")[0] for words in seen] == ["SELECT"]


def test_secrets_are_kept_hashed(session: Session) -> None:
    assemble(session)
    asked = ask(session, ALICE, next_path="", now=NOW)
    row, secret = confirm(session, asked.token, name="", browser="", now=NOW)
    assert asked.token not in asked.link.token_hash
    assert secret not in row.token_hash
    assert len(asked.token) >= 32
    assert len(secret) >= 32


def test_link_signs_in_only_once(session: Session) -> None:
    assemble(session)
    token = ask(session, ALICE, next_path="", now=NOW).token
    confirm(session, token, name="", browser="", now=NOW)
    with pytest.raises(Refusal, match="used already"):
        confirm(session, token, name="", browser="", now=NOW)


def test_link_ends_after_fifteen_minutes(session: Session) -> None:
    assemble(session)
    token = ask(session, ALICE, next_path="", now=NOW).token
    usable_link(session, token, now=NOW + timedelta(minutes=14, seconds=59))
    with pytest.raises(Refusal, match="has ended"):
        confirm(session, token, name="", browser="", now=NOW + timedelta(minutes=15))


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "\udcff", "'; drop table person; --"])
def test_token_nobody_made_is_refused(session: Session, token: str) -> None:
    assemble(session)
    with pytest.raises(Refusal, match="not complete"):
        confirm(session, token, name="", browser="", now=NOW)


def test_unknown_address_makes_a_person_only_when_confirmed(session: Session) -> None:
    assemble(session)
    token = ask(session, "dora@oxford.example.ac.uk", next_path="", now=NOW).token
    assert session.scalar(select(Person).where(Person.address_key.startswith("dora"))) is None
    confirm(session, token, name="Dora Dale", browser="", now=NOW)
    made = session.scalars(select(Person).where(Person.address_key.startswith("dora"))).one()
    assert (made.name, made.address_proved_at) == ("Dora Dale", NOW)
    assert [tie.organisation.slug for tie in made.affiliations] == ["oxford"]


def test_two_links_of_one_unknown_address_make_one_person(session: Session) -> None:
    assemble(session)
    tokens = [ask(session, "dora@example.org", next_path="", now=NOW).token for _ in range(2)]
    rows = [confirm(session, token, name="Dora", browser="", now=NOW)[0] for token in tokens]
    assert rows[0].person_id == rows[1].person_id


def test_many_at_once_use_a_link_once(app: Flask, session: Session) -> None:
    assemble(session)
    token = ask(session, ALICE, next_path="", now=NOW).token
    session.commit()
    start, outcomes = Barrier(8), []

    def race() -> None:
        with app.app_context(), Session(db.engine) as own:
            start.wait()
            begin_writing(own)
            try:
                confirm(own, token, name="", browser="", now=NOW)
                own.commit()
                outcomes.append("in")
            except Refusal:
                own.rollback()
                outcomes.append("refused")

    threads = [Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", *["refused"] * 7]
    assert session.scalar(select(func.count()).select_from(BrowserSession)) == 1


def test_revoked_browser_is_nobody(session: Session) -> None:
    cast = assemble(session)
    row, secret = sign_in(session)
    revoke(session, row.id, person_id=cast.alice.id, now=NOW)
    assert not actor_for_cookie(session, secret, now=NOW).is_signed_in


def test_nobody_revokes_another_persons_browser(session: Session) -> None:
    cast = assemble(session)
    row, secret = sign_in(session)
    with pytest.raises(Refusal, match="not signed in any more"):
        revoke(session, row.id, person_id=cast.bob.id, now=NOW)
    assert actor_for_cookie(session, secret, now=NOW).is_signed_in


def test_all_others_are_signed_out_and_this_one_stays(session: Session) -> None:
    cast = assemble(session)
    kept, *others = [sign_in(session)[0] for _ in range(3)]
    assert revoke_all_others(session, person_id=cast.alice.id, kept=kept.id, now=NOW) == len(others)
    assert [row.id for row in open_browsers(session, cast.alice.id, now=NOW)] == [kept.id]


def test_browser_is_signed_in_for_thirty_days(session: Session) -> None:
    assemble(session)
    _, secret = sign_in(session)
    assert actor_for_cookie(session, secret, now=NOW + timedelta(days=29, hours=23)).is_signed_in
    assert not actor_for_cookie(session, secret, now=NOW + timedelta(days=30)).is_signed_in


def test_mark_is_written_at_most_every_ten_minutes(app: Flask, session: Session) -> None:
    assemble(session)
    row, _ = sign_in(session)
    session.commit()
    with app.app_context():
        assert not mark_seen(db.engine, row.id, seen_at=NOW, now=NOW + timedelta(minutes=9))
        assert mark_seen(db.engine, row.id, seen_at=NOW, now=NOW + timedelta(minutes=10))
    session.refresh(row)
    assert row.last_seen_at == NOW + timedelta(minutes=10)


def test_old_links_and_browsers_are_forgotten_and_live_ones_stay(session: Session) -> None:
    assemble(session)
    ask(session, ALICE, next_path="", now=NOW - timedelta(days=2))
    new = ask(session, ALICE, next_path="", now=NOW).link
    old, _ = sign_in(session, now=NOW - timedelta(days=61))
    live, _ = sign_in(session)
    forget_old(session, now=NOW)
    assert session.scalars(select(SignInLink.id).where(SignInLink.used_at.is_(None))).all() == [new.id]
    assert session.scalars(select(BrowserSession.id)).all() == [live.id]
    assert old.id != live.id


def sign_in(session: Session, *, now: datetime = NOW) -> tuple[BrowserSession, str]:
    """Sign Alice in."""
    token = ask(session, ALICE, next_path="", now=now).token
    return confirm(session, token, name="", browser="Firefox", now=now)
