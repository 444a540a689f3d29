"""A cohort comes in in mid-course: what was done is done, what rested rested, and nobody is asked to sign it again."""

import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.mail.models import OutboxMessage
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.incoming.carrying_out import headings_of
from programme.strands.cohorts.incoming.plan import Plan, RowKind, plan
from programme.strands.cohorts.incoming.reading import read_sheet
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, Signature, Supervision
from programme.strands.cohorts.progress.handing.handing_in import hand_in
from programme.strands.cohorts.states import MilestoneState, SupervisionRole
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import Cast, assemble

TODAY = date(2027, 1, 12)
HEAD = (
    "Name\tE-mail\tHome university\tPartner\tStart\tIntegrity\tTransfer of status done\tConfirmation of status"
    "\tAnnual report 2025\tPortfolio of activity\tPanel\tSuspensions\tExtensions\tSubmission deadline\tSupervisors"
)
NORA = (
    "Nettleford, Nora \tnora@example.ac.uk\tOxford\tLiverpool\t1/10/2024\texempt: taken at York\t04/12/2025\t"
    "\t\t\t\tHT26: illness\tConfirmation of status: 1 term\t30 September 2029"
    "\tHelen Hart <helen@example.ac.uk>, 60 %; Lars Lund (lars@example.ac.uk, partner, 40 %)"
)
NOEL = (
    "Noel Nyland\tnoel@example.ac.uk\tLiverpool\t\t1 October 2024\t\t\t\t20/06/2025\t30/5/2025; 29/5/2026\texempt"
    "\t\t\t\t"
)


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def olga(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    return signed_in(app, session, cast.olga)


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """The cohort of 2024, in its third year, of an award that both universities run."""
    award = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford])
    row = cohorts.cohort(session, award=award, entry_year=2024)
    session.commit()
    return row


def planned(session: Session, cohort: Cohort, *rows: str, head: str = HEAD) -> Plan:
    """What a file of these rows would do."""
    data = "\n".join((head, *rows)).encode()
    return plan(session, cohort, read_sheet("x.tsv", data, known=headings_of(session, cohort)).rows, today=TODAY)


def bring_in(browser: FlaskClient, cohort: Cohort, *rows: str, head: str = HEAD) -> str:
    """Bring the rows in, in the browser, and return what the preview said."""
    data = "\n".join((head, *rows)).encode()
    where = browser.post(f"/organise/cohorts/{cohort.id}/sheets", data={"file": (io.BytesIO(data), "old.tsv")}).location
    page = browser.get(where).text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert browser.post(f"{where}/confirmation", data={"seen": seen}).status_code == 303
    return page


def record_of(session: Session, name: str) -> Candidature:
    look_again(session)
    return session.scalars(select(Candidature).join(Candidature.person).where(Person.name == name)).one()


def milestones(session: Session, name: str) -> dict[tuple[str, int], Milestone]:
    return {(one.code, one.occurrence): one for one in record_of(session, name).milestones}


NOEL_RIGHT = NOEL.replace("exempt\t", "\t")


