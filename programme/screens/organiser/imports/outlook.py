"""What an import would do to the state of each event, with leave to publish and without, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.calendar.reading.rows import RowStatus
from programme.engines.calendar.reading.standing import TAKES_PLACE, Step
from programme.flows.importing.values import RowKind

if TYPE_CHECKING:
    from programme.flows.importing.values import ImportPlan, PlannedRow

WITH_LEAVE = {
    Step.PUBLISH: "A draft here: published if you choose to publish, else it stays one.",
    Step.SHOW_CANCELLED: (
        "Never shown as taking place: shown as cancelled if you choose to publish, else cancelled out of sight."
    ),
    Step.SHOW_POSTPONED: (
        "A draft here: shown as postponed, without a date, if you choose to publish, else it stays a draft."
    ),
    Step.CANCEL: "Cancelled here, too; people with places are told.",
    Step.POSTPONE: "Postponed here, too, without a date; people with places are told.",
    Step.REINSTATE: "Takes place after all if you choose to publish; people with places are told.",
}
NEW = {
    RowStatus.CANCELLED: "Shown as cancelled if you choose to publish, else cancelled out of sight.",
    RowStatus.POSTPONED: "Shown as postponed, without a date, if you choose to publish, else a draft.",
}
STAYS_PUBLIC = "Stays as it is here: no file makes a public event a draft again."


def outlook(row: PlannedRow) -> str:
    """Say what becomes of the state of a row's event; nothing where that goes without saying."""
    if row.kind is RowKind.NEW:
        return NEW.get(row.row.status, "")
    wanted = row.step(publish=True)
    if wanted is not Step.NOTHING:
        return WITH_LEAVE[wanted]
    is_public = row.was is not None and row.was.is_announced
    return STAYS_PUBLIC if is_public and row.row.status is RowStatus.DRAFT and "status" in row.fields else ""


def not_taking_place(plan: ImportPlan) -> int:
    """Count the rows that say cancelled or postponed, as far as the import does anything about them."""
    said = [row for row in plan.rows if row.row.status in {RowStatus.CANCELLED, RowStatus.POSTPONED}]
    return sum(row.kind is RowKind.NEW or row.waits or "status" in row.fields for row in said)


def can_be_published(plan: ImportPlan) -> int:
    """Count the drafts of earlier imports that leave to publish publishes."""
    return sum(row.waits and row.row.status in TAKES_PLACE for row in plan.rows)
