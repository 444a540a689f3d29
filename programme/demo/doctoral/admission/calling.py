"""Liverpool calls for applications with Oxford; eight apply, and one has begun."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from programme.demo import people, signing_up
from programme.demo.doctoral import ground
from programme.demo.doctoral.ground import ago, there
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.demo.happenings import Comer
from programme.demo.pictures.papers import paper
from programme.engines.calendar.times import london_day, nearest_instant
from programme.engines.documents.actions import take_in
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.drafts.actions import Typed
from programme.engines.registration.drafts.length import print_of
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.models import Registration
from programme.flows.answering.drafts import begin_draft
from programme.flows.reminding import open_registration
from programme.people.permissions import NOBODY
from programme.strands.cohorts.admission.setting_up.actions import change, make
from programme.strands.cohorts.admission.setting_up.wanted import USUAL_CRITERIA, Asks, Call
from programme.strands.cohorts.models import Admission

if TYPE_CHECKING:
    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

TITLE = "A place in the Corridor Doctoral Cohort (demo)"
NOTE = (
    "Four years, supervised at both universities, registered at the one that you choose. Places are given as they are "
    "decided: apply early."
)
HOME, STUDIES = "At which university would you like to be registered?", "How would you study?"
PROJECT, PROPOSAL, PREPARED, CV = (
    "Title of your project",
    "Your proposal",
    "What prepares you for it",
    "Your CV",
)
PROJECTS = (
    "Salt that stores the summer (demo)",
    "Listening to bridges (demo)",
    "What a tide leaves in a filter (demo)",
    "Magnets from scrap (demo)",
    "Paper that conducts (demo)",
    "The colour of old glass (demo)",
    "Beams for wet samples (demo)",
    "Sound in cold atoms (demo)",
)
SAYS = "We ask how it ages, measure at one university, and reckon at the other."
HAS = "A master’s thesis on the same material, and a summer in a laboratory."
MADE, OPENED, FIRST, EACH = 7, 6, 5, timedelta(hours=13)
CLOSES, REFERENCES, REVIEWS = 10, 17, 24
"""In how many days the call closes, references are wanted, and reviewers are done: at five in the afternoon."""
AFTERNOON = time(17)
PLACES, OFFER_DAYS, KEY_DAYS = 3, 14, 60


def afternoon(stage: Stage, days: int) -> datetime:
    """Return five in the afternoon of a day to come."""
    return nearest_instant(datetime.combine(london_day(stage.now) + timedelta(days=days), AFTERNOON))


def call(stage: Stage) -> None:
    """Liverpool makes the call."""
    wanted = Call(
        title=TITLE,
        note=NOTE,
        closes_at=afternoon(stage, CLOSES),
        places=PLACES,
        offer_days=OFFER_DAYS,
        key_days=KEY_DAYS,
    )
    asks = Asks(references_by=afternoon(stage, REFERENCES))
    told = {"actor": ground.organiser(stage), "now": ago(stage, weeks=MADE)}
    make(stage.session, ground.cohort(stage), wanted, asks, **told)  # type: ignore[arg-type]


def admission(stage: Stage) -> Admission:
    """Return the call’s admission."""
    own = Admission.cohort_id == ground.cohort(stage).id
    return ground.only(stage, Admission, own, words="There is no call for applications.")


def ask_more(stage: Stage) -> None:
    """Until when reviewers read is said afterwards."""
    asks = Asks(
        references_by=afternoon(stage, REFERENCES),
        reviews_by=afternoon(stage, REVIEWS),
        criteria=USUAL_CRITERIA,
    )
    told = {"actor": ground.organiser(stage), "now": ago(stage, weeks=MADE)}
    change(stage.session, admission(stage).id, asks, **told)  # type: ignore[arg-type]


def open_call(stage: Stage) -> None:
    """The call is opened."""
    told = {"actor": ground.organiser(stage), "now": ago(stage, weeks=OPENED)}
    open_registration(stage.session, admission(stage).opening_id, **told)  # type: ignore[arg-type]


def apply(stage: Stage) -> None:
    """Eight apply, with a CV each, and follow the link that shows their address."""
    for turn, who in enumerate(people.APPLICANTS[: len(PROJECTS)]):
        now = ago(stage, weeks=FIRST) + turn * EACH
        home = people.OXFORD if turn % 2 == 0 else people.LIVERPOOL
        says = {
            HOME: stage.organisations[home].name,
            STUDIES: "Full time",
            PROJECT: PROJECTS[turn],
            PROPOSAL: SAYS,
            PREPARED: HAS,
            CV: curriculum(stage, who, now=now),
        }
        comer = Comer(who, says=tuple(says.items()))
        signing_up.register(stage.session, admission(stage).opening, comer, turn=turn, now=now)


def curriculum(stage: Stage, who: Somebody, *, now: datetime) -> dict[str, Any]:
    """Hand a CV in as a form does before it is sent."""
    page = BytesIO(paper(f"Curriculum vitae: {who.name}"))
    laid = stage.shelf.lay(page, f"CV {who.name}.pdf", accepts=("pdf",), most=ground.MOST_BYTES)
    take_in(stage.session, laid, now=now)
    return {"file": laid.token, "size": laid.size, "name": laid.name}


def begin(stage: Stage) -> None:
    """One types the half of it, and saves it for later."""
    opening, who = admission(stage).opening, people.APPLICANTS[-1]
    asked = asked_by(opening.questionnaire)
    fields = {one.label: f"q{one.id}" for one in asked}
    texts = {"name": [who.name], "email": [who.address], fields[PROJECT]: ["Rivers as batteries (demo)"]}
    typed = Typed(name=who.name, address=who.address, texts=texts, asked_as=print_of(asked))
    begin_draft(stage.session, opening, typed, {}, actor=NOBODY, now=ago(stage, days=2))


def application(stage: Stage, who: Somebody) -> Registration:
    """Return somebody’s application."""
    own = (Registration.opening_id == admission(stage).opening_id, Registration.address == who.address)
    found = stage.session.scalars(select(Registration).where(*own)).first()
    if found is None:
        raise MissingError(f"{who.name} has not applied.")
    return found


def number_of_applications(stage: Stage) -> int:
    """Return how many have applied."""
    own = Registration.opening_id == admission(stage).opening_id
    return stage.session.scalar(select(func.count()).where(own)) or 0


CHAPTER = Chapter(
    "A call for applications",
    (
        Step("Liverpool makes a call", call),
        Step("What is asked is said more exactly", ask_more),
        Step("The call is opened", open_call),
        Step("Eight apply", apply),
        Step("One has begun", begin),
    ),
    (
        Promise("reviewers have no last day.", lambda stage: admission(stage).reviews_by),
        Promise("nobody applies.", lambda stage: number_of_applications(stage) == len(PROJECTS)),
        Promise(
            "no application is half filled in.",
            lambda stage: there(stage, Draft.opening_id == admission(stage).opening_id),
        ),
    ),
)
