"""What thousands in one opening cost: a registration beside them, moving a thousand of them up, and their roll."""

from __future__ import annotations

import statistics
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks import load, places, seeding, servers, signups
from programme.app import create_app
from programme.config import Settings
from programme.core import clock
from programme.core.schema import moving
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, OpeningEvent, Quota, Registration, Seat
from programme.engines.registration.states import RegistrationState
from programme.jobs.working import work_of
from programme.people.models import Organisation, Person, Role, RoleGrant
from programme.people.signing_in import open_browser
from programme.scheduler import JOBS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEW, MANY = 20, 20_000
SIGN_UPS, CLIENTS = 400, 2
TURNS = 4
DEARER = 1.20
RELEASED = 1_000
SECONDS = 5.0
DELAY = 0.200
FIRST_PAGE = 0.300
PAGES = 40
BETWEEN = 0.02
NUMBERS = 5_000_000
CONFIRMED, WAITING = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED


class Seeded(NamedTuple):
    """What is measured: an opening with few in it, one with many, and one with a thousand who wait for a release."""

    few: int
    many: int
    kept: int
    cookie: str


def measure(kind: str) -> Iterator[tuple[str, str, bool]]:
    """Give (what, figure, whether the target is reached)."""
    with places.installation(kind) as (url, folder):
        seeded = places.write(url, seed)
        with servers.serving(url, folder, workers=2, scheduler=False) as (port, _):
            yield beside_many(port, seeded, kind)
            yield first_page(port, seeded, kind)
            yield moving_up(port, url, folder, seeded, kind)


def seed(session: Session) -> Seeded:
    """Add three openings with their people, and somebody who may see the roll."""
    seeding.events(session, 3)
    found_few = seeding.opening(session, capacity=2 * MANY)[1]
    found_many = seeding.opening(session, capacity=2 * MANY)[1]
    kept = seeding.opening(session, capacity=MANY + RELEASED)[1]
    liverpool, oxford = session.scalars(
        select(Organisation.id).where(Organisation.slug.in_(("liverpool", "oxford"))).order_by(Organisation.position)
    )
    people = crowd(session, MANY)
    register(session, found_few, people[:FEW], state=CONFIRMED, home=liverpool)
    register(session, found_many, people, state=CONFIRMED, home=liverpool)
    register(session, kept, people[:100], state=CONFIRMED, home=liverpool)
    register(session, kept, people[100 : 100 + 2 * RELEASED], state=WAITING, home=liverpool)
    row = session.get_one(Opening, kept)
    row.capacity = 100 + RELEASED
    row.quotas = [Quota(organisation_id=oxford, places=RELEASED, release_at=clock.now() + timedelta(hours=1))]
    lead = session.get_one(Opening, found_many).lead_organisation_id
    return Seeded(found_few, found_many, kept, organiser(session, lead))


def crowd(session: Session, number: int) -> list[int]:
    """Add invented people; return their ids."""
    now = clock.now()
    rows = [
        {
            "name": f"Rolled Person {one}",
            "address": f"rolled{one}@people.example.ac.uk",
            "address_key": f"rolled{one}@people.example.ac.uk",
            "created_at": now,
        }
        for one in range(number)
    ]
    session.execute(insert(Person), rows)
    return list(session.scalars(select(Person.id).where(Person.name.like("Rolled Person %")).order_by(Person.id)))


def register(session: Session, opening_id: int, people: list[int], *, state: RegistrationState, home: int) -> None:
    """Register them, a second after one another, with a chair at every event."""
    began = clock.now() - timedelta(days=30)
    rows = [
        {
            "opening_id": opening_id,
            "person_id": one,
            "name": f"Rolled Person {one}",
            "address": f"rolled{one}@people.example.ac.uk",
            "organisation_id": home,
            "counts_for_id": home,
            "state": state,
            "joined_at": began + timedelta(seconds=number),
            "confirmed_at": began if state is CONFIRMED else None,
        }
        for number, one in enumerate(people)
    ]
    session.execute(insert(Registration), rows)
    made = session.scalars(
        select(Registration.id).where(Registration.opening_id == opening_id, Registration.state == state)
    )
    events = session.scalars(select(OpeningEvent.event_id).where(OpeningEvent.opening_id == opening_id)).all()
    chairs = [{"registration_id": one, "event_id": event, "changed_at": began} for one in made for event in events]
    session.execute(insert(Seat), chairs)


def organiser(session: Session, organisation_id: int) -> str:
    """Add somebody who organises, signed in; return the secret of their cookie."""
    now = clock.now()
    who = Person(
        name="Olga Oakhurst",
        address="olga@people.example.ac.uk",
        address_key="olga@people.example.ac.uk",
        created_at=now,
    )
    who.grants = [RoleGrant(role=Role.ORGANISER, organisation_id=organisation_id, granted_at=now)]
    session.add(who)
    session.flush()
    return open_browser(session, who, browser="Measured", now=now)[1]


