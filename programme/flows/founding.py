"""What a new installation starts with: organisations, Oxford's term dates, places, and the fixed UID host."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.config import ROOT
from programme.engines.calendar.data.known_dates import oxford_terms
from programme.engines.calendar.models import AcademicPeriod, Venue
from programme.engines.calendar.states import PeriodKind, PeriodStatus
from programme.people.models import End, Installation, Organisation, OrganisationDomain, OrganisationKind

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

DATA = ROOT / "programme" / "engines" / "calendar" / "data"


@dataclass(frozen=True, slots=True)
class Founder:
    """An organisation that a new installation knows."""

    slug: str
    name: str
    short_name: str
    kind: OrganisationKind
    end: End
    domains: tuple[str, ...] = ()


FOUNDED = (Installation, Organisation, OrganisationDomain, Venue, AcademicPeriod)
"""Whose rows a new installation has before anybody used it."""

FOUNDERS = (
    Founder(
        "liverpool",
        "University of Liverpool",
        "Liverpool",
        OrganisationKind.UNIVERSITY,
        End.LIVERPOOL,
        ("liverpool.ac.uk", "liv.ac.uk"),
    ),
    Founder("oxford", "University of Oxford", "Oxford", OrganisationKind.UNIVERSITY, End.OXFORD, ("ox.ac.uk",)),
    Founder(
        "lcrca",
        "Liverpool City Region Combined Authority",
        "Liverpool City Region",
        OrganisationKind.AUTHORITY,
        End.LIVERPOOL,
    ),
    Founder("oxfordshire", "Oxfordshire County Council", "Oxfordshire", OrganisationKind.AUTHORITY, End.OXFORD),
)


def found(session: Session, *, uid_host: str, now: datetime, demo: bool = False) -> bool:
    """Lay the ground of a new installation; False where it was laid before.

    `uid_host` goes into every calendar UID and is never changed afterwards. A demonstration proves ties by
    addresses under `liverpool.example.ac.uk` and `oxford.example.ac.uk` besides.
    """
    if session.scalar(select(Installation.id).limit(1)):
        return False
    session.add(Installation(uid_host=uid_host, created_at=now))
    for position, founder in enumerate(FOUNDERS):
        session.add(organisation_of(founder, position=position, demo=demo))
    session.flush()
    session.add_all(venues_from(DATA / "venues.csv"))
    session.add_all(oxford_periods(session))
    session.flush()
    return True


def organisation_of(founder: Founder, *, position: int, demo: bool) -> Organisation:
    """Return the row for a founding organisation with its domains."""
    domains = list(founder.domains)
    if demo and domains:
        domains.append(f"{founder.slug}.example.ac.uk")
    return Organisation(
        slug=founder.slug,
        name=founder.name,
        short_name=founder.short_name,
        kind=founder.kind,
        end=founder.end,
        position=position,
        contact_address=f"programme@{founder.slug}.example.ac.uk" if demo else "",
        privacy_address=f"data-protection@{founder.slug}.example.ac.uk" if demo else "",
        domains=[OrganisationDomain(domain=domain) for domain in domains],
    )


def venues_from(path: Path) -> list[Venue]:
    """Read the places an installation starts with; organisers correct them."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Venue(
                code=row["code"],
                name=row["name"],
                site=row["site"],
                end=End(row["end"]),
                postcode=row["postcode"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                access={"gate": row["gate"]} if row["gate"] else {},
            )
            for row in csv.DictReader(file)
        ]


def oxford_periods(session: Session) -> list[AcademicPeriod]:
    """Return Oxford's full terms, marked provisional where their source does."""
    oxford = session.scalars(select(Organisation).where(Organisation.slug == "oxford")).one()
    return [
        AcademicPeriod(
            organisation_id=oxford.id,
            kind=PeriodKind.TEACHING,
            label=term.label,
            code=term.short,
            numbering=term.numbering.value,
            first_day=term.first_week,
            first_number=term.first_number,
            weeks=term.weeks,
            weeks_before=term.weeks_before,
            weeks_after=term.weeks_after,
            status=PeriodStatus(term.status.value),
        )
        for term in oxford_terms()
    ]
