"""Jobs that throw away what has served its time."""

from __future__ import annotations

from programme.engines.documents.actions import sweep
from programme.engines.documents.shelf import Shelf
from programme.engines.mail.delivery.claiming import writing
from programme.flows.following.proposing import forget_proposals
from programme.flows.importing.files import forget_unconfirmed
from programme.flows.keeping.housekeeping import housekeep
from programme.flows.picturing.sweeping import forget_unshown
from programme.jobs.job import Done, Work


def tidy(work: Work) -> Done:
    """Throw away what has served its time, files that nobody confirmed among it."""
    with writing(work.factory) as session:
        gone = housekeep(session, work.keepers, work.times, now=work.clock())
        gone += forget_proposals(session, work.store, now=work.clock())
        return Done(gone + forget_unconfirmed(session, work.store, now=work.clock()))


def sweep_files(work: Work) -> Done:
    """Wipe the bytes of files that nobody holds any more, and of pictures that no event shows."""
    with writing(work.factory) as session:
        forget_unshown(session, now=work.clock())
        return Done(sweep(session, Shelf(work.store), now=work.clock()))