def test_what_was_before_comes_in_whole_and_nobody_is_written_to(
    olga: FlaskClient, cohort: Cohort, session: Session
) -> None:
    page = bring_in(olga, cohort, NORA, NOEL_RIGHT)
    for words in (
        "1 milestone done; 1 exempt; 1 suspension; 1 extension; 2 supervisors; Submission set to 30 September 2029",
        "3 milestones done",
        "1 researcher with something that would be late at once",
        "Annual report 2026 (30 June 2026)",
        "Submission: 30 September 2029, ahead, as the file says",
    ):
        assert words in page.replace("\n", " "), words
    nora = milestones(session, "Nora Nettleford")
    assert (nora["transfer", 0].state, nora["transfer", 0].done_on) == (MilestoneState.DONE, date(2025, 12, 4))
    assert nora["transfer", 0].words == "Brought in as done on 4 December 2025, from “old.tsv”."
    assert (nora["integrity", 0].state, nora["integrity", 0].words) == (MilestoneState.EXEMPT, "taken at York")
    assert (nora["submission", 0].due_on, nora["submission", 0].set_on) == (date(2029, 9, 30), date(2029, 9, 30))
    assert nora["confirmation", 0].due_on == date(2028, 3, 11), "two terms later: one rested, one granted"
    row = record_of(session, "Nora Nettleford")
    assert [(one.units, one.reason) for one in row.suspensions] == [(1, "illness")]
    assert [(one.code, one.units) for one in row.extensions] == [("confirmation", 1)]
    team = session.scalars(select(Supervision).where(Supervision.candidature_id == row.id).order_by(Supervision.id))
    assert [(one.person.name, one.role, one.share, one.organisation.slug) for one in team] == [
        ("Helen Hart", SupervisionRole.PRIMARY, 60, "oxford"),
        ("Lars Lund", SupervisionRole.PARTNER, 40, "liverpool"),
    ]
    noel = milestones(session, "Noel Nyland")
    assert {key for key, one in noel.items() if one.state is MilestoneState.DONE} == {
        ("report", 2025),
        ("portfolio", 2025),
        ("portfolio", 2026),
    }
    assert session.scalar(select(func.count()).select_from(Signature)) == 0
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_supervisor_whom_a_file_adds_to_a_record_is_asked_for_what_waits_there(
    olga: FlaskClient, cohort: Cohort, session: Session, clock: Clock
) -> None:
    bring_in(olga, cohort, NORA.partition("\tHelen")[0])
    confirmation = milestones(session, "Nora Nettleford")["confirmation", 0]
    confirmation.rule.needs_evidence = False
    session.flush()
    record = confirmation.candidature
    hand_in(session, record.id, confirmation.id, actor=Actor(record.person_id), now=clock.now)
    session.commit()
    assert session.scalar(select(func.count()).select_from(Signature)) == 0, "nobody supervises yet"
    session.rollback()
    bring_in(olga, cohort, NORA)
    look_again(session)
    (asked,) = session.scalars(select(Signature))
    assert (asked.subject_id, asked.person.name) == (confirmation.id, "Helen Hart")
    letter = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "signature_asked")).one()
    assert letter.recipient == "helen@example.ac.uk"


def test_trail_says_what_was_brought_in_as_done_and_by_whom(
    olga: FlaskClient, cohort: Cohort, cast: Cast, session: Session
) -> None:
    bring_in(olga, cohort, NORA)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "history brought in")).one()
    assert entry.person_id == cast.olga.id
    assert entry.after == {
        "Research integrity training": "brought in as not applying",
        "Transfer of status": "brought in as done on 4 December 2025",
        "suspended": "1 term from Hilary 2026",
        "extended": "Confirmation of status by 1 term",
        "Submission": "due on 30 September 2029, set by hand",
    }, "and not why, which stays in the record"
    row = record_of(session, "Nora Nettleford")
    page = olga.get(f"/records/{row.id}/changes").text
    assert "brought in as done on 4 December 2025" in page
    assert "Olga Oakhurst" in page


def test_same_file_changes_nothing_the_second_time(olga: FlaskClient, cohort: Cohort, session: Session) -> None:
    bring_in(olga, cohort, NORA, NOEL_RIGHT)
    again = planned(session, cohort, NORA, NOEL_RIGHT)
    assert [(row.kind, row.before.notes) for row in again.rows] == [(RowKind.SAME, ())] * 2


def test_what_the_record_says_otherwise_stays_and_is_named(olga: FlaskClient, cohort: Cohort, session: Session) -> None:
    bring_in(olga, cohort, NORA)
    other = NORA.replace("04/12/2025", "05/12/2025").replace("1 term\t", "2 terms\t").replace("60 %", "50 %")
    row = planned(session, cohort, other).rows[0]
    assert row.kind is RowKind.CHANGED
    assert [one.units for one in row.before.more] == [1], "what is granted already is not granted again"
    assert "Transfer of status was done on 4 December 2025, otherwise than here." in row.before.notes[0]
    assert "Helen Hart is entered as a supervisor already, otherwise than here." in row.before.notes[1]


