"""Every page there is, with an example address in the demonstration and who opens it."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.core.database import begin_writing
from programme.core.web.converters import slug
from programme.demo import people
from programme.engines.calendar.actions import breaks
from programme.engines.calendar.actions.breaks import BreakDetails
from programme.engines.calendar.models import AcademicPeriod, Event, Series, Venue
from programme.engines.calendar.states import EventState
from programme.engines.questionnaire.models import Question
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.engines.reminders.models import ReminderRule
from programme.flows import scheduling
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.signing_in import ask, open_browser
from tests.browser.examples import (
    admitting,
    doctoral,
    following,
    progress,
    registering,
    research,
    several,
    writing,
)

PUBLIC, PARTICIPANT, ORGANISER, ADMINISTRATOR = "public", "participant", "organiser", "administrator"
PARTNER = "partner"
NO_PAGES = {
    "/calendar.ics": "a calendar",
    "/events.json": "for programs",
    "/events/<slug:ref>.ics": "a calendar",
    "/series/<slug:ref>.ics": "a calendar",
    "/feeds/<token>.ics": "a calendar",
    "/registrations/<token>/calendar.ics": "a calendar",
    "/health/live": "for machines",
    "/health/ready": "for machines",
    "/health/scheduler": "for machines",
    "/mailbox/<id:letter_id>/files/<id:number>": "a file of a letter",
    "/mailbox/<id:letter_id>/html": "a letter as its mail program shows it, styled for those",
    "/organise/mail/<id:message_id>/html": "a letter as its mail program shows it, styled for those",
    "/organise/letters/<letter_name>/html": "a letter as its mail program shows it, styled for those",
    "/organise/broadcasts/<id:broadcast_id>/html": "a letter as its mail program shows it, styled for those",
    "/me/account/data.json": "a file",
    "/organise/openings/<id:opening_id>/door/<id:event_id>/counts": "for the script at the door",
    "/registrations/<token>/certificates/<id:event_id>.pdf": "a file",
    "/registrations/<token>/files/<id:question_id>": "a file that came with answers",
    "/organise/registrations/<id:registration_id>/files/<id:question_id>": "a file that came with answers",
    "/organise/sums.csv": "a file",
    "/organise/cohorts/<id:cohort_id>/sheets/template.<any(csv, xlsx):ending>": "a file",
    "/records/<id:candidature_id>/milestones/<id:milestone_id>/file": "a file that was handed in",
    "/signatures/<token>/file": "a file that was handed in",
    "/organise/imports/<id:import_id>/odd-rows.csv": "a file",
    "/organise/events/<id:event_id>/reminders/<id:rule_id>/html": "a letter as its mail program shows it",
    "/organise/openings/<id:opening_id>/reminders/<id:rule_id>/html": "a letter as its mail program shows it",
    "/organise/openings/<id:offers_of>/offers/reminders/<id:rule_id>/html": "a letter as its mail program shows it",
    "/organise/openings/<id:feedback_of>/feedback/reminders/<id:rule_id>/html": "a letter as its mail program shows it",
    "/organise/applications/<id:registration_id>/references/<id:reference_id>/file": "a file of a reference",
    "/references/<token>/file": "a file of a reference",
    "/reviewing/applications/<id:review_id>/files/<id:question_id>": "a file that came with answers",
    "/reviewing/applications/<id:review_id>/references/<id:reference_id>/file": "a file of a reference",
    "/organise/cohorts/<id:cohort_id>/reminders/<id:rule_id>/html": "a letter as its mail program shows it",
    "/organise/talent.csv": "a file",
    "/pictures/<id:event_id>/<name>": "a picture",
    "/records/<id:candidature_id>/training/<id:entry_id>/file": "a file",
    "/records/<id:candidature_id>/training/portfolio.csv": "a file",
    "/records/<id:candidature_id>/training/record.pdf": "a file",
    "/static/<path:filename>": "files",
}
"""Addresses that answer a GET with something else than a page, and what that is."""


NEEDS = {
    "/organise/people/<id:person_id>/hand-over": f"?organisation=liverpool&address={people.OXFORD_ORGANISER.address}"
}
"""What an address needs in its query to show something."""
SUMS = "/organise/sums"
TOKENS = {
    "registrations": "registration_token",
    "sign-in": "sign_in_token",
    "invitations": "invitation_token",
    "letters": "letter_token",
    "drafts": "draft_token",
    "me": "address_token",
    "check-in": "code_token",
    "feedback": "feedback_token",
    "keys": "key_token",
    "signatures": "signature_token",
    "references": "reference_token",
    "destinations": "destination_token",
}
"""Which secret an address holds, by what it begins with."""
OF_SEVERAL = {
    "/registrations/<token>/departure": "series_token",
    "/registrations/<token>/choice": "choice_token",
    "/registrations/<token>/companions": "group_token",
    "/drafts/<token>/sections/<id:number>": "walked_token",
    "/registrations/<token>/referees": "referees_token",
    "/registrations/<token>/companions/<id:companion_id>/answers": "group_token",
}
"""Pages of registrations for several dates, or for several people, and of a form of several pages: of its own kind."""


OTHERWISE = {
    ("question_id", "/follow-up/"): "second_question_id",
    ("rule_id", "/offers/"): "offer_rule_id",
    ("rule_id", "/feedback/"): "feedback_rule_id",
    ("rule_id", "/openings/"): "opening_rule_id",
    ("rule_id", "/rulebooks/"): "milestone_rule_id",
    ("rule_id", "/cohorts/"): "cohort_rule_id",
    ("series_id", "/residentials/"): "residential_id",
    ("opening_id", "/ballot"): "ballot_id",
    ("registration_id", "/applications/"): "application_id",
    ("cohort_id", "/admission"): "called_cohort_id",
    ("event_id", "/events/<id:event_id>/training"): "training_event_id",
    ("event_id", "/compulsory/events/"): "training_event_id",
}
"""Which example an argument takes within some addresses, the closest first."""


@dataclass(frozen=True)
class Visit:
    """One page to look at."""

    rule: str
    path: str
    role: str


@dataclass
class Demonstration:
    """The demonstration's rows that addresses need, and the cookies of its people."""

    values: dict[str, str]
    cookies: dict[str, str]


