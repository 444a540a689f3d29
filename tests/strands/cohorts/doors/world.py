"""A cohort that Liverpool runs alone, with a word for everything that is kept in it, found nowhere else."""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.documents.actions import take_in
from programme.engines.questionnaire.actions import current_questions
from programme.engines.registration.models import Registration
from programme.engines.registration.notes.actions import write as write_note
from programme.engines.registration.openings import actions as openings
from programme.flows.registering import SignUp, sign_up
from programme.people.identity import actor_of
from programme.people.models import Person, Role, Strand
from programme.strands.cohorts.admission.referees.actions import Written, ask_referees, name_referees, send_reference
from programme.strands.cohorts.admission.referees.naming import Named
from programme.strands.cohorts.admission.reviewing.actions import declare, score
from programme.strands.cohorts.admission.setting_up.actions import make
from programme.strands.cohorts.admission.setting_up.wanted import Asks, Call
from programme.strands.cohorts.admission.states import Conflict
from programme.strands.cohorts.awards.membership import keep_in_step
from programme.strands.cohorts.incoming import carrying_out
from programme.strands.cohorts.meetings.actions import Logged, log
from programme.strands.cohorts.models import (
    Admission,
    Candidature,
    Cohort,
    Destination,
    Milestone,
    Reference,
    TrainingEntry,
)
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.progress.handing.handing_in import hand_in
from programme.strands.cohorts.progress.moving import days, extending, suspending
from programme.strands.cohorts.records.evidence import keep_file
from programme.strands.cohorts.reminding.subject import remind_usually
from programme.strands.cohorts.rights import MILESTONE
from programme.strands.cohorts.signing.actions import answer, ask
from programme.strands.cohorts.states import Occupation, Region, Sector, Signer, SupervisionRole
from programme.strands.cohorts.supervising.signed import AGREEMENT
from programme.strands.cohorts.training.compulsory.actions import exempt, make_compulsory
from programme.strands.cohorts.training.events.actions import Worth
from programme.strands.cohorts.training.frameworks.loading import found_framework
from programme.strands.cohorts.training.record.entries import Declared
from programme.strands.cohorts.training.record.entries import declare as declare_training
from tests.bed.clock import Clock
from tests.factories import admissions, cast, cohorts, things
from tests.factories.cast import Cast
from tests.factories.files import PDF

RESEARCHER, PROJECT, FILE = "Quillfeather", "Xyloglyphs", "Thornfile"
SUPERVISOR, FORMER = "Supervane", "Formwick"
MEETING, TRAINING, TRAINING_NOTE = "Meetthistle", "Trainbramble", "Notebracken"
SUSPENSION, EXTENSION, EXEMPTION, EVIDENCE = "Suspenbriar", "Extensedge", "Exemptfern", "Wordsorrel"
EMPLOYER = "Destinfell"
APPLICANT, TITLE, REFEREE, REFERENCE = "Applynettle", "Mossbrook", "Refworth", "Refsecret"
COMMENT, CONFLICT, NOTE, REASON = "Rankleword", "Conflictmere", "Organisernote", "Keyreasonby"
DAY_SET, REFUSAL, REMARK = "Setheath", "Refusalgorse", "Remarkmallow"
SHEET, AWARD, COHORT = "Sheetlichen", "Awardmere", "Cohortdell"

RECORD = frozenset(
    {RESEARCHER, PROJECT, FILE, SUPERVISOR, FORMER, MEETING, TRAINING, TRAINING_NOTE, SUSPENSION, EXTENSION, EVIDENCE}
)
"""What stands in the record itself."""
OF_OTHERS = frozenset({DAY_SET, REFUSAL, REMARK})
"""What others say in the record: why a day was set, why somebody did not sign, what is wrong with training."""
APPLICATION = frozenset({APPLICANT, TITLE, REFEREE, REFERENCE})
"""What an application has of its own."""
SAID = frozenset({COMMENT, CONFLICT, NOTE})
"""What is said of it, between those who decide."""
WHOSE = frozenset({AWARD, COHORT})
EVERYTHING = RECORD | OF_OTHERS | APPLICATION | SAID | WHOSE | {EMPLOYER, EXEMPTION, SHEET}