def test_year_in_which_the_row_has_somebody_rest_cannot_be_done_though_the_record_has_it_open(
    olga: FlaskClient, cohort: Cohort, session: Session
) -> None:
    bring_in(olga, cohort, NOEL_RIGHT)
    assert milestones(session, "Noel Nyland")["report", 2026].state is MilestoneState.OPEN
    head = "Name\tE-mail\tHome university\tAnnual report 2026\tSuspensions"
    noel = "Noel Nyland\tnoel@example.ac.uk\tLiverpool\t30/5/2026\tJune 2026"
    page = bring_in(olga, cohort, noel, head=head)
    assert "Annual report 2026 is not asked for" in page
    assert milestones(session, "Noel Nyland")["report", 2026].state is MilestoneState.OPEN


@pytest.mark.parametrize("role", ["college adviser", "College Advisor"])
def test_adviser_is_read_however_it_is_spelt(session: Session, cohort: Cohort, role: str) -> None:
    head = "Name\tE-mail\tHome university\tSupervisors"
    team = f"Helen Hart <helen@example.ac.uk>, primary, 100 %; Ann A <ann@example.ac.uk>, {role}"
    row = planned(session, cohort, f"Nora\tnora@example.ac.uk\tOxford\t{team}", head=head).rows[0]
    assert row.reason == ""
    assert [one.role for one in row.before.people] == [SupervisionRole.PRIMARY, SupervisionRole.COLLEGE_ADVISOR]


def test_deadline_that_is_the_one_reckoned_is_not_set_by_hand(session: Session, cohort: Cohort) -> None:
    head = "Name\tE-mail\tHome university\tSubmission deadline"
    reckoned, other = planned(
        session, cohort, "A\ta@example.ac.uk\tOxford\t19/6/2028", "B\tb@example.ac.uk\tOxford\t17/6/2028", head=head
    ).rows
    assert other.before.deadline is None
    assert reckoned.before.deadline is not None


ODD = (
    ("Transfer of status done", "soon", "Line 2, Transfer of status: The day “soon” cannot be read as a date."),
    ("Transfer of status", "yes", "“yes” says no day"),
    ("Transfer of status", "1/2/2027", "That day is still to come"),
    ("Transfer of status", "1/2/2020", "The course began on 1 October 2024"),
    ("Transfer of status", "exempt", "Say why it does not apply"),
    ("Transfer of status 2026", "1/2/2026", "comes once. Leave the year out"),
    ("Transfer", "1/2/2026; 2/2/2026", "More than one day is written"),
    ("Annual report 2026", "1/7/2026", "Line 2, Annual report 2026: The home university asks for no milestone"),
    ("Suspensions", "a while", "“a while” is no suspension. Write it like “Hilary 2025”"),
    ("Suspensions", "MT23", "The course began in Michaelmas 2024"),
    ("Suspensions", "HT25; HT25 to TT25", "It is suspended already from Hilary 2025"),
    ("Suspensions", "HT25 to TT26", "3 terms at most at a time"),
    ("Suspensions", "TT26 to HT25", "ends before it begins"),
    ("Extensions", "Viva: 1 term", "“viva” is no milestone of the home university"),
    ("Extensions", "Submission: 9 terms", "It may be extended by 6 terms in all"),
    ("Extensions", "Submission: 2 months", "the home university counts in terms"),
    ("Extensions", "more", "“more” is no extension"),
    ("Supervisors", "Ann A <ann@example.ac.uk>, 70 %; Bo B <bo@example.ac.uk>, 40 %", "From 1 October 2024 the shares"),
    ("Supervisors", "Nora Nettleford <nora@example.ac.uk>", "Nobody supervises themselves"),
    ("Primary supervisor e-mail", "nobody", "Line 2, Primary supervisor: “nobody” is no e-mail address"),
    ("Supervisor 1 share", "half", "Line 2, Supervisor 1 share: “half” is no share"),
    ("Supervisor 1 role", "friend", "“friend” is no role here"),
    ("Partner supervisor", "Ann A <ann@example.ac.uk>", "No partner university is named"),
    ("Registration", "soon", "Line 2, Registration starts: The registration “soon” cannot be read as a date"),
    ("Project", "x" * 600, ""),
    ("Supervisors", "x" * 3_000, "There are more than 2,000 letters in it"),
)


