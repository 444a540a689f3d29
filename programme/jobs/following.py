"""The job that refreshes subscribed addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from programme.engines.mail.delivery.claiming import writing
from programme.flows.following.refreshing import claim, due_addresses, got, settle
from programme.jobs.job import Done
from programme.people.roles import OPERATOR

if TYPE_CHECKING:
    from programme.jobs.job import Work

log = structlog.get_logger(__name__)


def refresh(work: Work) -> Done:
    """Refresh each address that is due: claimed, fetched while no transaction is open, and taken in.

    One that fails stops no other, and is raised in the end; it is tried again once its lease is over.
    """
    with work.factory() as session:
        found = due_addresses(session, work.clock())
    done, failed = 0, None
    for address_id in found:
        if work.is_ending():
            break
        try:
            done += refresh_one(work, address_id)
        except Exception as error:
            log.exception("job_failed_on_one", verb="refresh", id=address_id)
            failed = error
        work.pulse()
    if failed is not None:
        raise failed
    return Done(done)


def refresh_one(work: Work, address_id: int) -> bool:
    """Refresh one address, unless somebody else does."""
    with writing(work.factory) as session:
        claimed = claim(session, address_id, now=work.clock())
    if claimed is None:
        return False
    came = got(work.fetcher, claimed.url, claimed.marks, around=work.clock().date())
    with writing(work.factory) as session:
        settle(session, address_id, came, actor=OPERATOR, now=work.clock())
    return True