def show(app: Flask, session: Session) -> Demonstration:
    """Sign the people of the demonstration in, which has been told, and find what addresses need."""
    begin_writing(session)
    signed_in = {
        PARTICIPANT: people.RESEARCHERS[0],
        ORGANISER: people.LIVERPOOL_ORGANISER,
        ADMINISTRATOR: people.ADMINISTRATOR,
        PARTNER: people.PARTNER,
    }
    cookies = {role: cookie(session, somebody.address) for role, somebody in signed_in.items()}
    values = examples(app, session) | rules(session) | following.examples(session)
    values |= research.examples(app, session)
    values |= doctoral.examples(session, values)
    values |= progress.examples(session, int(values["candidature_id"]))
    values |= admitting.examples(app, session)
    values["letter_name"] = writing.reworded(session)
    shown = Demonstration(values, cookies)
    session.commit()
    return shown


def cookie(session: Session, address: str) -> str:
    """Sign somebody in; returns the cookie's secret."""
    person = session.scalars(select(Person).where(Person.address == address)).one()
    return open_browser(session, person, browser="A test", now=clock.now())[1]


def examples(app: Flask, session: Session) -> dict[str, str]:
    """Return an example for every argument of an address, all of things the organiser of Liverpool leads."""
    event = session.scalars(select(Event).where(Event.title == "Start–Stay–Scale pitch night")).one()
    opening = session.scalars(select(Opening).where(Opening.title == "Accelerator methods day")).one()
    ballot = session.scalars(select(Opening).where(Opening.places_by == PlacesBy.BALLOT)).one()
    series = session.scalars(select(Series)).first()
    registration = session.scalars(
        select(Registration).where(
            Registration.opening_id == opening.id, Registration.state == RegistrationState.CONFIRMED
        )
    ).first()
    draft = session.scalars(select(Event).where(Event.state == EventState.DRAFT)).first()
    assert series is not None
    assert registration is not None
    assert draft is not None
    asked = opening.questionnaire
    assert asked is not None
    question = session.scalars(
        select(Question).where(Question.questionnaire_id == asked.id, Question.kind == "many_of")
    ).first()
    assert question is not None
    person = session.scalars(select(Person).where(Person.address == people.LIVERPOOL_ORGANISER.address)).one()
    link = ask(session, people.PUBLIC[0].address, next_path="", now=clock.now())
    cancelled = session.scalars(select(Event).where(Event.title == "Advanced materials business breakfast")).one()
    scheduling.cancel(session, cancelled.id, actor=actor_of(person), now=clock.now())
    return {
        "event_id": str(opening.events[0].id),
        "opening_id": str(opening.id),
        "ballot_id": str(ballot.id),
        "series_id": str(series.id),
        "registration_id": str(registration.id),
        "question_id": str(question.id),
        "person_id": str(person.id),
        "organisation_id": str(event.lead_organisation_id),
        "cancelled_id": str(cancelled.id),
        "period_id": str(
            session.scalars(select(AcademicPeriod.id).where(AcademicPeriod.label == "Semester 1")).first()
        ),
        "venue_id": str(session.scalars(select(Venue.id)).first()),
        **writing.written(session),
        "strand": "exchange",
        "event_ref": slug(event.title, event.id),
        "series_ref": slug(series.title, series.id),
        "opening_ref": slug(opening.title, opening.id),
        "registration_token": app.extensions["links"].token(registration),
        **registering.examples(app, session, registration, organiser=person),
        **several.examples(app, session, lead=opening.lead_organisation),
        "sign_in_token": link.token,
        **writing.mailed(app, session, event.lead_organisation_id),
    }


