"""The training record: events that are training, who came, what was declared, entered, assented to, refused."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.tokens import new_token
from programme.demo import people, signing_up
from programme.demo.doctoral import ground
from programme.demo.doctoral.ground import JUNIPER, LINNEA, ROWAN, TAMSIN, ago, event, record, there
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.demo.happenings import Comer
from programme.demo.stage import clear_of_christmas
from programme.engines.calendar.actions import events
from programme.engines.calendar.actions.values import Details, Plan
from programme.engines.calendar.states import Audience, Visibility
from programme.engines.calendar.times import london_day, nearest_instant
from programme.engines.registration.door.actions import Press
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.openings import actions as openings
from programme.engines.registration.openings.editing.details import Details as OpeningDetails
from programme.engines.registration.states import Attendance, Eligibility
from programme.flows import scheduling
from programme.flows.door.checking_in import check_in, mark_the_rest
from programme.flows.reminding import open_registration
from programme.people.states import Strand
from programme.strands.cohorts.models import EventTraining, TrainingEntry
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.states import TrainingEvidence, TrainingItem, TrainingState
from programme.strands.cohorts.training.events.actions import Worth, set_worth, take_worth_off
from programme.strands.cohorts.training.record import entries
from programme.strands.cohorts.training.record.drafting import drafts
from programme.strands.cohorts.training.record.entries import Declared
from programme.strands.cohorts.training.record.signed import assent

if TYPE_CHECKING:
    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

E, I = TrainingEvidence, TrainingItem  # noqa: E741
INTEGRITY, WRITING = "Research integrity, in practice", "Writing for two kinds of readers"
CONFERENCE, WALK = "Cohort day: how we work together", "A walk along the canal"
HAPPEN: tuple[tuple[str, int, int, int, str], ...] = (
    (INTEGRITY, -5, 10, 240, "Cases from both universities, in small groups."),
    (WRITING, -2, 13, 180, "For referees, and for everybody else."),
    (CONFERENCE, 4, 10, 360, "Open research, shared instruments, and who signs what."),
    (WALK, 3, 17, 120, "From the Pier Head to Eldonian Village, with whoever likes."),
)
"""The cohort's own events: title, in how many weeks, at which hour, how many minutes, what it is about."""
COME: tuple[tuple[str, tuple[Somebody, ...]], ...] = (
    (INTEGRITY, (ROWAN, LINNEA, JUNIPER, TAMSIN)),
    (WRITING, (ROWAN, LINNEA)),
    (CONFERENCE, (ROWAN, LINNEA)),
)
AWAY = (INTEGRITY, TAMSIN)
WORTHS = (
    (INTEGRITY, Worth(240, ("C1", "C4"), I.RESEARCH_INTEGRITY)),
    (WRITING, Worth(180, ("D2",))),
    (CONFERENCE, Worth(360, ("C4", "D1"))),
    (WALK, Worth(120, ("B1",))),
)
THURSDAY = timedelta(days=3)
BRIEFING = "Safety in both laboratories"
SCHOOL, DEMONSTRATING, STATISTICS = (
    "Summer school on electron microscopy",
    "Demonstrator’s course",
    "Statistics by mail",
)
STALL, WEEK = "A stall for children: what is in a stone?", "A week of writing"
MORE_HOURS = 9 * 60
NO = "Nobody taught this, as far as its page says. What did you do?"


def instant(stage: Stage, weeks: int, hour: int) -> datetime:
    """Return an hour of London’s clock, on the Thursday so many weeks from the present week, or clear of Christmas."""
    today = london_day(stage.now)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    moved = clear_of_christmas(monday) - monday
    return nearest_instant(datetime.combine(monday + (moved if weeks > 0 else -moved) + THURSDAY, time(hour)))


def hold_events(stage: Stage) -> None:
    """Liverpool makes the cohort’s own events with Oxford, and publishes them."""
    lead, other = (stage.organisations[slug].id for slug in (people.LIVERPOOL, people.OXFORD))
    actor = ground.organiser(stage)
    for title, weeks, hour, minutes, summary in HAPPEN:
        begins = instant(stage, weeks, hour)
        now = min(begins, stage.now) - timedelta(weeks=3)
        details = Details(
            title=title,
            strand=Strand.COHORTS,
            summary=summary,
            visibility=Visibility.MEMBERS,
            audience=Audience.BOTH_UNIVERSITIES,
            audience_note=ground.COHORT,
        )
        plan = Plan(starts_at=begins, ends_at=begins + timedelta(minutes=minutes), room="Seminar room 2")
        row = events.create(stage.session, details, plan=plan, lead_id=lead, actor=actor, now=now)
        events.share(stage.session, row.id, [other], actor=actor, now=now)
        scheduling.publish(stage.session, row.id, actor=actor, now=now)


