"""The job of doctoral courses: those whose day has come begin."""

from __future__ import annotations

from programme.jobs.job import one_by_one
from programme.strands.cohorts.candidatures.beginning import begin, to_begin

begin_courses = one_by_one(to_begin, begin)
