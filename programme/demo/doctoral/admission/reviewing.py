"""Reviewers of both universities: named, given applications, with conflicts, one of which the chair decides about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.demo import people
from programme.demo.doctoral import ground
from programme.demo.doctoral.admission.calling import REVIEWS, admission, afternoon, application
from programme.demo.doctoral.admission.referees import EWAN, GWIL, SENT
from programme.demo.doctoral.ground import ago, there
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.strands.cohorts.admission.reviewing import actions, appointing
from programme.strands.cohorts.admission.reviewing.conflicts import place_of
from programme.strands.cohorts.admission.states import Conflict, Place, Ruling
from programme.strands.cohorts.models import AdmissionReviewer, Review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

C = Conflict
BY_MISTAKE = people.COLLEGE_ADVISOR
GOOD, FAIR = "A clear question, and both universities are needed for it.", "The time plan is tight."
POINTS = (8, 9, 7, 8, 10, 6)
AWAY, TWO = 7, 2


def name(stage: Stage) -> None:
    """Two reviewers of each university are named, and one by mistake."""
    for who in (*people.REVIEWERS, BY_MISTAKE):
        appointing.name_reviewer(
            stage.session,
            admission(stage).id,
            name=who.name,
            address=who.address,
            organisation_id=stage.organisations[who.organisation].id,
            actor=ground.organiser(stage),
            now=ago(stage, weeks=4),
        )


def reviewer(stage: Stage, who: Somebody) -> AdmissionReviewer:
    """Return a reviewer."""
    own = (AdmissionReviewer.admission_id == admission(stage).id, Person.address == who.address)
    found = stage.session.scalars(select(AdmissionReviewer).join(AdmissionReviewer.person).where(*own)).first()
    if found is None:
        raise MissingError(f"{who.name} does not review.")
    return found


def take_off(stage: Stage) -> None:
    """Whoever was named by mistake is taken off."""
    told = {"actor": ground.organiser(stage), "now": ago(stage, weeks=4)}
    appointing.take_off(stage.session, reviewer(stage, BY_MISTAKE).id, **told)  # type: ignore[arg-type]


def share_out(stage: Stage) -> None:
    """Each application goes to one reviewer of each university."""
    told = {"actor": ground.organiser(stage), "now": ago(stage, days=24)}
    appointing.share_out(stage.session, admission(stage).id, each=1, **told)  # type: ignore[arg-type]


def readings(stage: Stage, who: Somebody) -> Sequence[Review]:
    """Return who reads an application, in the order in which they were given it."""
    own = Review.registration_id == application(stage, who).id
    return stage.session.scalars(select(Review).where(own).order_by(Review.id)).all()


def assign(stage: Stage) -> None:
    """Two applications are given to a third reviewer by hand, one of them by mistake."""
    for who in (EWAN, GWIL):
        have = {one.reviewer_id for one in readings(stage, who)}
        free = [one for one in people.REVIEWERS if reviewer(stage, one).id not in have]
        told = {"actor": ground.organiser(stage), "now": ago(stage, days=23)}
        appointing.assign(stage.session, application(stage, who), reviewer(stage, free[0]).id, **told)  # type: ignore[arg-type]


def reading(stage: Stage, who: Somebody, place: int) -> Review:
    """Return one reading of an application."""
    found = readings(stage, who)
    if len(found) <= place:
        raise MissingError(f"Too few read the application of {who.name}.")
    return found[place]


def unassign(stage: Stage) -> None:
    """One of them is taken from the third."""
    told = {"actor": ground.organiser(stage), "now": ago(stage, days=23)}
    appointing.unassign(stage.session, reading(stage, GWIL, 2).id, **told)  # type: ignore[arg-type]


def declare(stage: Stage) -> None:
    """Most say that nothing ties them to an applicant; three say what does."""
    said = [(row, C.NONE, "") for who in SENT for row in readings(stage, who)]
    said += [
        (reading(stage, EWAN, 0), C.SAME_DEPARTMENT, "He took a course of mine, with two hundred others."),
        (reading(stage, EWAN, 1), C.COMPETITOR, "We work on the same alloys."),
        (reading(stage, GWIL, 0), C.SUPERVISOR_OR_MENTOR, "I supervised his master’s thesis."),
    ]
    for row, conflict, words in said:
        actor = actor_of(row.reviewer.person)
        actions.declare(stage.session, row.id, conflict, words=words, actor=actor, now=ago(stage, days=22))


def rule(stage: Stage) -> None:
    """Liverpool’s organiser, who chairs, lets one of them review."""
    told = {"actor": ground.organiser(stage), "now": ago(stage, days=21)}
    actions.rule(stage.session, reading(stage, EWAN, 0).id, Ruling.MAY_REVIEW, **told)  # type: ignore[arg-type]


def score(stage: Stage) -> None:
    """They score, in half points."""
    rows = [row for who in SENT for row in readings(stage, who)]
    for turn, row in enumerate([*rows, reading(stage, EWAN, 0)]):
        points = {
            one.id: POINTS[(turn + place) % len(POINTS)] for place, one in enumerate(row.reviewer.admission.criteria)
        }
        words, actor = (GOOD, FAIR)[turn % 2], actor_of(row.reviewer.person)
        actions.score(stage.session, row.id, points, words=words, actor=actor, now=ago(stage, days=20))


def unlock(stage: Stage) -> None:
    """Whoever is away may score a week longer."""
    until, why = afternoon(stage, REVIEWS + AWAY), "Away at a telescope until then (demo)."
    row = reviewer(stage, people.REVIEWERS[-1])
    told = {"reason": why, "actor": ground.organiser(stage), "now": ago(stage, days=6)}
    actions.unlock(stage.session, row.id, until, **told)  # type: ignore[arg-type]


def places(stage: Stage) -> set[Place]:
    """Return where readings stand."""
    return {place_of(row.conflict, row.ruling) for row in stage.session.scalars(select(Review))}


def number_of_reviewers(stage: Stage) -> int:
    """Return how many review."""
    return stage.session.scalar(select(func.count()).select_from(AdmissionReviewer)) or 0


CHAPTER = Chapter(
    "Reviewers of both universities",
    (
        Step("Reviewers are named", name),
        Step("One is taken off", take_off),
        Step("Applications are shared out", share_out),
        Step("Two are given by hand", assign),
        Step("One is taken away again", unassign),
        Step("Conflicts are declared", declare),
        Step("The chair decides about one", rule),
        Step("Applications are scored", score),
        Step("One may score longer", unlock),
    ),
    (
        Promise("one reviews by mistake.", lambda stage: number_of_reviewers(stage) == len(people.REVIEWERS)),
        Promise("nobody reads by hand.", lambda stage: len(readings(stage, EWAN)) > TWO),
        Promise("one reads by mistake.", lambda stage: len(readings(stage, GWIL)) == TWO),
        Promise("readings do not stand in every place.", lambda stage: places(stage) == {*Place}),
        Promise("no chair let anybody review.", lambda stage: there(stage, Review.ruling == Ruling.MAY_REVIEW)),
        Promise("nobody scored.", lambda stage: reading(stage, SENT[0], 0).scores),
        Promise("nobody may score longer.", lambda stage: there(stage, AdmissionReviewer.open_until.is_not(None))),
    ),
)