def open_them(stage: Stage) -> None:
    """One registers for those that are work."""
    members = tuple(stage.organisations[slug].id for slug in (people.LIVERPOOL, people.OXFORD))
    for title, _ in COME:
        row, actor = event(stage, title), ground.organiser(stage)
        now = min(row.starts_at, stage.now) - timedelta(weeks=3)
        wanted = OpeningDetails(title=title, event_ids=(row.id,), eligibility=Eligibility.MEMBERS, members_of=members)
        lead, told = row.lead_organisation_id, {"actor": actor, "now": now}
        made = openings.create(stage.session, wanted, lead_id=lead, strand=Strand.COHORTS, **told)  # type: ignore[arg-type]
        open_registration(stage.session, made.id, actor=actor, now=now)


def opening(stage: Stage, title: str) -> Opening:
    """Return the opening of an event."""
    return ground.only(stage, Opening, Opening.title == title, words=f"One cannot register for “{title}”.")


def register(stage: Stage) -> None:
    """Some register."""
    for title, comers in COME:
        now = min(event(stage, title).starts_at, stage.now) - timedelta(weeks=1)
        for turn, who in enumerate(comers):
            signing_up.register(stage.session, opening(stage, title), Comer(who), turn=turn, now=now)


def seat(stage: Stage, title: str, who: Somebody) -> Seat:
    """Return somebody’s chair."""
    own = (Registration.opening_id == opening(stage, title).id, Registration.address == who.address)
    found = stage.session.scalars(select(Seat).join(Registration).where(*own)).first()
    if found is None:
        raise MissingError(f"{who.name} has no place at “{title}”.")
    return found


def keep_the_door(stage: Stage) -> None:
    """Who came is marked, and who did not."""
    for title, comers in COME:
        row = event(stage, title)
        if row.ends_at > stage.now:
            continue
        for who in comers:
            if (title, who) != AWAY:
                press = Press(wanted=Attendance.PRESENT, key=new_token())
                chair = seat(stage, title, who).id
                check_in(stage.session, chair, press, actor=ground.organiser(stage), now=row.starts_at)
        told = {"actor": ground.organiser(stage), "now": row.ends_at}
        unknown, absent = Attendance.UNKNOWN, Attendance.ABSENT
        mark_the_rest(stage.session, opening(stage, title).id, row.id, unknown, absent, **told)  # type: ignore[arg-type]


def say_worth(stage: Stage) -> None:
    """What each is worth as training is said, of the walk as well."""
    for title, worth in WORTHS:
        row = event(stage, title)
        now = min(row.starts_at, stage.now) - timedelta(weeks=2)
        set_worth(stage.session, row.id, worth, actor=ground.organiser(stage), now=now)


def take_off(stage: Stage) -> None:
    """A walk is no training."""
    now = ago(stage, weeks=1)
    take_worth_off(stage.session, event(stage, WALK).id, actor=ground.organiser(stage), now=now)


def hand_in(stage: Stage) -> None:
    """Three hand in that they came."""
    now = ago(stage, weeks=3)
    for who in (ROWAN, LINNEA, JUNIPER):
        number = event(stage, INTEGRITY).id
        entries.hand_in(stage.session, record(stage, who).id, number, actor=ground.acting(stage, who), now=now)


def entry(stage: Stage, who: Somebody, title: str) -> TrainingEntry:
    """Return a line of somebody’s training record."""
    own = (TrainingEntry.candidature_id == record(stage, who).id, TrainingEntry.title == title)
    words = f"{who.name}’s training record does not say “{title}”."
    return ground.only(stage, TrainingEntry, *own, words=words)


def take_back(stage: Stage) -> None:
    """One takes it back: she wants to say more."""
    row = entry(stage, JUNIPER, INTEGRITY)
    told = {"actor": ground.acting(stage, JUNIPER), "now": ago(stage, weeks=2)}
    entries.take_back(stage.session, row.candidature_id, row.id, **told)  # type: ignore[arg-type]


def declared(stage: Stage, title: str, worth: Worth, *, weeks: int, organiser: str, link: str = "") -> Declared:
    """Return training elsewhere as its form holds it."""
    day = london_day(ago(stage, weeks=weeks))
    return Declared(title=title, begins_on=day, ends_on=day, worth=worth, organiser=organiser, link=link)


