"""The jobs of doctoral courses: those whose day has come begin, and who signs from a day on is asked then."""

from __future__ import annotations

from programme.jobs.job import one_by_one
from programme.strands.cohorts.candidatures.beginning import begin, to_begin
from programme.strands.cohorts.progress.handing.taking_over import ask_who_signs_now, to_ask

begin_courses = one_by_one(to_begin, begin)
ask_signers = one_by_one(to_ask, ask_who_signs_now)
