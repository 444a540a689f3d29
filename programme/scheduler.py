"""THE table of recurring work: job, interval, function; and one turn of it by hand.

The truth is in the database: a tick asks what is due now, and nothing is lost when it is missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core import clock
from programme.flows.answering.drafts import remind_of_drafts
from programme.flows.answering.follow_ups import go_on_asking
from programme.flows.bundling.mornings import queue_mornings
from programme.flows.deciding.escalating import hurry
from programme.flows.registering import lapse_unproved_holds
from programme.flows.reminding import TICK
from programme.jobs.chairs import draw, move_all_up, offers, release
from programme.jobs.courses import ask_signers, begin_courses
from programme.jobs.following import refresh
from programme.jobs.job import Done, Job, in_one_transaction
from programme.jobs.letters import broadcast, bundle_days, read_inbox, readdress, remind, send
from programme.jobs.tidying import sweep_files, tidy
from programme.jobs.working import work_of
from programme.strands.cohorts.admission.referees.actions import remind_before_the_end
from programme.strands.cohorts.talent.actions import ask_due

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

MOST_ROUNDS = 10_000

JOBS = (
    Job(TICK, 15, remind),
    Job("readdress", 15, readdress),
    Job("lapse", 60, in_one_transaction(lapse_unproved_holds)),
    Job("draw", 60, draw),
    Job("hurry", 60, in_one_transaction(hurry)),
    Job("release", 15, release),
    Job("offers", 15, offers),
    Job("move_up", 15, move_all_up),
    Job("broadcast", 15, broadcast),
    Job("bundle", 60, bundle_days),
    Job("morning", 60, in_one_transaction(queue_mornings)),
    Job("dispatch", 3, send),
    Job("inbox", 60, read_inbox),
    Job("drafts", 60, in_one_transaction(remind_of_drafts)),
    Job("references", 60, in_one_transaction(remind_before_the_end)),
    Job("follow-ups", 60, in_one_transaction(go_on_asking)),
    Job("subscribed", 60, refresh),
    Job("courses", 600, begin_courses),
    Job("signers", 600, ask_signers),
    Job("destinations", 600, in_one_transaction(ask_due)),
    Job("sweep", 60, sweep_files, is_due_work=False),
    Job("housekeep", 600, tidy, is_due_work=False),
)


def run_due(app: Flask, at: datetime) -> dict[str, Done]:
    """Do everything that is due at an instant, again and again until nothing is left; return how much of each.

    Nothing is thrown away before its time: housekeeping looks at the present, however late `at` is. A job that fails
    raises here: whoever asked for it by hand is to see it.
    """
    work, sums = work_of(app, lambda: at), {job.name: Done() for job in JOBS}
    with app.app_context():
        for _ in range(MOST_ROUNDS):
            found = {job.name: job.run(work) for job in JOBS if job.is_due_work}
            sums.update({name: sums[name].and_then(done) for name, done in found.items()})
            if not any(done.count for done in found.values()):
                break
        present = work_of(app, lambda: min(at, clock.now()))
        sums.update({job.name: job.run(present) for job in JOBS if not job.is_due_work})
    return sums