def pause(session: Session, event: Event) -> int:
    """Return a break in the timetable of an event."""
    organiser = session.scalars(select(Person).where(Person.address == people.LIVERPOOL_ORGANISER.address)).one()
    details = BreakDetails(title="Coffee", starts_at=event.starts_at, ends_at=event.ends_at, place="Foyer")
    return breaks.add(session, event.id, details, actor=actor_of(organiser), now=clock.now()).id


def rules(session: Session) -> dict[str, str]:
    """Return a reminder of the event of the examples, one of its opening, and a break of its timetable."""
    opening = session.scalars(select(Opening).where(Opening.title == "Accelerator methods day")).one()
    offers = session.scalars(select(Opening).where(Opening.title == "Transfer-of-status writing clinic")).one()
    things = {"rule_id": ("event", opening.events[0].id), "opening_rule_id": ("opening", opening.id)}
    things["offer_rule_id"] = ("offer", offers.id)
    things["feedback_rule_id"] = ("feedback", opening.id)
    others = {"break_id": str(pause(session, opening.events[0]))}
    return (
        others
        | {"offers_of": str(offers.id), "feedback_of": str(opening.id)}
        | {
            name: str(
                session.scalars(
                    select(ReminderRule.id).where(
                        ReminderRule.subject_kind == kind, ReminderRule.subject_id == thing_id
                    )
                ).first()
            )
            for name, (kind, thing_id) in things.items()
        }
    )


def visits(app: Flask, shown: Demonstration) -> Iterator[Visit]:
    """Give a visit for every address that answers a GET with a page."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.rule not in NO_PAGES:
            yield from visits_to(rule.rule, shown, guard=str(getattr(app.view_functions[rule.endpoint], "guard", "")))


def visits_to(rule: str, shown: Demonstration, *, guard: str) -> Iterator[Visit]:
    """Give the visits to one address: one, or one for each word it may hold."""
    role = {"public": PUBLIC, "secret link": PUBLIC, "administrators": ADMINISTRATOR}
    role |= {"signed in": PARTICIPANT, "record: own": PARTICIPANT}
    who = ADMINISTRATOR if rule in NEEDS else PARTNER if rule == SUMS else role.get(guard, ORGANISER)
    for path in filled(rule, shown.values):
        yield Visit(rule, path, who)


def filled(rule: str, values: dict[str, str]) -> list[str]:
    """Return the addresses of a rule with examples for its arguments; KeyError where none is known."""
    if "<any(" in rule:
        head, _, rest = rule.partition("<any(")
        words, _, tail = rest.partition("):noun>")
        cancelled = {**values, "event_id": values["cancelled_id"]}
        return [
            path
            for word in words.split(", ")
            for path in filled(head + word + tail, cancelled if word == "reinstatement" else values)
        ]
    parts = [example(part, rule, values) if part.startswith("<") else part for part in rule.split("/")]
    return ["/".join(parts) + NEEDS.get(rule, "")]


def example(part: str, rule: str, values: dict[str, str]) -> str:
    """Return the example for one argument of a rule."""
    name, kind = part.strip("<>").rpartition(":")[2], rule.split("/")[1]
    if name == "ref":
        return values[{"events": "event_ref", "series": "series_ref", "openings": "opening_ref"}[kind]]
    if name == "token":
        return values[OF_SEVERAL.get(rule, TOKENS[kind])]
    others = [other for (argument, within), other in OTHERWISE.items() if argument == name and within in rule]
    return values[others[0] if others else name]
