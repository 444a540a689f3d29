"""What a large cohort costs: the grid of two hundred researchers with their milestones, and all that is overdue."""

from __future__ import annotations

import statistics
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from benchmarks import load, places, servers
from benchmarks.rolls import crowd, organiser
from programme.core import clock
from programme.people.models import Organisation
from programme.strands.cohorts.milestones.reckoning import Reckoned
from programme.strands.cohorts.models import (
    Candidature,
    Cohort,
    FundingAward,
    Milestone,
    MilestoneRule,
    Rulebook,
    StudyRate,
)
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.rulebooks.queries import books
from programme.strands.cohorts.states import AwardType, CandidatureState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

PEOPLE, MILESTONES_EACH = 200, 15
SECONDS = 0.500
PAGES = 20
TWO_YEARS = timedelta(days=730)


class Seeded(NamedTuple):
    """What is measured: a cohort, and somebody who runs it."""

    cohort: int
    cookie: str
    milestones: int


def measure(kind: str) -> Iterator[tuple[str, str, bool]]:
    """Give (what, figure, whether the target is reached)."""
    with places.installation(kind) as (url, folder):
        seeded = places.write(url, seed)
        with servers.serving(url, folder, workers=2, scheduler=False) as (port, _):
            home = f"/organise/cohorts/{seeded.cohort}/milestones"
            what = f"{kind}: the grid of {PEOPLE} with {seeded.milestones / PEOPLE:.0f} milestones each"
            yield asked(port, seeded.cookie, what, (home, f"{home}?show=overdue", f"{home}?q=person+19"))
            yield asked(port, seeded.cookie, f"{kind}: all that is overdue of them", ("/organise/cohorts/overdue",))


def seed(session: Session) -> Seeded:
    """Add a cohort that began two years ago, all of it at the university that counts the most milestones."""
    liverpool = session.scalars(select(Organisation.id).where(Organisation.slug == "liverpool")).one()
    now = clock.now()
    award = FundingAward(title="Measured award", kind=AwardType.FOCAL, lead_organisation_id=liverpool, created_at=now)
    session.add(award)
    session.flush()
    entry = date((now - TWO_YEARS).year, 10, 1)
    book = session.scalars(select(Rulebook).where(Rulebook.organisation_id == liverpool)).one()
    book.rules.append(MilestoneRule(code="induction", title="Induction", reckoned=Reckoned.COUNTED, units=1))
    cohort = Cohort(award_id=award.id, title="Measured cohort", entry_year=entry.year, entry_on=entry, created_at=now)
    session.add(cohort)
    session.flush()
    first = books(session)[liverpool].units.of_day(entry)
    rows = [researcher(cohort.id, liverpool, one, entry=entry, unit=first) for one in crowd(session, PEOPLE)]
    session.add_all(rows)
    session.flush()
    renew_milestones(session, [row.id for row in rows], now=now)
    number = session.scalar(select(func.count()).select_from(Milestone)) or 0
    if number < PEOPLE * MILESTONES_EACH:
        raise SystemExit(f"Only {number} milestones were reckoned for {PEOPLE} people.")
    return Seeded(cohort.id, organiser(session, liverpool), number)


def researcher(cohort_id: int, home_id: int, person_id: int, *, entry: date, unit: int) -> Candidature:
    """Return a researcher, full time."""
    return Candidature(
        cohort_id=cohort_id,
        person_id=person_id,
        home_organisation_id=home_id,
        registered_on=entry,
        entry_unit=unit,
        state=CandidatureState.ACTIVE,
        state_since=entry,
        created_at=clock.now(),
        rates=[StudyRate(first_unit=unit, per_cent=100)],
    )


def asked(port: int, cookie: str, what: str, addresses: tuple[str, ...]) -> tuple[str, str, bool]:
    """Ask for pages one after the other; the slowest median is what counts."""
    client = load.Client("127.0.0.1", port, cookie=f"programme_session={cookie}")
    slowest, said, answers = 0.0, [], set()
    for address in addresses:
        times = []
        for _ in range(PAGES):
            began = time.perf_counter()
            answers.add(client.get(address).status)
            times.append(time.perf_counter() - began)
        middle = statistics.median(times)
        slowest = max(slowest, middle)
        said.append(f"{address.partition('?')[2] or 'whole'} {middle * 1000:.0f} ms")
    return what, f"{', '.join(said)}, answers {answers}", slowest <= SECONDS and answers == {200}
