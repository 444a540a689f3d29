"""Who supervises whom, and the joint agreement: signed by most, refused by one, and anew where somebody leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.demo import people
from programme.demo.doctoral import ground
from programme.demo.doctoral.chapters.entering import home
from programme.demo.doctoral.ground import (
    ALDER,
    BEVIS,
    COSMO,
    HAMZA,
    ISOLDE,
    JUNIPER,
    LINNEA,
    MERRYN,
    NELL,
    ROWAN,
    SUNNIVA,
    TAMSIN,
    TARQUIN,
    WREN,
    L,
    O,
    at,
    record,
    there,
)
from programme.demo.doctoral.steps import Chapter, Promise, Step
from programme.engines.calendar.times import london_day
from programme.people.identity import actor_of
from programme.strands.cohorts.models import Signature, Supervision
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.progress.handing.approving import name_approver
from programme.strands.cohorts.signing.actions import answer
from programme.strands.cohorts.states import SignatureState, SupervisionRole
from programme.strands.cohorts.supervising import actions
from programme.strands.cohorts.supervising.actions import Wanted, values_of
from programme.strands.cohorts.supervising.agreement import ask_everybody, standings
from programme.strands.cohorts.supervising.signed import AGREEMENT

if TYPE_CHECKING:
    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

R, S = SupervisionRole, SignatureState
SUPERVISED: tuple[tuple[Somebody, tuple[tuple[Somebody, SupervisionRole, str, int], ...]], ...] = (
    (NELL, ((ALDER, R.PRIMARY, L, 60), (MERRYN, R.PARTNER, O, 40))),
    (COSMO, ((TARQUIN, R.PRIMARY, O, 60), (SUNNIVA, R.PARTNER, L, 40))),
    (ROWAN, ((ALDER, R.PRIMARY, L, 60), (MERRYN, R.PARTNER, O, 30), (SUNNIVA, R.CO, L, 10))),
    (JUNIPER, ((ISOLDE, R.PRIMARY, L, 50), (TARQUIN, R.PARTNER, O, 50))),
    (LINNEA, ((MERRYN, R.PRIMARY, O, 60), (ALDER, R.PARTNER, L, 40))),
    (HAMZA, ((BEVIS, R.PRIMARY, O, 60), (ISOLDE, R.PARTNER, L, 40))),
    (TAMSIN, ((SUNNIVA, R.PRIMARY, L, 60), (TARQUIN, R.PARTNER, O, 40), (ALDER, R.ADVISOR, L, 0))),
    (WREN, ((MERRYN, R.PRIMARY, O, 60),)),
)
"""Who supervises whom as what, for which university, to how many per cent. One has nobody at the partner yet."""
SIGN = (NELL, COSMO, ROWAN, JUNIPER, LINNEA, HAMZA)
REFUSES = "I go on sabbatical in spring. Please ask Merryn, or let us begin in autumn."
SHARE, AFTER = 40, timedelta(weeks=3)
LEAVES_IN = timedelta(weeks=5)


def name(stage: Stage) -> None:
    """For each of them somebody is named who signs for the department."""
    for researcher, _ in SUPERVISED:
        row, somebody = record(stage, researcher), people.APPROVERS[home(researcher)]
        now = at(row.registered_on)
        told = {"address": somebody.address, "name": somebody.name, "actor": ground.organiser(stage)}
        name_approver(stage.session, row.id, now=now, **told)  # type: ignore[arg-type]


def add(stage: Stage) -> None:
    """Everybody gets supervisors, those at Oxford a college adviser as well."""
    for researcher, supervisors in SUPERVISED:
        row = record(stage, researcher)
        advised = ((people.COLLEGE_ADVISOR, R.COLLEGE_ADVISOR, O, 0),) if home(researcher) == O else ()
        for who, role, university, share in (*supervisors, *advised):
            organisation = stage.organisations[university].id
            wanted = Wanted(role=role, organisation_id=organisation, share=share, begins_on=row.registered_on)
            told = {"name": who.name, "address": who.address, "actor": ground.organiser(stage)}
            actions.add(stage.session, row.id, wanted, now=at(row.registered_on), **told)


def change(stage: Stage) -> None:
    """The partner’s share becomes larger."""
    row, own = record(stage, ROWAN), ground.supervision(stage, ROWAN, MERRYN)
    wanted = Wanted(role=own.role, organisation_id=own.organisation_id, share=SHARE, begins_on=own.begins_on)
    now = at(row.registered_on + timedelta(weeks=1))
    lower = ground.supervision(stage, ROWAN, ALDER)
    less = Wanted(role=lower.role, organisation_id=lower.organisation_id, share=50, begins_on=lower.begins_on)
    for number, value in ((lower.id, less), (own.id, wanted)):
        actions.change(stage.session, row.id, number, value, actor=ground.organiser(stage), now=now)


def take_out(stage: Stage) -> None:
    """An adviser was entered for the wrong researcher."""
    row, own = record(stage, TAMSIN), ground.supervision(stage, TAMSIN, ALDER)
    now = at(row.registered_on + timedelta(weeks=1))
    actions.take_out(stage.session, row.id, own.id, actor=ground.organiser(stage), now=now)


def ask(stage: Stage) -> None:
    """Everybody is asked to sign the joint agreement."""
    for researcher in (*SIGN, TAMSIN):
        row = record(stage, researcher)
        told = {"actor": ground.organiser(stage), "now": at(row.registered_on + AFTER)}
        ask_everybody(stage.session, row.id, **told)  # type: ignore[arg-type]


def sign(stage: Stage) -> None:
    """They sign by their links, all but one, who refuses and says why; and one who has not answered yet."""
    for researcher in (*SIGN, TAMSIN):
        row = record(stage, researcher)
        own = (Signature.subject_kind == AGREEMENT, Signature.subject_id == row.id, Signature.state == S.ASKED)
        for place, asked in enumerate(
            stage.session.scalars(select(Signature).where(*own).order_by(Signature.id)).all()
        ):
            if researcher is TAMSIN and asked.person.address == people.APPROVERS[L].address:
                continue
            agrees = not (researcher is TAMSIN and asked.person.address == TARQUIN.address)
            answer(
                stage.session,
                asked,
                agrees=agrees,
                reason="" if agrees else REFUSES,
                things=SIGNED_THINGS,
                actor=actor_of(asked.person),
                now=at(row.registered_on + AFTER + timedelta(days=place)),
            )


def end(stage: Stage) -> None:
    """A primary supervisor is to leave in some weeks, and nobody is named after him yet."""
    row, own = record(stage, HAMZA), ground.supervision(stage, HAMZA, BEVIS)
    leaves, now = london_day(stage.now + LEAVES_IN), ground.ago(stage, weeks=1)
    actions.end(stage.session, row.id, own.id, ends_on=leaves, actor=ground.organiser(stage, O), now=now)


def joint(stage: Stage, researcher: Somebody) -> bool:
    """Whether somebody’s supervision counts as joint."""
    row = record(stage, researcher)
    return standings(stage.session, [row], today=london_day(stage.now))[row.id].is_joint


def signatures(stage: Stage) -> set[SignatureState]:
    """Return where signatures under agreements stand."""
    return {*stage.session.scalars(select(Signature.state).where(Signature.subject_kind == AGREEMENT))}


CHAPTER = Chapter(
    "Both universities supervise",
    (
        Step("Who signs for a department is named", name),
        Step("Supervisors are named", add),
        Step("The partner’s share becomes larger", change),
        Step("An adviser is taken out who was entered by mistake", take_out),
        Step("Everybody is asked to sign the agreement", ask),
        Step("They sign, and one refuses", sign),
        Step("A primary supervisor leaves", end),
    ),
    (
        Promise(
            "nobody’s share was changed.",
            lambda stage: values_of(ground.supervision(stage, ROWAN, MERRYN)).share == SHARE,
        ),
        Promise(
            "an adviser is there who was entered by mistake.",
            lambda stage: (
                not there(
                    stage,
                    Supervision.candidature_id == record(stage, TAMSIN).id,
                    Supervision.person_id == ground.person(stage, ALDER).id,
                )
            ),
        ),
        Promise("no candidature is joint.", lambda stage: joint(stage, ROWAN)),
        Promise("every candidature is joint.", lambda stage: not joint(stage, TAMSIN) and not joint(stage, WREN)),
        Promise("signatures do not stand in every state.", lambda stage: signatures(stage) == {*S}),
        Promise("no supervisor leaves.", lambda stage: there(stage, Supervision.ends_on.is_not(None))),
    ),
)
