"""What was made by mistake is deleted with all that goes along; what somebody used stays, and the page says why."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.documents.models import Document
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.reminders.models import ReminderRule
from programme.people.groups.models import Group, GroupMember
from programme.people.identity import actor_of
from programme.strands.cohorts.deleting import actions
from programme.strands.cohorts.incoming.before.writing import BROUGHT_IN
from programme.strands.cohorts.models import (
    Admitted,
    Candidature,
    Cohort,
    Destination,
    FundingAward,
    Milestone,
    Rulebook,
    Signature,
    Supervision,
    SupervisionMeeting,
)
from programme.strands.cohorts.progress.handing.handing_in import record_done
from programme.strands.cohorts.progress.moving.exempting import exempt
from programme.strands.cohorts.states import MilestoneState, SignatureState
from tests.bed.clock import Clock
from tests.factories import admissions
from tests.factories.admissions import NOW
from tests.factories.browsers import signed_in
from tests.factories.cast import Cast
from tests.strands.cohorts.deleting.conftest import ENTRY, number, trail


def test_record_made_by_mistake_goes_with_all_that_organisers_entered(
    olga: FlaskClient, record: Candidature, cast: Cast, session: Session, clock: Clock
) -> None:
    first, second = record.milestones[:2]
    exempt(session, record.id, first.id, reason="From elsewhere", actor=actor_of(cast.olga), now=clock.now)
    facts = {
        "token": "t" * 32,
        "name": "form.pdf",
        "kind": "pdf",
        "size": 1,
        "digest": "0" * 64,
        "uploaded_at": clock.now,
    }
    session.add(Document(**facts, subject_kind="milestone", subject_id=second.id, part=1))
    session.commit()
    where, cohort_id = f"/records/{record.id}/deletion", record.cohort_id
    assert where in olga.get(f"/records/{record.id}").text
    page = olga.get(where).text
    for words in ("Delete the record “Alice", "milestones", "1 supervision<", "1 signature not given yet", "1 file<"):
        assert words in page, words
    done = olga.post(where, follow_redirects=True)
    assert "The record is deleted." in done.text
    for model in (Candidature, Milestone, Supervision, Signature, GroupMember):
        assert number(session, model) == 0, model
    assert session.scalars(select(Document.forgotten_at)).one() is not None
    entry = trail(session, "deleted a record")
    assert (entry.subject_kind, entry.subject_id, entry.person_id) == ("cohort", cohort_id, cast.olga.id)
    assert entry.before == {"home": "Liverpool", "registered_on": "2026-10-01"}, "and no name"
    assert olga.get(where).status_code == 404


def signed(session: Session, record: Candidature, cast: Cast) -> None:
    session.scalars(select(Signature)).one().state = SignatureState.AGREED


def reached(session: Session, record: Candidature, cast: Cast) -> None:
    record.milestones[0].state = MilestoneState.HANDED_IN


def met(session: Session, record: Candidature, cast: Cast) -> None:
    session.add(SupervisionMeeting(candidature_id=record.id, met_on=ENTRY, logged_at=NOW, changed_at=NOW))


def answered(session: Session, record: Candidature, cast: Cast) -> None:
    session.add(Destination(candidature_id=record.id, years=0, asked_at=NOW, answered_at=NOW, link_version=1))


def applied(session: Session, record: Candidature, cast: Cast) -> None:
    call = admissions.call(session, cast, now=NOW)
    row = admissions.apply(session, call, cast.alice, wishes=cast.liverpool)
    session.add(Admitted(registration_id=row.id, candidature_id=record.id, admitted_at=NOW))


USED: tuple[tuple[Callable[[Session, Candidature, Cast], None], str, str], ...] = (
    (signed, "1 signature was given.", "Withdraw instead"),
    (reached, "1 milestone is handed in or done.", "Withdraw instead"),
    (met, "1 supervision meeting is logged.", "Withdraw instead"),
    (answered, "1 answer says where they are now.", "Withdraw instead"),
    (applied, "It was made of an application.", "Take it back on the application’s page"),
)


@pytest.mark.parametrize(("use", "reason", "instead"), USED)
def test_record_that_somebody_used_stays_and_the_page_says_why_and_what_to_do(
    olga: FlaskClient,
    record: Candidature,
    cast: Cast,
    session: Session,
    use: Callable[[Session, Candidature, Cast], None],
    reason: str,
    instead: str,
) -> None:
    use(session, record, cast)
    session.commit()
    where = f"/records/{record.id}/deletion"
    page = olga.get(where).text
    assert "cannot be deleted" in page
    assert reason in page
    assert instead in page
    refused = olga.post(where, follow_redirects=True).text
    assert reason in refused
    assert number(session, Candidature) == 1
    cohort = olga.post(f"/organise/cohorts/{record.cohort_id}/deletion", follow_redirects=True).text
    assert "1 record was used already: Alice" in cohort
    assert number(session, Cohort) >= 1


def test_what_was_brought_in_as_done_keeps_nothing_and_what_was_noted_later_does(
    record: Candidature, cast: Cast, session: Session, clock: Clock
) -> None:
    olga, first = actor_of(cast.olga), record.milestones[0]
    record_done(session, record.id, first.id, done_on=ENTRY, words="Seen the form", actor=olga, now=clock.now)
    with pytest.raises(Refusal, match="1 milestone is handed in or done"):
        actions.delete_record(session, record.id, actor=olga, now=clock.now)
    first.words = f"{BROUGHT_IN}1 October 2026, from “old.csv”."
    session.flush()
    actions.delete_record(session, record.id, actor=olga, now=clock.now)
    assert session.scalar(select(func.count()).select_from(Candidature)) == 0


def test_cohort_goes_with_its_records_and_reminders_and_its_groups_are_ordinary_ones(
    olga: FlaskClient, record: Candidature, cohort: Cohort, session: Session
) -> None:
    where, award_id = f"/organise/cohorts/{cohort.id}/deletion", cohort.award_id
    assert where in olga.get(f"/organise/cohorts/{cohort.id}").text
    page = olga.get(where).text
    assert "1 doctoral record<" in page
    assert "Its reminders of milestones" in page
    assert number(session, ReminderRule) > 0
    answer = olga.post(where)
    assert answer.location == f"/organise/awards/{award_id}"
    for model in (Cohort, Candidature, ReminderRule, GroupMember):
        assert number(session, model) == 0, model
    assert {(row.owner_kind, row.owner_id) for row in session.scalars(select(Group))} == {(None, None)}
    assert trail(session, "deleted a cohort").before == {"title": "Corridor cohort"}


def test_award_goes_with_its_cohorts_and_rulebooks_stay(
    olga: FlaskClient, record: Candidature, award: FundingAward, session: Session
) -> None:
    where, title = f"/organise/awards/{award.id}/deletion", award.title
    assert where in olga.get(f"/organise/awards/{award.id}").text
    page = olga.get(where).text
    assert "1 cohort<" in page
    assert f"“{title}” is deleted" in olga.post(where, follow_redirects=True).text
    for model in (FundingAward, Cohort, Candidature):
        assert number(session, model) == 0, model
    assert number(session, Rulebook) == 2
    entry = trail(session, "deleted an award")
    assert (entry.subject_kind, entry.before) == ("organisation", {"title": title})


def test_only_those_who_run_it_may_delete_and_an_award_its_lead_alone(
    app: Flask, record: Candidature, cohort: Cohort, award: FundingAward, cast: Cast, session: Session
) -> None:
    omar, alice = signed_in(app, session, cast.omar), signed_in(app, session, cast.alice)
    addresses = {
        f"/records/{record.id}/deletion": 200,
        f"/organise/cohorts/{cohort.id}/deletion": 403,
        f"/organise/awards/{award.id}/deletion": 403,
    }
    for where, answer in addresses.items():
        assert omar.get(where).status_code == answer, "who shares the award edits its records"
        assert alice.get(where).status_code in {403, 404}
        assert alice.post(where).status_code in {403, 404}
    assert omar.post(f"/organise/cohorts/{cohort.id}/deletion").status_code == 403
    award.co_owners = []
    session.commit()
    assert {omar.get(where).status_code for where in addresses} == {404}
    assert number(session, Candidature) == 1


def test_record_with_the_placeof_one_that_is_deleted_has_changes_of_its_own(
    olga: FlaskClient, record: Candidature, cohort: Cohort, cast: Cast, session: Session, clock: Clock
) -> None:
    freed = record.id
    actions.delete_record(session, freed, actor=actor_of(cast.olga), now=clock.now)
    later = clock.forward(hours=1)
    again = Candidature(
        id=freed,
        person_id=cast.bob.id,
        cohort_id=cohort.id,
        home_organisation_id=cast.oxford.id,
        registered_on=ENTRY,
        entry_unit=0,
        state_since=ENTRY,
        created_at=later,
    )
    session.add(again)
    session.commit()
    page = olga.get(f"/records/{freed}/changes").text
    assert "asked for a signature" not in page


def test_letters_about_a_record_go_with_it_and_others_stay(
    record: Candidature, cast: Cast, session: Session, clock: Clock
) -> None:
    signature = session.scalars(select(Signature.id)).one()
    about = (("candidature", record.id), ("signature", signature), ("candidature", record.id + 1))
    session.execute(delete(OutboxMessage))
    for place, subject in enumerate(about):
        told = Post("signing_agreed", f"letter-{place}", Recipient(cast.bob.address), subject)
        post(session, told, now=clock.now)
    actions.delete_record(session, record.id, actor=actor_of(cast.olga), now=clock.now)
    session.commit()
    assert session.scalars(select(OutboxMessage.dedup_key)).all() == ["letter-2"]
