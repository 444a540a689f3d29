"""Milestones reached: noted for those who were there before, handed in and signed year by year, sent back, undone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.demo.doctoral import ground
from programme.demo.doctoral.chapters.entering import home
from programme.demo.doctoral.ground import (
    COSMO,
    HAMZA,
    ISAURA,
    JUNIPER,
    LINNEA,
    NELL,
    ROWAN,
    SORREL,
    TAMSIN,
    WREN,
    O,
    ago,
    at,
    calendar,
    milestone,
    record,
)
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.engines.calendar.times import london_day
from programme.people.identity import actor_of
from programme.strands.cohorts.models import Milestone, Signature
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.progress.handing import handing_in, signing
from programme.strands.cohorts.rights import MILESTONE
from programme.strands.cohorts.states import MilestoneState, SignatureState, Signer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

M, S = MilestoneState, SignatureState
BEFORE_THE_PROGRAMME = (
    (NELL, None),
    (ISAURA, ("notice",)),
    (SORREL, ("integrity", "transfer", "confirmation", "examiners")),
    (COSMO, ("integrity", "transfer", "confirmation", "examiners")),
)
"""Whose milestones organisers note, and which; None is whatever is over by now."""
SUBMITTED = {ISAURA: (0, 1, 12), SORREL: (0, 1, 20), COSMO: (0, 6, 10)}
BEFORE_SUBMISSION = timedelta(weeks=5)
REACH = (ROWAN, JUNIPER, LINNEA, HAMZA, TAMSIN)
"""Who hand in themselves what is over by now."""
LATELY = timedelta(weeks=6)
"""What was due so lately is told by itself."""
EARLY = timedelta(days=12)
SIGNED_AFTER, NOTED_AFTER = timedelta(days=3), timedelta(days=2)
SAID = {
    "portfolio": "Two courses, one conference, demonstrating on Tuesdays.",
    "report": "The year in four pages; the plan of the next one on the fifth.",
    "panel": "The panel met, and is content.",
    "transfer": "The transfer report, 9,800 words.",
    "integrity": "The certificate of the course.",
    "placement_report": "Twelve weeks at my host.",
}
AGAIN = "The file was the draft of March."
SENT_BACK = "The minutes do not say on which day the panel met. Add it, and hand them in again."


def over(stage: Stage, who: Somebody, *, until: timedelta = LATELY) -> Sequence[Milestone]:
    """Return what of somebody’s is open although its day is over, in the order of time."""
    last = london_day(stage.now - until)
    own = (Milestone.candidature_id == record(stage, who).id, Milestone.state == M.OPEN, Milestone.due_on <= last)
    return stage.session.scalars(select(Milestone).where(*own).order_by(Milestone.due_on, Milestone.id)).all()


def note_done(stage: Stage) -> None:
    """Organisers note what those from the spreadsheet had reached, and one thing that nobody did."""
    for who, codes in BEFORE_THE_PROGRAMME:
        for row in over(stage, who) if codes is None else [milestone(stage, who, code) for code in codes]:
            note_one(stage, who, row, done_on=reached_on(stage, who, row))
    note_one(stage, WREN, milestone(stage, WREN, "transfer"), done_on=london_day(ago(stage, weeks=5)))


def reached_on(stage: Stage, who: Somebody, row: Milestone) -> date:
    """Return when somebody reached a milestone: on its day, or before they submitted."""
    entered, last = record(stage, who).registered_on, london_day(ago(stage, weeks=5))
    if who in SUBMITTED:
        last = calendar(stage).years_ago(*SUBMITTED[who])
        last -= BEFORE_SUBMISSION
    return max(entered, min(row.due_on or last, last))


def note_one(stage: Stage, who: Somebody, row: Milestone, *, done_on: date) -> None:
    """Note one milestone as done."""
    handing_in.record_done(
        stage.session,
        record(stage, who).id,
        row.id,
        done_on=done_on,
        words="From the department’s own list.",
        actor=ground.organiser(stage, home(who)),
        now=at(done_on) + NOTED_AFTER,
    )


def undo(stage: Stage) -> None:
    """That was a slip: it is open again."""
    row = milestone(stage, WREN, "transfer")
    told = {"actor": ground.organiser(stage, O), "now": ago(stage, weeks=4)}
    handing_in.undo(stage.session, record(stage, WREN).id, row.id, **told)  # type: ignore[arg-type]


def hand_in(stage: Stage) -> None:
    """Year by year, researchers hand in what is due, some days before."""
    for who in REACH:
        for row in over(stage, who):
            hand_one_in(stage, who, row, now=at(row.due_on or london_day(stage.now)) - EARLY)


def hand_one_in(stage: Stage, who: Somebody, row: Milestone, *, now: datetime, words: str = "") -> None:
    """Hand one milestone in, with a paper where its rule wants one."""
    title = row.rule.title
    paper = ground.laid(stage, f"{title}: {who.name}", f"{title}.pdf") if row.rule.needs_evidence else None
    words = words or SAID.get(row.code, "")
    told = {"words": words, "laid": paper, "actor": ground.acting(stage, who), "now": now}
    handing_in.hand_in(stage.session, row.candidature_id, row.id, **told)  # type: ignore[arg-type]


def sign(stage: Stage) -> None:
    """Whoever signs does so on the page, one after the other, until it is done."""
    for who in REACH:
        row = record(stage, who)
        own = (Milestone.candidature_id == row.id, Milestone.state == M.HANDED_IN)
        for handed_in in stage.session.scalars(select(Milestone).where(*own).order_by(Milestone.due_on)).all():
            now = at(handed_in.due_on or london_day(stage.now)) - EARLY
            while handed_in.state is M.HANDED_IN:
                now += SIGNED_AFTER
                sign_one(stage, who, handed_in, now=now)


def sign_one(stage: Stage, who: Somebody, row: Milestone, *, now: datetime, reason: str = "") -> None:
    """Let whoever’s turn it is sign, or send it back with a reason."""
    asked = stage.session.scalars(
        select(Signature).where(
            Signature.subject_kind == MILESTONE, Signature.subject_id == row.id, Signature.state == S.ASKED
        )
    ).first()
    if asked is None:
        raise MissingError(f"Nobody is asked to sign what {who.name} handed in.")
    signing.sign(
        stage.session,
        record(stage, who).id,
        row.id,
        agrees=not reason,
        reason=reason,
        things=SIGNED_THINGS,
        actor=actor_of(asked.person),
        now=now,
    )


def confirmation(stage: Stage) -> Milestone:
    """Return the milestone that one of them is about to reach."""
    return milestone(stage, LINNEA, "confirmation")


def hand_confirmation_in(stage: Stage) -> None:
    """One applies for confirmation, with the wrong file."""
    hand_one_in(stage, LINNEA, confirmation(stage), now=ago(stage, weeks=4))


def take_confirmation_back(stage: Stage) -> None:
    """She takes it back."""
    told = {"actor": ground.acting(stage, LINNEA), "now": ago(stage, weeks=3)}
    handing_in.take_back(stage.session, record(stage, LINNEA).id, confirmation(stage).id, **told)  # type: ignore[arg-type]


def hand_it_in_again(stage: Stage) -> None:
    """And hands it in again."""
    hand_one_in(stage, LINNEA, confirmation(stage), now=ago(stage, weeks=2), words=AGAIN)


def sign_confirmation(stage: Stage) -> None:
    """Her primary supervisor signs it; her department is asked."""
    sign_one(stage, LINNEA, confirmation(stage), now=ago(stage, days=9))


def remind_department(stage: Stage) -> None:
    """She has her department asked once more."""
    row = record(stage, LINNEA)
    signing.remind(stage.session, row.id, confirmation(stage).id, now=ago(stage, days=1))


def panel(stage: Stage) -> Milestone:
    """Return the next progress panel of one of them, or what of it there is."""
    ahead = Milestone.due_on > london_day(stage.now - LATELY)
    return milestone(stage, ROWAN, "panel", ahead)


def hand_panel_in(stage: Stage) -> None:
    """One hands in the minutes of his panel."""
    hand_one_in(stage, ROWAN, panel(stage), now=ago(stage, weeks=2), words="The minutes.")


def send_panel_back(stage: Stage) -> None:
    """The department sends them back, with what is lacking."""
    sign_one(stage, ROWAN, panel(stage), now=ago(stage, days=4), reason=SENT_BACK)


def signatures(stage: Stage, row: Milestone) -> dict[Signer, SignatureState]:
    """Return how each signature under a milestone stands."""
    own = select(Signature).where(Signature.subject_kind == MILESTONE, Signature.subject_id == row.id)
    return {one.signer: one.state for one in stage.session.scalars(own)}


def asked_again(stage: Stage) -> bool:
    """Whether the department was asked once more, a day ago."""
    own = (Signature.subject_id == confirmation(stage).id, Signature.signer == Signer.DEPARTMENT)
    since = (Signature.subject_kind == MILESTONE, Signature.asked_at >= ago(stage, days=2))
    return ground.there(stage, *own, *since)


def nothing_is_left(stage: Stage) -> bool:
    """Whether whoever hands in has nothing open that was due long ago."""
    return not any(over(stage, who) for who in (*REACH, NELL))


def is_signed(stage: Stage) -> bool:
    """Whether what was handed in year by year is done, by the signatures under it."""
    return milestone(stage, ROWAN, "report").state is M.DONE and milestone(stage, HAMZA, "transfer").state is M.DONE


CHAPTER = Chapter(
    "Milestones are reached",
    (
        Step("What was reached before is noted", note_done),
        Step("What was noted by a slip is opened again", undo),
        Step("Researchers hand in year by year", hand_in),
        Step("Supervisors, departments and colleges sign", sign),
        Step("One applies for confirmation", hand_confirmation_in),
        Step("She takes it back", take_confirmation_back),
        Step("She hands it in again", hand_it_in_again),
        Step("Her supervisor signs", sign_confirmation),
        Step("Her department is asked once more", remind_department),
        Step("One hands in the minutes of his panel", hand_panel_in),
        Step("His department sends them back", send_panel_back),
    ),
    (
        Promise("what is over is still open.", nothing_is_left),
        Promise("what was handed in is not signed.", is_signed),
        Promise("a slip stands as done.", lambda stage: milestone(stage, WREN, "transfer").state is M.OPEN),
        Promise(
            "those who completed have not submitted.", lambda stage: milestone(stage, SORREL, "submission").done_on
        ),
        Promise("nothing waits for a signature.", lambda stage: confirmation(stage).state is M.HANDED_IN),
        Promise("the wrong file stands.", lambda stage: confirmation(stage).words == AGAIN),
        Promise(
            "no supervisor has signed for confirmation.",
            lambda stage: signatures(stage, confirmation(stage)).get(Signer.SUPERVISOR) is S.AGREED,
        ),
        Promise("no department is asked once more.", asked_again),
        Promise("nothing was sent back.", lambda stage: S.REFUSED in signatures(stage, panel(stage)).values()),
    ),
)
