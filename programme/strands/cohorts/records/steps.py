"""What My programme says of doctoral records: one's own, and the researchers whom one supervises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.core.web.words import long_date, plural
from programme.engines.calendar.times import to_wall
from programme.flows.steps.step import Act, Kind, Step
from programme.people.states import Strand
from programme.strands.cohorts.awards.queries import next_steps
from programme.strands.cohorts.awards.words import STATE_WORDS
from programme.strands.cohorts.records import queries
from programme.strands.cohorts.states import UNDER_WAY
from programme.strands.cohorts.training.record.drafting import drafts
from programme.strands.cohorts.training.steps import refused_steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.links import Links
    from programme.strands.cohorts.models import Candidature, Milestone


class RecordSteps:
    """The way from My programme to records."""

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Give one's own records that are under way, and one step for everybody whom one supervises."""
        del links
        mine = [row for row in queries.own(session, person_id) if row.state in UNDER_WAY]
        ahead = next_steps(session, [row.id for row in mine])
        came = drafts(session, [row.id for row in mine])
        yield from (step_of(row, ahead.get(row.id), waiting=len(came[row.id])) for row in mine)
        if mine:
            yield from refused_steps(session, [row.id for row in mine])
        everybody = queries.supervised(person_id, today=to_wall(now).date()).order_by(None)
        number = session.scalar(select(func.count()).select_from(everybody.subquery())) or 0
        if number:
            yield Step(
                kind=Kind.HAVE,
                about="supervision",
                title="Researchers you supervise",
                look="held",
                words=plural(number, "researcher"),
                url="/records",
                others=(Act("See them", "/records"),),
                strand=Strand.COHORTS.value,
            )


def step_of(row: Candidature, ahead: Milestone | None, *, waiting: int) -> Step:
    """Return one's own record, with what comes next in it, and how many events wait to be handed in as training."""
    why: tuple[str, ...] = ()
    if ahead is not None:
        when = f"is due on {long_date(ahead.due_on)}" if ahead.due_on else "is next; its date is not known yet"
        why = (f"{ahead.rule.title} {when}.",)
    handing: tuple[Act, ...] = ()
    if waiting:
        why = (*why, f"You came to {plural(waiting, 'event')} that may count as training.")
        handing = (Act("Hand in training", f"/records/{row.id}/training"),)
    return Step(
        kind=Kind.HAVE,
        about=f"candidature:{row.id}",
        title=f"Your doctoral record: {row.cohort.title}",
        look="held",
        words=STATE_WORDS[row.state],
        url=f"/records/{row.id}",
        others=(Act("See the record", f"/records/{row.id}"), *handing),
        strand=Strand.COHORTS.value,
        why=why,
    )


RECORDS = RecordSteps()
