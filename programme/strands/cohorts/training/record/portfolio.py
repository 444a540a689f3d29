"""Lines for Liverpool's portfolio of activity, ready to paste: of the year from June to May. And the printed record."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from programme.core.web.words import long_date
from programme.engines.registration.papers.setting import pdf_of, settable
from programme.strands.cohorts.states import TrainingEvidence, TrainingState
from programme.strands.cohorts.training.record.queries import organisers_of, target_of
from programme.strands.cohorts.training.record.shown import said
from programme.strands.cohorts.training.summing import summed, year_of
from programme.strands.cohorts.training.words import ITEMS, TYPES, days, hours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from programme.strands.cohorts.models import Candidature, TrainingEntry
    from programme.strands.cohorts.training.record.shown import Gathered
    from programme.strands.cohorts.training.summing import Year

HEAD = ("Date", "Title", "Type", "Hours", "RDF sub-domain", "Organiser")


def portfolio(found: Gathered, year: Year) -> list[tuple[str, ...]]:
    """Return the lines of a year in the order of their days: all that one did, but what was refused."""
    rows = [
        (row.begins_on, row.title, TYPES[row.evidence], row.minutes, row.codes, row.organiser)
        for row in found.kept
        if row.state is not TrainingState.REFUSED
    ]
    rows += [
        (
            one.day,
            one.event.title,
            TYPES[TrainingEvidence.CHECK_IN],
            one.worth.minutes,
            one.worth.codes,
            organisers_of(one.event),
        )
        for one in found.came
    ]
    own = sorted((row for row in rows if year.holds(row[0])), key=lambda row: (row[0], row[1]))
    return [
        (day.isoformat(), title, kind, hours(minutes), ", ".join(codes), by)
        for day, title, kind, minutes, codes, by in own
    ]


def record_paper(found: Gathered, row: Candidature, *, programme: str, now: datetime) -> bytes:
    """Return the record as a paper: what was assented to, by academic year, with what it comes to."""
    name = settable(row.person.name) if row.person else ""
    told: dict[str, Any] = {
        "title": f"Training record{': ' if name else ''}{name}",
        "name": name,
        "facts": [
            {"word": word, "what": settable(what)}
            for word, what in (
                ("Cohort", row.cohort.title),
                ("Registered at", ", ".join(part for part in (row.home.name, row.department) if part)),
                ("With", row.partner.name if row.partner else ""),
            )
            if what
        ],
        "years": list(paper_years(found, row)),
        "frameworks": sorted({settable(f"{one.framework.version}: {one.framework.source}") for one in agreed(found)}),
        "programme": settable(programme),
        "issued": long_date(now),
        "organisers": [settable(row.home.name)],
    }
    return pdf_of("training", told)


def agreed(found: Gathered) -> list[TrainingEntry]:
    """Return what was assented to, in the order of its days."""
    return sorted(
        (row for row in found.kept if row.state is TrainingState.AGREED), key=lambda row: (row.begins_on, row.id)
    )


def paper_years(found: Gathered, row: Candidature) -> Iterator[Mapping[str, Any]]:
    """Give each academic year in which something was assented to, with its lines."""
    target = target_of(row.cohort.award)
    known = {year_of(one.begins_on) for one in agreed(found)}
    for year in sorted(known, key=lambda one: one.first):
        sums = summed(found.lines, year, target)
        only = type(sums)(sums.agreed, Fraction(0), sums.target)
        yield {
            "name": year.name,
            "sum": said(only, target),
            "lines": [paper_line(one) for one in agreed(found) if year.holds(one.begins_on)],
        }


def paper_line(one: TrainingEntry) -> Mapping[str, str]:
    """Return one line of the paper."""
    parts = [*one.codes, *([ITEMS[one.item]] if one.item else [])]
    return {
        "when": days(one.begins_on, one.ends_on),
        "title": settable(one.title),
        "by": settable(one.organiser),
        "hours": hours(one.minutes),
        "parts": settable(", ".join(parts)),
    }
