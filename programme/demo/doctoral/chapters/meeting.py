"""Supervision meetings: logged by the researcher, agreed to by who was there, or not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.demo.doctoral import ground
from programme.demo.doctoral.ground import ALDER, ISOLDE, JUNIPER, LINNEA, MERRYN, ROWAN, ago, record, there
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.engines.calendar.times import london_day
from programme.people.identity import actor_of
from programme.strands.cohorts.meetings import actions
from programme.strands.cohorts.meetings.actions import Logged
from programme.strands.cohorts.meetings.signed import MEETING
from programme.strands.cohorts.models import Signature, SupervisionMeeting
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.signing.actions import answer
from programme.strands.cohorts.states import MeetingState

if TYPE_CHECKING:
    from datetime import date

    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

MET: tuple[tuple[Somebody, Somebody, float, str], ...] = (
    (ROWAN, ALDER, 35, "The first year’s samples are sorted. Next: the series from the docks."),
    (ROWAN, ALDER, 30, "Agreed which three stones go to Oxford."),
    (ROWAN, ALDER, 26, "Talked through the draft of chapter two."),
    (ROWAN, ALDER, 21.5, "The beam time is granted. Plan until then."),
    (ROWAN, ALDER, 17, "What the measurements show, and what they do not."),
    (ROWAN, ALDER, 9, "Structure of the first paper; Rowan writes the methods."),
    (ROWAN, ALDER, 4.5, "Read the methods together. Figures next."),
    (ROWAN, ALDER, 0.5, "Before the panel: which questions will come."),
    (JUNIPER, ISOLDE, 12, "Plan for the placement."),
    (JUNIPER, ISOLDE, 7, "Last questions before the placement."),
    (JUNIPER, ISOLDE, 6.8, "The same, entered twice."),
    (LINNEA, MERRYN, 34, "After the suspended term: where to take it up."),
    (LINNEA, MERRYN, 20, "First drafts for confirmation."),
    (LINNEA, MERRYN, 5, "Confirmation: both chapters are ready."),
)
"""Who met whom so many weeks ago, and what they agreed."""
WAITS, REFUSED, TWICE = MET[7], MET[8], MET[10]
CHANGED, LATER = MET[5], "Structure of the first paper; Rowan writes the methods, Merryn reads them."
NOT_SO = "We said that the host has to agree first. Please add that."


def day_of(stage: Stage, weeks: float) -> date:
    """Return the day of a meeting."""
    return london_day(ago(stage, weeks=weeks))


def log(stage: Stage) -> None:
    """Researchers log their meetings a day later."""
    for who, supervisor, weeks, words in MET:
        logged = Logged(day_of(stage, weeks), frozenset({ground.person(stage, supervisor).id}), words)
        now = min(stage.now, ago(stage, weeks=weeks) + timedelta(days=1))
        actions.log(stage.session, record(stage, who).id, logged, actor=ground.acting(stage, who), now=now)


def meeting(stage: Stage, who: Somebody, weeks: float) -> SupervisionMeeting:
    """Return a meeting."""
    own = (
        SupervisionMeeting.candidature_id == record(stage, who).id,
        SupervisionMeeting.met_on == day_of(stage, weeks),
    )
    found = stage.session.scalars(select(SupervisionMeeting).where(*own)).first()
    if found is None:
        raise MissingError(f"{who.name} logged no meeting {weeks} weeks ago.")
    return found


def change(stage: Stage) -> None:
    """What was agreed is put more exactly."""
    who, supervisor, weeks, _ = CHANGED
    logged = Logged(day_of(stage, weeks), frozenset({ground.person(stage, supervisor).id}), LATER)
    actions.change(
        stage.session,
        record(stage, who).id,
        meeting(stage, who, weeks).id,
        logged,
        actor=ground.acting(stage, who),
        now=ago(stage, weeks=weeks) + timedelta(days=2),
    )


def take_out(stage: Stage) -> None:
    """One was entered twice."""
    who, _, weeks, _ = TWICE
    number = meeting(stage, who, weeks).id
    told = {"actor": ground.acting(stage, who), "now": ago(stage, weeks=6)}
    actions.take_out(stage.session, record(stage, who).id, number, **told)  # type: ignore[arg-type]


def agree(stage: Stage) -> None:
    """Supervisors agree by their links; one sees it otherwise, one has not looked yet."""
    for who, _, weeks, _ in MET:
        if (who, weeks) in {(WAITS[0], WAITS[2]), (TWICE[0], TWICE[2])}:
            continue
        own = (Signature.subject_kind == MEETING, Signature.subject_id == meeting(stage, who, weeks).id)
        for asked in stage.session.scalars(select(Signature).where(*own)).all():
            refuses = (who, weeks) == (REFUSED[0], REFUSED[2])
            answer(
                stage.session,
                asked,
                agrees=not refuses,
                reason=NOT_SO if refuses else "",
                things=SIGNED_THINGS,
                actor=actor_of(asked.person),
                now=ago(stage, weeks=weeks) + timedelta(days=3),
            )


def states(stage: Stage) -> set[MeetingState]:
    """Return where meetings stand."""
    return {*stage.session.scalars(select(SupervisionMeeting.state))}


CHAPTER = Chapter(
    "They meet",
    (
        Step("Meetings are logged", log),
        Step("What was agreed is put more exactly", change),
        Step("A meeting is taken out that was entered twice", take_out),
        Step("Supervisors agree, and one does not", agree),
    ),
    (
        Promise("no meeting was put more exactly.", lambda stage: there(stage, SupervisionMeeting.words == LATER)),
        Promise("a meeting is there twice.", lambda stage: not there(stage, SupervisionMeeting.words == TWICE[3])),
        Promise("meetings do not stand in every state.", lambda stage: states(stage) == {*MeetingState}),
    ),
)
