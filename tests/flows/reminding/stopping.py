"""A scheduler that stands still between queueing reminders and committing them, for whoever is going to kill it.

`python -m tests.flows.reminding.stopping DATABASE_URL INSTANT` runs the job of the table on a database of its own, says
how many letters its transaction holds, and waits.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from programme.app import create_app
from programme.engines.mail.models import OutboxMessage
from programme.jobs.working import work_of
from programme.scheduler import JOBS
from tests.bed.application import settings_for

LONGEST = 120


def main(database_url: str, instant: str) -> None:
    """Run the job up to its commit."""
    event.listen(Session, "before_commit", stand_still)
    with tempfile.TemporaryDirectory() as store:
        app = create_app(settings_for(database_url, store=Path(store)))
        work = work_of(app, lambda: datetime.fromisoformat(instant))
        next(job for job in JOBS if job.name == "remind").run(work)


def stand_still(session: Session) -> None:
    """Say what the transaction holds, and wait."""
    count = session.scalar(select(func.count()).select_from(OutboxMessage))
    sys.stdout.write(f"{count} letters are queued and not committed\n")
    sys.stdout.flush()
    time.sleep(LONGEST)


if __name__ == "__main__":
    main(*sys.argv[1:])
