"""What the kinds of things are called that acts in the trail are done to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "event": "Events",
    "series": "Series",
    "opening": "Registration and forms",
    "registration": "People on rolls",
    "person": "Roles and accounts",
    "organisation": "Organisations and imports",
    "group": "Groups",
    "venue": "Places",
    "academic_period": "Term dates",
    "letter": "Single letters",
    "suppression": "Addresses without letters",
    "broadcast": "Letters to many",
    "installation": "All e-mail",
    "personal_feed": "Calendar addresses",
    "candidature": "Doctoral records",
    "cohort": "Cohorts",
    "funding_award": "Doctoral awards",
    "rulebook": "Rulebooks",
    "residential_pattern": "Patterns of residentials",
    "admission": "Admission to cohorts",
    "training_framework": "Frameworks of training",
}
"""What kinds of things acts are done to, as the filter calls them."""