@dataclass
class World:
    """Who there is, and an example for every argument of an address: each of something in the secret cohort."""

    people: Cast
    cohort: Cohort
    record: Candidature
    application: Registration
    others: dict[str, Person]
    values: dict[str, str] = field(default_factory=dict)


def build(app: Flask, session: Session, clock: Clock) -> World:
    """Make the cohort, its researcher, an applicant, and everything that is said about them; commits."""
    people = cast.assemble(session)
    found_framework(session, now=cast.LONG_AGO)
    award = cohorts.award(session, lead=people.liverpool, title=f"{AWARD} Award", grant_reference="EP/1")
    cohort = cohorts.cohort(session, award=award, title=f"{COHORT} 2026")
    others = everybody(session, people)
    project = {"project": f"{PROJECT} of the Mersey", "college": "Wharf College"}
    record = cohorts.candidature(
        session, cohort=cohort, person=others["researcher"], home=people.liverpool, partner=people.oxford, **project
    )
    fellow = cohorts.candidature(session, cohort=cohort, person=people.alice, home=people.liverpool)
    cohorts.supervision(session, candidature=fellow, person=people.charlie, organisation=people.liverpool)
    keep_in_step(session, cohort, now=clock.now)
    world = World(people, cohort, record, applied(app, session, cohort, people, others, clock), others)
    for part in (research, progress, asked, training, admission):
        world.values |= part(app, session, world, clock)
    session.commit()
    return world


def everybody(session: Session, people: Cast) -> dict[str, Person]:
    """Add those who have a part in this, or none."""
    names = {
        "researcher": f"Wrenna {RESEARCHER}",
        "supervisor": f"Sefton {SUPERVISOR}",
        "former": f"Fabian {FORMER}",
        "applicant": f"Ambrose {APPLICANT}",
        "reviewer": "Rita Ravensworth",
        "second": "Silas Silverdale",
        "helper": "Hettie Helpsworth",
        "exchange": "Edith Elmhurst",
        "partner": "Parker Portway",
    }
    found = {key: cast.person(session, name, f"{key}@people.example.org") for key, name in names.items()}
    cast.grant(session, found["exchange"], Role.ORGANISER, organisation=people.liverpool, strand=Strand.EXCHANGE)
    cast.grant(session, found["partner"], Role.PARTNER, organisation=people.liverpool)
    return found


def applied(
    app: Flask, session: Session, cohort: Cohort, people: Cast, others: dict[str, Person], clock: Clock
) -> Registration:
    """Open a call for the cohort, and let somebody apply, with a file."""
    month = timedelta(days=30)
    wanted = Asks(references_by=clock.now + month, reviews_by=clock.now + 2 * month)
    olga, call = actor_of(people.olga), Call(title="Apply for a doctorate", closes_at=clock.now + month)
    row = make(session, cohort, call, wanted, actor=olga, now=clock.now)
    openings.publish(session, row.opening_id, actor=olga, now=clock.now)
    who, form = others["applicant"], row.opening.questionnaire
    assert form is not None
    laid = app.extensions["shelf"].lay(io.BytesIO(PDF), "Life.pdf", accepts=("pdf",), most=100_000)
    cv = take_in(session, laid, now=clock.now)
    says: dict[str, Any] = {
        "At which university would you like to be registered?": people.liverpool.name,
        "How would you study?": "Full time",
        "Title of your project": f"{TITLE} stone",
        "Your proposal": "We look at moss.",
        "What prepares you for it": "I have looked at moss before.",
        "Your CV": {"file": cv.token, "size": cv.size, "name": cv.name},
    }
    answers = {one.id: says[one.label] for one in current_questions(form) if one.label in says}
    sent = SignUp(name=who.name, address=who.address, organisation_id=None, answers=answers, form_key="doors")
    return sign_up(session, row.opening_id, sent, actor=actor_of(who), now=clock.now).registration