def declare(stage: Stage) -> None:
    """Two declare what they did elsewhere, with a link or a file that shows it."""
    page = "https://example.org/course"
    school = declared(stage, SCHOOL, Worth(900, ("A1", "A2")), weeks=20, organiser="A society (demo)", link=page)
    course = declared(stage, DEMONSTRATING, Worth(360, ("D1", "B3")), weeks=12, organiser="The department")
    numbers = declared(stage, STATISTICS, Worth(600, ("A2",)), weeks=9, organiser="Somebody (demo)", link=page)
    certificate = ground.laid(stage, f"Certificate: {ROWAN.name}", "certificate.pdf")
    stall = declared(stage, STALL, Worth(420, ("D3", "D2")), weeks=30, organiser="A science festival (demo)", link=page)
    week = declared(stage, WEEK, Worth(1200, ("B2", "D2")), weeks=38, organiser="The library (demo)", link=page)
    own = ((ROWAN, school, None), (ROWAN, course, certificate), (ROWAN, stall, None), (ROWAN, week, None))
    for who, wanted, paper in (*own, (JUNIPER, numbers, None)):
        told = {"laid": paper, "actor": ground.acting(stage, who), "now": ago(stage, weeks=8)}
        entries.declare(stage.session, record(stage, who).id, wanted, **told)  # type: ignore[arg-type]


def change(stage: Stage) -> None:
    """One corrects the hours."""
    wanted = declared(stage, DEMONSTRATING, Worth(MORE_HOURS, ("D1", "B3")), weeks=12, organiser="The department")
    row = entry(stage, ROWAN, DEMONSTRATING)
    told = {"actor": ground.acting(stage, ROWAN), "now": ago(stage, weeks=7)}
    entries.change(stage.session, row.candidature_id, row.id, wanted, **told)  # type: ignore[arg-type]


def enter(stage: Stage) -> None:
    """What organisers know of, they enter: it counts at once."""
    for who in (ROWAN, JUNIPER, LINNEA):
        row = record(stage, who)
        day = row.registered_on + timedelta(weeks=1)
        wanted = Declared(BRIEFING, day, day, Worth(120, ("C1",), I.HEALTH_AND_SAFETY), "Both universities")
        entries.enter(stage.session, row.id, wanted, actor=ground.organiser(stage), now=ground.at(day))


def agree(stage: Stage) -> None:
    """Primary supervisors assent, and refuse one line; some wait."""
    said = [(ROWAN, title, "") for title in (INTEGRITY, SCHOOL, STALL, WEEK)]
    for who, title, comment in (*said, (JUNIPER, STATISTICS, NO)):
        row = entry(stage, who, title)
        told = {"things": SIGNED_THINGS, "actor": ground.primary(stage, who), "now": ago(stage, weeks=1)}
        assent(stage.session, row.candidature_id, row.id, agrees=not comment, comment=comment, **told)  # type: ignore[arg-type]


def is_drafted(stage: Stage) -> bool:
    """Whether who came to an event has a line that waits to be handed in."""
    ids = [record(stage, one).id for one in (ROWAN, JUNIPER)]
    return all(drafts(stage.session, ids).values())


def states(stage: Stage) -> set[TrainingState]:
    """Return where lines stand."""
    return {*stage.session.scalars(select(TrainingEntry.state))}


CHAPTER = Chapter(
    "They are trained",
    (
        Step("The cohort’s own events are published", hold_events),
        Step("Registration is opened", open_them),
        Step("Some register", register),
        Step("Who came is marked at the door", keep_the_door),
        Step("What events are worth as training is said", say_worth),
        Step("One of them is no training", take_off),
        Step("Some hand in that they came", hand_in),
        Step("One takes it back", take_back),
        Step("Some declare training elsewhere", declare),
        Step("One corrects it", change),
        Step("Organisers enter what they know of", enter),
        Step("Primary supervisors assent, and refuse", agree),
    ),
    (
        Promise(
            "no event is training.", lambda stage: there(stage, EventTraining.event_id == event(stage, WRITING).id)
        ),
        Promise("a walk is training.", lambda stage: not there(stage, EventTraining.event_id == event(stage, WALK).id)),
        Promise("no check-in drafts a line.", is_drafted),
        Promise(
            "not every kind of evidence is there.",
            lambda stage: {*stage.session.scalars(select(TrainingEntry.evidence))} == {*E},
        ),
        Promise("lines do not stand in every state.", lambda stage: states(stage) == {*TrainingState}),
        Promise("nobody corrected hours.", lambda stage: there(stage, TrainingEntry.minutes == MORE_HOURS)),
    ),
)
