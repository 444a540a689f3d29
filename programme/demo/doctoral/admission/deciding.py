"""Both universities decide: places offered, taken, let go, withdrawn; and who took one becomes a researcher."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.demo import people
from programme.demo.chapters.deciding import keys_of
from programme.demo.doctoral import ground
from programme.demo.doctoral.admission.calling import PROJECTS, admission, application
from programme.demo.doctoral.admission.referees import BRYONY, CASPIAN, DERVLA, EWAN, FLEUR, GWIL, HESPER, INIGO
from programme.demo.doctoral.ground import ago, calendar, record, there
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.engines.approvals.actions import Turn
from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.states import KeyState
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.flows.deciding.keys import turn_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.deciding.rounds import decide_round
from programme.flows.offering.answering import let_offer_go, take_offer
from programme.flows.registering import cancel_registration
from programme.flows.roll.deciding import Manner, Verdict
from programme.strands.cohorts.admission.admitting import actions
from programme.strands.cohorts.admission.admitting.actions import Wanted
from programme.strands.cohorts.models import Admitted, Candidature
from programme.strands.cohorts.states import CandidatureState

if TYPE_CHECKING:
    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

K, R = KeyState, RegistrationState
TURNED: tuple[tuple[Somebody, str, KeyState, float], ...] = (
    (BRYONY, people.LIVERPOOL, K.YES, 19),
    (BRYONY, people.OXFORD, K.YES, 18),
    (CASPIAN, people.LIVERPOOL, K.YES, 18),
    (CASPIAN, people.OXFORD, K.YES, 17),
    (FLEUR, people.OXFORD, K.NO, 16),
    (INIGO, people.LIVERPOOL, K.YES, 6),
    (INIGO, people.OXFORD, K.YES, 5),
    (DERVLA, people.LIVERPOOL, K.YES, 4),
    (DERVLA, people.OXFORD, K.YES, 2),
    (EWAN, people.OXFORD, K.YES, 1),
)
"""Whose key said what about whom, so many days ago; one key waits for the other."""
NO = "We have no instrument for this. We hope that you find one."
WITHDRAWN = "We learnt today that you hold a doctorate already, which this award excludes."
TAKEN, HOUR = 15, timedelta(hours=1)


def turn(stage: Stage) -> None:
    """Keys are turned: places are offered where both say yes."""
    for who, university, says, days in TURNED:
        row = application(stage, who)
        keys = dict(
            zip((people.LIVERPOOL, people.OXFORD), keys_of(stage.session, row, stage.organisations), strict=True)
        )
        words = NO if says is K.NO else ""
        turned = Turn(says=says, person_id=None, reason="By the scores.", words=words)
        told = {"actor": ground.organiser(stage, university), "now": ago(stage, days=days)}
        turn_key(stage.session, keys[university], turned, subjects=SUBJECTS, **told)  # type: ignore[arg-type]


def take(stage: Stage) -> None:
    """One takes the place."""
    take_offer(stage.session, application(stage, BRYONY).id, now=ago(stage, days=TAKEN + 1))


def let_go(stage: Stage) -> None:
    """One lets it go."""
    let_offer_go(stage.session, application(stage, CASPIAN).id, now=ago(stage, days=14))


def withdraw_application(stage: Stage) -> None:
    """One withdraws before anybody decided."""
    cancel_registration(stage.session, application(stage, HESPER).id, now=ago(stage, days=12))


def withdraw_offer(stage: Stage) -> None:
    """An offer is withdrawn, with the reason."""
    opening, row = admission(stage).opening_id, application(stage, INIGO)
    manner = Manner(reason=WITHDRAWN)
    told = {"actor": ground.organiser(stage), "now": ago(stage, days=1), "manner": manner}
    decide_round(stage.session, opening, [row.id], Verdict.CANCELLATION, **told)  # type: ignore[arg-type]


def wanted(stage: Stage, home: str, partner: str) -> Wanted:
    """Return how the newcomer begins."""
    return Wanted(
        home_id=stage.organisations[home].id,
        partner_id=stage.organisations[partner].id,
        department="Materials",
        project=PROJECTS[0],
        begins_on=calendar(stage).next_october,
    )


def admit_elsewhere(stage: Stage) -> None:
    """Liverpool admits her, to the wrong university."""
    beginning = wanted(stage, people.LIVERPOOL, people.OXFORD)
    told = {"actor": ground.organiser(stage), "now": ago(stage, days=TAKEN)}
    actions.admit(stage.session, application(stage, BRYONY).id, beginning, **told)  # type: ignore[arg-type]


def take_admission_back(stage: Stage) -> None:
    """And takes that back at once."""
    told = {"actor": ground.organiser(stage), "now": ago(stage, days=TAKEN) + HOUR}
    actions.take_back(stage.session, application(stage, BRYONY).id, **told)  # type: ignore[arg-type]


def admit(stage: Stage) -> None:
    """Oxford is her home."""
    beginning = wanted(stage, people.OXFORD, people.LIVERPOOL)
    told = {"actor": ground.organiser(stage), "now": ago(stage, days=TAKEN) + 2 * HOUR}
    actions.admit(stage.session, application(stage, BRYONY).id, beginning, **told)  # type: ignore[arg-type]


def state(stage: Stage, who: Somebody) -> RegistrationState:
    """Return where an application stands."""
    own = select(Registration.state).where(Registration.id == application(stage, who).id)
    found = stage.session.scalar(own)
    if found is None:
        raise MissingError(f"{who.name} has not applied.")
    return found


def one_key_waits(stage: Stage) -> bool:
    """Whether one key is turned about somebody, and the other one waits."""
    own = (Approval.subject_kind == "registration", Approval.subject_id == application(stage, EWAN).id)
    found = select(ApprovalKey.state).join(Approval, Approval.id == ApprovalKey.approval_id).where(*own)
    return {*stage.session.scalars(found)} == {K.WAITING, K.YES}


def number_of_researchers(stage: Stage) -> int:
    """Return how many are in the cohort."""
    own = Candidature.cohort_id == ground.cohort(stage).id
    return stage.session.scalar(select(func.count()).where(own)) or 0


CHAPTER = Chapter(
    "Two keys, a place, an admission",
    (
        Step("Keys are turned", turn),
        Step("One takes the place", take),
        Step("One lets the place go", let_go),
        Step("One withdraws", withdraw_application),
        Step("An offer is withdrawn", withdraw_offer),
        Step("Who took the place is admitted to the wrong university", admit_elsewhere),
        Step("That is taken back", take_admission_back),
        Step("She is admitted", admit),
    ),
    (
        Promise("no key waits for the other.", one_key_waits),
        Promise("nobody was refused.", lambda stage: state(stage, FLEUR) is R.REFUSED),
        Promise("no offer waits.", lambda stage: state(stage, DERVLA) is R.OFFERED),
        Promise("nobody waits for a decision.", lambda stage: state(stage, GWIL) is R.PENDING),
        Promise("nobody let a place go.", lambda stage: state(stage, CASPIAN) is R.CANCELLED),
        Promise("nobody withdrew.", lambda stage: state(stage, HESPER) is R.CANCELLED),
        Promise("no offer was withdrawn.", lambda stage: state(stage, INIGO) is R.CANCELLED),
        Promise("no application became a candidature.", lambda stage: there(stage, Admitted.registration_id > 0)),
        Promise(
            "she is admitted to the wrong university.",
            lambda stage: record(stage, BRYONY).home_organisation_id == stage.organisations[people.OXFORD].id,
        ),
        Promise(
            "nobody is admitted and has yet to begin.",
            lambda stage: record(stage, BRYONY).state is CandidatureState.ADMITTED,
        ),
        Promise("they are not twelve.", lambda stage: number_of_researchers(stage) == ground.SIZE),
    ),
)