def research(app: Flask, session: Session, world: World, clock: Clock) -> dict[str, str]:
    """Fill the record: supervisors, a meeting, training."""
    row, people, now = world.record, world.people, clock.now
    own = actor_of(world.others["researcher"])
    supervisor = world.others["supervisor"]
    held = cohorts.supervision(session, candidature=row, person=supervisor, organisation=people.liverpool)
    cohorts.supervision(
        session,
        candidature=row,
        person=world.others["former"],
        organisation=people.oxford,
        role=SupervisionRole.PARTNER,
        ends_on=date(2026, 12, 1),
    )
    meeting = log(
        session,
        row.id,
        Logged(date(2027, 1, 5), frozenset({supervisor.id}), f"{MEETING} by March."),
        actor=own,
        now=now,
    )
    declared = Declared(
        f"{TRAINING} for two days", date(2026, 11, 2), date(2026, 11, 3), Worth(600, ("D2",)), note=TRAINING_NOTE
    )
    laid = app.extensions["shelf"].lay(io.BytesIO(PDF), f"{FILE}.pdf", accepts=("pdf",), most=100_000)
    entry = declare_training(session, row.id, declared, laid=laid, actor=own, now=now)
    return {
        "candidature_id": str(row.id),
        "cohort_id": str(row.cohort_id),
        "called_cohort_id": str(row.cohort_id),
        "award_id": str(row.cohort.award_id),
        "supervision_id": str(held.id),
        "meeting_id": str(meeting.id),
        "entry_id": str(entry.id),
    }


def progress(app: Flask, session: Session, world: World, clock: Clock) -> dict[str, str]:
    """Suspend the course, extend a milestone, and hand one in with a file."""
    row, now = world.record, clock.now
    olga, own = actor_of(world.people.olga), actor_of(world.others["researcher"])
    session.scalars(select(TrainingEntry).where(TrainingEntry.candidature_id == row.id)).one().comment = REMARK
    pause = suspending.suspend(
        session, row.id, suspending.Wanted(row.entry_unit + 4, 2, f"{SUSPENSION} rest"), actor=olga, now=now
    )
    milestones = list(session.scalars(select(Milestone).where(Milestone.candidature_id == row.id)))
    first = min((one for one in milestones if one.due_on), key=lambda one: one.due_on or date.max)
    submission = next(one for one in milestones if one.code == "submission")
    extending.extend(session, row.id, submission.id, units=1, reason=f"{EXTENSION} time", actor=olga, now=now)
    days.set_day(session, row.id, submission.id, date(2030, 6, 3), reason=f"{DAY_SET} then", actor=olga, now=now)
    laid = app.extensions["shelf"].lay(io.BytesIO(PDF), f"{FILE}.pdf", accepts=("pdf",), most=100_000)
    keep_file(session, (MILESTONE, first.id), laid, now=now)
    hand_in(session, row.id, first.id, words=f"{EVIDENCE} handed in", actor=own, now=now)
    return {
        "suspension_id": str(pause.id),
        "set_milestone_id": str(submission.id),
        "milestone_id": str(first.id),
        "extension_id": str(row.extensions[0].id),
    }


def asked(app: Flask, session: Session, world: World, clock: Clock) -> dict[str, str]:
    """Ask for a signature and for a destination, bring in a spreadsheet, and remind of milestones."""
    row, now = world.record, clock.now
    olga, supervisor = actor_of(world.people.olga), world.others["supervisor"]
    to: dict[str, Any] = {"subject": (AGREEMENT, row.id), "signer": Signer.SUPERVISOR, "person": supervisor}
    signature = ask(session, row, **to, actor=olga, now=now)
    no: dict[str, Any] = {"agrees": False, "reason": f"{REFUSAL}, I fear.", "actor": actor_of(supervisor)}
    answer(session, signature, **no, things=SIGNED_THINGS, now=now)
    gone = Destination(candidature_id=row.id, years=0, asked_at=now, answered_at=now, employer=f"{EMPLOYER} Ltd")
    gone.occupation, gone.region, gone.sector = Occupation.RESEARCH, Region.OXFORDSHIRE, Sector.HEALTH
    session.add(gone)
    data = f"Name,E-mail,Home\n{SHEET} Vale,n@example.org,Oxford".encode()
    sheet = carrying_out.keep(session, row.cohort_id, filename="x.csv", data=data, actor=olga, now=now)
    rules = remind_usually(session, row.cohort, now=now)
    session.flush()
    links = app.extensions
    return {
        "signature_token": links["signature_links"].token(signature),
        "destination_token": links["destination_links"].token(gone),
        "cohort_rule_id": str(rules[0].id),
        "sheet_id": str(sheet.id),
    }


