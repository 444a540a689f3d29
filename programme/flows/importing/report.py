"""What is said and kept of an import: counts, and each odd row with its line, reason and the default taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from programme.flows.importing.values import ImportPlan, Outcome

LEFT_OUT = "Left out."


def report(plan: ImportPlan, outcome: Outcome) -> dict[str, Any]:
    """Return all that is told of an import that was carried out, as JSON holds it."""
    return {
        "file": plan.source,
        "read": plan.read,
        "new": outcome.new,
        "changed": outcome.changed,
        "moved": outcome.followed,
        "same": outcome.same,
        "refused": len(plan.refused),
        "missing": plan.missing,
        "published": outcome.published,
        "drafts": outcome.drafts,
        "archived": outcome.archived,
        "told": outcome.told,
        "odd_rows": plan.odd,
        "odd": odd_rows(plan),
        "columns_left_out": left_out(plan),
        "series": [[series_id, title] for series_id, title in outcome.series],
    }


def odd_rows(plan: ImportPlan) -> list[dict[str, Any]]:
    """Return what is odd, by line; a row that cannot be taken among them."""
    found = [(odd.line, odd.field, odd.reason, odd.default_taken) for odd in plan.oddities]
    found += [(row.line, row.field, row.reason, LEFT_OUT) for row in plan.refused]
    names = ("line", "field", "reason", "default")
    return [dict(zip(names, words, strict=True)) for words in sorted(found, key=lambda words: words[0])]


def left_out(plan: ImportPlan) -> list[str]:
    """Return the headings that were not understood, whose columns are not taken."""
    return [column.heading for column in plan.columns if column.field is None and column.heading]