@pytest.mark.parametrize(("heading", "text", "reason"), ODD)
def test_cell_that_cannot_be_taken_is_named_by_its_row_and_column(
    session: Session, cohort: Cohort, heading: str, text: str, reason: str
) -> None:
    head = f"Name\tE-mail\tHome university\t{heading}"
    row = planned(session, cohort, f"Nora\tnora@example.ac.uk\tOxford\t{text}", head=head).rows[0]
    assert (row.kind is RowKind.ODD) is bool(reason)
    assert reason in row.reason


def test_all_odd_cells_of_a_row_are_named_at_once(session: Session, cohort: Cohort) -> None:
    row = planned(session, cohort, NORA.replace("04/12/2025", "maybe").replace("HT26", "HT99")).rows[0]
    assert "Transfer of status: The day “maybe”" in row.reason
    assert "Suspensions: “HT99: illness” is no suspension" in row.reason


def test_milestone_without_a_reason_not_to_apply_leaves_the_row_out(session: Session, cohort: Cohort) -> None:
    assert "Line 2, Panel: Say why it does not apply" in planned(session, cohort, NOEL).rows[0].reason


def test_month_and_term_are_read_as_sheets_write_them(session: Session, cohort: Cohort) -> None:
    head = "Name\tE-mail\tHome university\tTerm of entry\tSuspensions"
    rows = planned(
        session,
        cohort,
        "A\ta@example.ac.uk\tLiverpool\t01/11/2024\tMarch 2025 to May 2025; 2 months from October 2025",
        "B\tb@example.ac.uk\tOxford\tMichaelmas Term 2024\tHilary 2025 - Trinity 2025: leave",
        "C\tc@example.ac.uk\tOxford\t2025-02-01\tTT25-MT25",
        head=head,
    ).rows
    assert [row.reason for row in rows] == ["", "", ""]
    assert [row.details.entry for row in rows if row.details] == [
        "November 2024",
        "Michaelmas Term 2024",
        "Hilary 2025",
    ]
    assert [[one.units for one in row.before.rests] for row in rows] == [[3, 2], [2], [2]]


def test_file_to_begin_with_has_a_column_for_each_milestone_and_says_what_goes_where(
    olga: FlaskClient, cohort: Cohort, session: Session
) -> None:
    home = f"/organise/cohorts/{cohort.id}/sheets"
    lines = olga.get(f"{home}/template.csv").data.decode("utf-8-sig").splitlines()
    for heading in ("Transfer of status done", "Annual report 2026 done", "Submission done", "Supervisor 2 share"):
        assert heading in lines[0]
    for ending in ("csv", "xlsx"):
        known = headings_of(session, cohort)
        read = read_sheet("t", olga.get(f"{home}/template.{ending}").data, known=known)
        assert read.not_read == []
        row = plan(session, cohort, read.rows, today=TODAY).rows[0]
        assert (row.kind, row.late, len(row.before.people)) == (RowKind.NEW, [], 2)
        assert [one.title for one in row.before.marks][:2] == ["Portfolio of activity 2025", "Progress panel 2025"]
    page = olga.get(home).text
    assert "Asked for at Liverpool and Oxford: the day it was done" in page
    assert "Instead of the columns above all in one cell" in page
