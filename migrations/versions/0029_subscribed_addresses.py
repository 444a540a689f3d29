"""Subscribed addresses: calendars of others that we follow, and the events that follow them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STRANDS = ("cohorts", "placements", "entrepreneurship", "exchange")


def words(*kinds: str, name: str) -> sa.Enum:
    """Return the type of a closed list of words."""
    return sa.Enum(*kinds, name=name, native_enum=False, length=40)


def upgrade() -> None:
    """Move up: nothing is followed yet."""
    op.create_table(
        "subscribed_address",
        sa.Column("id", BIG, nullable=False),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("strand", words(*STRANDS, name="strand"), nullable=False),
        sa.Column("series_id", BIG, nullable=True),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("state", words("proposed", "followed", "paused", name="addressstate"), nullable=False),
        sa.Column("publishes", sa.Boolean(), nullable=False),
        sa.Column("every_hours", BIG, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("stored_as", sa.String(80), nullable=False),
        sa.Column("etag", sa.String(500), nullable=False),
        sa.Column("last_modified", sa.String(500), nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("succeeded_at", INSTANT, nullable=True),
        sa.Column("failures", BIG, nullable=False),
        sa.Column("trouble", sa.String(500), nullable=False),
        sa.Column("last", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_subscribed_address_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_subscribed_address_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_subscribed_address_series_id_series"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribed_address")),
        sa.UniqueConstraint(
            "organisation_id", "strand", "url", name=op.f("uq_subscribed_address_organisation_id_strand_url")
        ),
    )
    with op.batch_alter_table("subscribed_address", schema=None) as batch_op:
        for column in ("next_at", "organisation_id", "person_id", "series_id"):
            batch_op.create_index(batch_op.f(f"ix_subscribed_address_{column}"), [column], unique=False)
    op.create_table(
        "followed_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("address_id", BIG, nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("conflicting", sa.String(100), nullable=False),
        sa.Column("sequence", BIG, nullable=False),
        sa.Column("stamp", INSTANT, nullable=True),
        sa.Column("upstream", words("here", "called_off", "asked", "kept", name="upstream"), nullable=False),
        sa.Column("vanished_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["subscribed_address.id"],
            name=op.f("fk_followed_event_address_id_subscribed_address"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_followed_event_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followed_event")),
        sa.UniqueConstraint("address_id", "identity", name=op.f("uq_followed_event_address_id_identity")),
        sa.UniqueConstraint("event_id", name=op.f("uq_followed_event_event_id")),
    )


def downgrade() -> None:
    """Move down: the events stay, and follow nothing."""
    op.drop_table("followed_event")
    op.drop_table("subscribed_address")