def beside_many(port: int, seeded: Seeded, kind: str) -> tuple[str, str, bool]:
    """Compare registering beside few with registering beside many; in turns, so that both see the same machine."""
    took: dict[int, list[float]] = {seeded.few: [], seeded.many: []}
    answers: set[int] = set()
    each = SIGN_UPS // TURNS
    for turn in range(-1, TURNS):
        for number, opening_id in enumerate((seeded.few, seeded.many)):
            times, statuses = posted(port, opening_id, first=NUMBERS + (2 * turn + number + 2) * each, number=each)
            answers |= statuses
            if turn >= 0:
                took[opening_id] += times
    few, many = (statistics.median(took[one]) * 1000 for one in (seeded.few, seeded.many))
    said = (
        f"median {few:.1f} ms beside {FEW}, {many:.1f} ms beside {MANY:,} ({many / few:.2f} times), answers {answers}"
    )
    return f"{kind}: a registration beside {MANY:,}", said, many <= few * DEARER and answers == {signups.SEE_OTHER}


def posted(port: int, opening_id: int, *, first: int, number: int, pause: float = 0.0) -> tuple[list[float], set[int]]:
    """Register invented people one after the other; return how long each sent form took, and the answers."""
    client = load.Client("127.0.0.1", port)
    path = client.get(f"/openings/{opening_id}/registration").header("location")
    times, statuses = [], set()
    for who in range(first, first + number):
        time.sleep(pause)
        hidden = signups.HIDDEN.search(client.get(path).body)
        if hidden is None:
            continue
        said = {"name": f"Measured Person {who}", "email": f"person{who}@people.example.ac.uk"}
        began = time.perf_counter()
        statuses.add(client.post(path, {**said, "form_key": hidden[1].decode()}).status)
        times.append(time.perf_counter() - began)
    return times, statuses


def first_page(port: int, seeded: Seeded, kind: str) -> tuple[str, str, bool]:
    """Ask for the roll's first page, in each of the orders one begins with."""
    client = load.Client("127.0.0.1", port, cookie=f"programme_session={seeded.cookie}")
    slowest, said, answers = 0.0, [], set()
    for query in ("", "?sort=name", "?state=confirmed", "?q=person+19"):
        times = []
        for _ in range(PAGES):
            began = time.perf_counter()
            answers.add(client.get(f"/organise/openings/{seeded.many}{query}").status)
            times.append(time.perf_counter() - began)
        slowest = max(slowest, statistics.median(times))
        said.append(f"{query or 'as it opens'} {statistics.median(times) * 1000:.0f} ms")
    return (
        f"{kind}: the roll's first page of {MANY:,}",
        f"{', '.join(said)}, answers {answers}",
        slowest <= FIRST_PAGE and answers == {200},
    )


def moving_up(port: int, url: str, folder: Path, seeded: Seeded, kind: str) -> tuple[str, str, bool]:
    """Release a quota that moves a thousand people up, while others register beside it."""
    idle, _ = posted(port, seeded.kept, first=NUMBERS + 100_000, number=60, pause=BETWEEN)
    beside: list[float] = []
    ending = threading.Event()

    def register_on() -> None:
        number = NUMBERS + 200_000
        while not ending.is_set():
            beside.extend(posted(port, seeded.kept, first=number, number=1, pause=BETWEEN)[0])
            number += 1

    others = threading.Thread(target=register_on)
    others.start()
    time.sleep(1)
    beside.clear()
    seconds = released(url, folder)
    ending.set()
    others.join()
    promoted, letters = outcome(url, seeded.kept)
    slower = max(beside) - statistics.median(idle)
    good = seconds <= SECONDS and slower <= DELAY and promoted == letters == RELEASED
    said = (
        f"{promoted:,} moved up and {letters:,} letters in {seconds:.1f} s; {len(beside)} registered meanwhile, the"
        f" slowest {max(beside) * 1000:.0f} ms ({statistics.median(idle) * 1000:.0f} ms otherwise)"
    )
    return f"{kind}: releasing a quota of {RELEASED:,}", said, good


def released(url: str, folder: Path) -> float:
    """Let the scheduler's own jobs release it and move everybody up; return the seconds that took."""
    app = create_app(Settings.from_environment(servers.environment(url, folder, 8000)))
    later = clock.now() + timedelta(hours=1, minutes=1)
    jobs = {job.name: job for job in JOBS}
    with app.app_context():
        work = work_of(app, lambda: later)
        began = time.perf_counter()
        for name in ("release", "move_up"):
            jobs[name].run(work)
        return time.perf_counter() - began


def outcome(url: str, opening_id: int) -> tuple[int, int]:
    """Return how many have moved up, and how many letters say so."""
    engine = moving.engine_for(url)
    with Session(engine) as session:
        confirmed = select(func.count()).where(Registration.opening_id == opening_id, Registration.state == CONFIRMED)
        told = select(func.count()).where(OutboxMessage.letter == "registration_promoted")
        counted = (session.scalar(confirmed) or 0) - 100, session.scalar(told) or 0
    engine.dispose()
    return counted