def training(app: Flask, session: Session, world: World, clock: Clock) -> dict[str, str]:
    """Let an event be compulsory, exempt the researcher from it, and let the fellow have a chair there."""
    del app
    row, people, now = world.record, world.people, clock.now
    olga, helper = actor_of(people.olga), world.others["helper"]
    event = things.event(session, lead=people.liverpool, title="Handling data with care", strand=Strand.COHORTS)
    rule = make_compulsory(session, row.cohort_id, event_id=event.id, actor=olga, now=now)
    exempt(session, row.cohort_id, row.id, event.id, reason=f"{EXEMPTION} reason", actor=olga, now=now)
    opening = things.opening(session, events=[event])
    things.registration(session, to=opening, who=people.alice)
    within: dict[str, Any] = {"organisation": people.liverpool, "strand": Strand.COHORTS}
    for helped in (("event", event.id), ("opening", opening.id)):
        cast.grant(session, helper, Role.HELPER, subject=helped, **within)
    return {
        "event_id": str(event.id),
        "training_event_id": str(event.id),
        "compulsory_id": str(rule.id),
        "door_opening_id": str(opening.id),
    }


def admission(app: Flask, session: Session, world: World, clock: Clock) -> dict[str, str]:
    """Let a referee write, and reviewers say what they think."""
    own, people, now = world.application, world.people, clock.now
    olga, applicant = actor_of(people.olga), actor_of(world.others["applicant"])
    name_referees(session, own, [Named(f"Rufus {REFEREE}", "rufus@example.org")], now=now)
    ask_referees(session, own, actor=applicant, now=now)
    reference = session.scalars(select(Reference).where(Reference.registration_id == own.id)).one()
    laid = app.extensions["shelf"].lay(io.BytesIO(PDF), "Reference.pdf", accepts=("pdf",), most=100_000)
    send_reference(session, reference.id, Written(f"{REFERENCE}, I would say.", laid), now=now)
    admitted = session.scalars(select(Admission).where(Admission.cohort_id == world.cohort.id)).one()
    reviews = []
    for key, conflict in (("reviewer", Conflict.NONE), ("second", Conflict.COMPETITOR)):
        who = world.others[key]
        to = admissions.reviewer(session, admitted, people, address=who.address, university=people.liverpool, now=now)
        reviews.append(admissions.given(session, own, to, people, now=now))
        words = "" if conflict is Conflict.NONE else f"{CONFLICT}, we wrote together."
        declare(session, reviews[-1].id, conflict, words=words, actor=actor_of(who), now=now)
    points = {admitted.criteria[0].id: 6}
    score(session, reviews[0].id, points, words=f"{COMMENT}.", actor=actor_of(world.others["reviewer"]), now=now)
    write_note(session, own, f"{NOTE} between us", actor=olga, now=now)
    form = admitted.opening.questionnaire
    assert form is not None
    return {
        "admission_id": str(admitted.id),
        "opening_id": str(admitted.opening_id),
        "registration_id": str(own.id),
        "application_id": str(own.id),
        "reference_id": str(reference.id),
        "reviewer_id": str(reviews[0].reviewer_id),
        "review_id": str(reviews[0].id),
        "reference_token": app.extensions["reference_links"].token(reference),
        "referees_token": app.extensions["links"].token(own),
        "registration_token": app.extensions["links"].token(own),
        "question_id": str(next(one.id for one in current_questions(form) if one.kind == "file")),
    }
