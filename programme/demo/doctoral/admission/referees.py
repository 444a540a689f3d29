"""References: asked by the applicant, begun, sent, declined, reminded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.demo import people
from programme.demo.doctoral import ground
from programme.demo.doctoral.admission.calling import admission, application
from programme.demo.doctoral.ground import ago, there
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.people.permissions import NOBODY
from programme.strands.cohorts.admission.referees import actions
from programme.strands.cohorts.admission.referees.actions import Written
from programme.strands.cohorts.admission.referees.naming import Named
from programme.strands.cohorts.admission.states import ReferenceState
from programme.strands.cohorts.models import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

R = ReferenceState
BRYONY, CASPIAN, DERVLA, EWAN, FLEUR, GWIL, HESPER, INIGO = people.APPLICANTS[:-1]
OTTOLINE, LORCAN, ZILLAH, FITZ = people.REFEREES
NAMES = {
    BRYONY: (OTTOLINE, LORCAN),
    CASPIAN: (ZILLAH, FITZ),
    DERVLA: (LORCAN, ZILLAH),
    EWAN: (OTTOLINE, FITZ),
    FLEUR: (FITZ, OTTOLINE),
    GWIL: (ZILLAH, LORCAN),
    HESPER: (OTTOLINE, ZILLAH),
    INIGO: (LORCAN, FITZ),
}
NEVER_ASKED = HESPER
SENT = (BRYONY, CASPIAN, DERVLA, FLEUR, INIGO)
BEGUN, DECLINED = (EWAN, FITZ), (GWIL, ZILLAH)
SENT_BESIDES = (EWAN, OTTOLINE)
GOOD = "I have known their work for two years. It is careful, and it is their own. I would take them at once."
HALF = "Their third-year project was"


def name(stage: Stage) -> None:
    """Applicants name two referees each."""
    for who, referees in NAMES.items():
        named = [Named(one.name, one.address) for one in referees]
        actions.name_referees(stage.session, application(stage, who), named, now=ago(stage, weeks=4))


def ask(stage: Stage) -> None:
    """And have them asked; one has not done so yet."""
    for who in NAMES:
        if who is not NEVER_ASKED:
            actions.ask_referees(stage.session, application(stage, who), actor=NOBODY, now=ago(stage, weeks=4))


def reference(stage: Stage, who: Somebody, referee: Somebody) -> Reference:
    """Return what somebody writes about an applicant."""
    own = (Reference.registration_id == application(stage, who).id, Reference.address == referee.address)
    found = stage.session.scalars(select(Reference).where(*own)).first()
    if found is None:
        raise MissingError(f"{who.name} did not name {referee.name}.")
    return found


def sent(stage: Stage) -> Iterator[Reference]:
    """Give what is sent."""
    for who in SENT:
        yield from (reference(stage, who, referee) for referee in NAMES[who])
    yield reference(stage, *SENT_BESIDES)


def send(stage: Stage) -> None:
    """Most send theirs, by their links."""
    for row in sent(stage):
        actions.send_reference(stage.session, row.id, Written(GOOD), now=ago(stage, days=25))


def save(stage: Stage) -> None:
    """One has begun."""
    actions.save_reference(stage.session, reference(stage, *BEGUN).id, Written(HALF), now=ago(stage, days=9))


def decline(stage: Stage) -> None:
    """One has no time."""
    actions.decline_reference(stage.session, reference(stage, *DECLINED).id, now=ago(stage, days=24))


def remind(stage: Stage) -> None:
    """Liverpool reminds whoever has not answered, and applicants who lack referees."""
    told = {"actor": ground.organiser(stage), "now": ago(stage, days=3)}
    actions.remind_referees(stage.session, admission(stage).id, **told)  # type: ignore[arg-type]


CHAPTER = Chapter(
    "References",
    (
        Step("Applicants name referees", name),
        Step("They have them asked", ask),
        Step("Most send their references", send),
        Step("One has begun", save),
        Step("One declines", decline),
        Step("Who has not answered is reminded", remind),
    ),
    (
        Promise(
            "references do not stand in every state.",
            lambda stage: {*stage.session.scalars(select(Reference.state))} == {*R},
        ),
        Promise("no referee was reminded.", lambda stage: there(stage, Reference.reminded_at.is_not(None))),
    ),
)
