"""Whom helpers let in: at an event the people of those who asked them, in that strand, and no others'."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

IN_OTHER_STRANDS = """
INSERT INTO role_grant (person_id, role, organisation_id, strand, subject_kind, subject_id, granted_by_id, granted_at)
SELECT DISTINCT held.person_id, held.role, held.organisation_id, opening.strand, held.subject_kind, held.subject_id,
    held.granted_by_id, held.granted_at
FROM role_grant AS held
JOIN event ON (held.subject_kind = 'event' AND (event.id = held.subject_id OR event.part_of_id = held.subject_id))
    OR (held.subject_kind = 'series' AND event.series_id = held.subject_id)
JOIN opening_event ON opening_event.event_id = event.id
JOIN opening ON opening.id = opening_event.opening_id
LEFT JOIN opening_co_owner AS sharing
    ON sharing.opening_id = opening.id AND sharing.organisation_id = held.organisation_id
WHERE held.role = 'helper' AND held.strand <> opening.strand
    AND (opening.lead_organisation_id = held.organisation_id OR sharing.organisation_id IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM role_grant AS same
        WHERE same.person_id = held.person_id AND same.role = 'helper' AND same.organisation_id = held.organisation_id
            AND (same.strand IS NULL OR same.strand = opening.strand)
            AND same.subject_kind = held.subject_kind AND same.subject_id = held.subject_id
    )
"""
"""Until now a helper's strand said nothing. What their own organisation runs at the event they let in as before."""


def upgrade() -> None:
    """Move up: helpers lose the people of another organisation's openings, and none of those of their own."""
    op.execute(IN_OTHER_STRANDS)


def downgrade() -> None:
    """Move down: a role in another strand says the same once more, and does no harm."""
