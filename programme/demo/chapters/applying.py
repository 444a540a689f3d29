"""Demonstration: a long application, a section a page, with a file: sent by some, half-filled by one, and decided."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from programme.demo import people, signing_up
from programme.demo.finding import registration_of
from programme.demo.happenings import Comer
from programme.demo.pictures.papers import paper
from programme.demo.strands.placements import CURRICULUM, INTERNSHIPS, STILL_REGISTERED, WHY
from programme.engines.documents.actions import take_in
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.drafts.actions import Typed
from programme.engines.registration.drafts.length import print_of
from programme.flows.answering.drafts import begin_draft
from programme.flows.deciding.rounds import decide_round
from programme.flows.roll.deciding import PLAINLY, Manner, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.demo.people import Somebody
    from programme.demo.stage import Stage
    from programme.engines.registration.models import Opening

APPLY = tuple(people.RESEARCHERS[one] for one in (0, 6, 1, 10, 11, 7))
ADMITTED, DECLINED, BEGAN = (APPLY[0], APPLY[1], APPLY[3]), APPLY[4:5], people.RESEARCHERS[14]
NO = "The firm has taken somebody for this project meanwhile. Apply for another host: the round stays open."
FIRST, EACH = timedelta(days=8), timedelta(hours=13)
YESTERDAY = timedelta(days=1)


def apply(stage: Stage) -> None:
    """Six apply and one has not finished; Oxford's organiser says yes to three of them, and today no to one."""
    session, opening, actor = stage.session, stage.openings[INTERNSHIPS], stage.actors[people.OXFORD]
    for turn, one in enumerate(APPLY):
        then = stage.now - FIRST + turn * EACH
        says = ((STILL_REGISTERED, True), (CURRICULUM, handed_in(stage, one, turn)))
        signing_up.register(session, opening, Comer(one, says=says), turn=turn, now=then)
    leave_unsent(stage, opening)
    decide_round(
        session, opening.id, ids_of(stage, ADMITTED), Verdict.PROMOTION, actor=actor, now=stage.now - YESTERDAY
    )
    no = Manner(reason=NO, why=PLAINLY.why)
    decide_round(session, opening.id, ids_of(stage, DECLINED), Verdict.REFUSAL, actor=actor, now=stage.now, manner=no)


def ids_of(stage: Stage, those: Sequence[Somebody]) -> list[int]:
    """Return the ids of some people's applications."""
    return [registration_of(stage, INTERNSHIPS, one).id for one in those]


def handed_in(stage: Stage, somebody: Somebody, turn: int) -> dict[str, Any]:
    """Hand in a CV as a form does before it is sent; it waits for its form."""
    now = stage.now - FIRST + turn * EACH
    name = f"CV {somebody.name}.pdf"
    laid = stage.shelf.lay(BytesIO(paper(f"Curriculum vitae: {somebody.name}")), name, accepts=("pdf",), most=100_000)
    take_in(stage.session, laid, now=now)
    return {"file": laid.token, "size": laid.size, "name": laid.name}


def leave_unsent(stage: Stage, opening: Opening) -> None:
    """Somebody types half of it, and saves it for later."""
    asked = asked_by(opening.questionnaire)
    fields = {one.label: f"q{one.id}" for one in asked}
    texts = {"name": [BEGAN.name], "email": [BEGAN.address]}
    texts |= {fields[STILL_REGISTERED]: ["yes"], fields[WHY]: ["Their coatings are what my thesis is about, and"]}
    typed = Typed(name=BEGAN.name, address=BEGAN.address, texts=texts, asked_as=print_of(asked))
    actor = signing_up.acting(stage.session, BEGAN)
    begin_draft(stage.session, opening, typed, {}, actor=actor, now=stage.now - YESTERDAY)
