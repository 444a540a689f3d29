"""`make soak`: the long trials; prints what arrived, exits with 1 where somebody was missed or a bound was passed."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session, sessionmaker

from programme.app import create_app
from programme.config import Settings
from programme.core.database import begin_writing
from programme.core.schema import moving
from programme.engines.mail.states import OutboxState
from tests.bed.databases import MIGRATIONS
from tests.bed.servers import postgres
from tests.factories.cast import assemble
from tests.flows.mixed.judging import out_of_order, told_wrongly, wrongs
from tests.flows.mixed.work import Work, ground
from tests.soak.changing_minds import change_minds
from tests.soak.nursery import nursery
from tests.soak.sinks import swallowing
from tests.soak.together import side_by_side
from tests.soak.trials import Ground, Trial, crowd, environment_of, play

if TYPE_CHECKING:
    from sqlalchemy import Engine

TRIALS = {
    "killed": Trial(due=10_000, kills=50, delay=0.002),
    "three dispatchers": Trial(due=10_000, dispatchers=3, kills=50, delay=0.002, seed=2),
    "asleep": Trial(due=5_000, dispatchers=2, kills=10, stops=10, delay=0.002, seed=3),
    "lost answers": Trial(due=5_000, kills=5, lose=0.01, delay=0.002, seed=4),
    "side by side": Trial(due=1_000, dispatchers=2, workers=4, kills=0),
    "changing minds": Trial(due=5_000, dispatchers=2, kills=0, cancels=600, delay=0.01),
}
KINDS = ("sqlite", "postgresql")
MIXED, MIXED_SECONDS = "mixed", 30
"""Register, cancel, promote, release and skip at random, from several threads."""


def main(words: list[str]) -> int:
    """Play the trials named, all where none is, on the databases named."""
    kinds = [word for word in words if word in KINDS] or list(KINDS)
    chosen = [word for word in words if word in (*TRIALS, MIXED)] or [*TRIALS, MIXED]
    ended_well = [on(kind, name) for kind in kinds for name in chosen]
    return int(not all(ended_well))


def on(kind: str, name: str) -> bool:
    """Play one trial on a fresh database, print what came of it, and say whether it was well."""
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        folder = Path(place)
        if kind == "sqlite":
            return told(kind, name, f"sqlite:///{folder / 'programme.sqlite'}", folder)
        binaries = postgres.programs()
        if binaries is None:
            raise SystemExit("No PostgreSQL was found.")
        with postgres.running(binaries, manner=postgres.DURABLE) as server:
            return told(kind, name, server.url(server.create()), folder)


def told(kind: str, name: str, url: str, folder: Path) -> bool:
    """Play one trial and print its sum."""
    trial, began = TRIALS.get(name, Trial(due=0)), time.monotonic()
    moving.upgrade(url, MIGRATIONS)
    engine = moving.engine_for(url)
    if name == MIXED:
        return went_well(kind, engine)
    with swallowing(folder, "--delay", str(trial.delay), "--lose", str(trial.lose)) as (mail_url, notes):
        environment = environment_of(url, folder, mail_url=mail_url, connections=trial.connections)
        app = create_app(Settings.from_environment(environment))
        with Session(engine) as session:
            begin_writing(session)
            assemble(session)
            crowd(session, trial.due, subjects=() if trial.workers else app.extensions["reminder_subjects"])
        with nursery() as started:
            ground = Ground(started, sessionmaker(engine, expire_on_commit=False), environment, notes)
            if trial.cancels:
                is_well, words = of_minds(trial, ground)
            else:
                is_well, words = of_sums(trial, ground)
    engine.dispose()
    sys.stdout.write(
        f"{'ok    ' if is_well else 'FAILED'}  {kind}, {name}: {words}, {time.monotonic() - began:.0f} s\n"
    )
    sys.stdout.flush()
    return is_well


def of_minds(trial: Trial, ground: Ground) -> tuple[bool, str]:
    """Play a trial of people who cancel; return whether it was well, and how it ended."""
    found = change_minds(trial, ground)
    words = (
        f"{trial.due:,} due, {len(found.cancelled)} cancelled, {len(found.unmarked)} of them in time: "
        f"{len(found.too_late)} written to too late, {len(found.missed)} missed"
    )
    return bool(found.unmarked) and not found.too_late and not found.missed, words


def of_sums(trial: Trial, ground: Ground) -> tuple[bool, str]:
    """Play a trial of kills, stops and lost answers; return whether it was well, and how it ended."""
    found = side_by_side(trial, ground) if trial.workers else play(trial, ground)
    missing, bound = trial.due - len(found.copies), trial.most_doubled
    is_well = not missing and found.doubled <= bound and found.states == {OutboxState.SENT: trial.due}
    is_well = is_well and all(len(names) == 1 for names in found.names.values())
    words = (
        f"{trial.due:,} due, {trial.kills} kills, {trial.stops} stops: "
        f"{missing} missing, {found.doubled} doubled (at most {bound})"
    )
    return is_well, words


def went_well(kind: str, engine: Engine) -> bool:
    """Do mixed work, print what came of it, and say whether everything held."""
    with Session(engine) as session:
        openings, organiser = ground(session)
        work = Work(engine, openings, organiser, seed=int(time.time()))
        work.run(seconds=MIXED_SECONDS)
        session.rollback()
        session.expire_all()
        bad = [*work.wrongs, *wrongs(session, openings), *out_of_order(session, work), *told_wrongly(session, work)]
    engine.dispose()
    sys.stdout.write(
        f"{'FAILED' if bad else 'ok    '}  {kind}, mixed: seed {work.seed}, {work.deeds.total():,} deeds, "
        f"{work.promoted.total():,} moved up, {work.lent.total():,} chairs lent, {MIXED_SECONDS} s\n"
    )
    sys.stdout.writelines(f"        {wrong}\n" for wrong in bad[:5])
    sys.stdout.flush()
    return not bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
