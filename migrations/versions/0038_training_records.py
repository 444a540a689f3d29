"""Training: frameworks of skills, what events are worth, the record of each researcher, and what is compulsory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def words(*kinds: str, name: str) -> sa.Enum:
    """Return the type of a closed list of words."""
    return sa.Enum(*kinds, name=name, native_enum=False, length=40)


def upgrade() -> None:
    """Add the tables of training."""
    op.create_table(
        "training_framework",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("loaded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_framework")),
        sa.UniqueConstraint("version", name=op.f("uq_training_framework_version")),
    )
    op.create_table(
        "training_subdomain",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("framework_id", NUMBER, nullable=False),
        sa.Column("domain", sa.String(length=10), nullable=False),
        sa.Column("domain_name", sa.String(length=500), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["training_framework.id"],
            name=op.f("fk_training_subdomain_framework_id_training_framework"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_subdomain")),
        sa.UniqueConstraint("framework_id", "code", name=op.f("uq_training_subdomain_framework_id_code")),
    )
    op.create_table(
        "compulsory_training",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cohort_id", NUMBER, nullable=False),
        sa.Column("event_id", NUMBER, nullable=True),
        sa.Column("series_id", NUMBER, nullable=True),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.CheckConstraint("(event_id IS NULL) <> (series_id IS NULL)", name=op.f("ck_compulsory_training_one_thing")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_compulsory_training_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_compulsory_training_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_compulsory_training_series_id_series"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compulsory_training")),
        sa.UniqueConstraint("cohort_id", "event_id", name=op.f("uq_compulsory_training_cohort_id_event_id")),
        sa.UniqueConstraint("cohort_id", "series_id", name=op.f("uq_compulsory_training_cohort_id_series_id")),
    )
    op.create_index(op.f("ix_compulsory_training_event_id"), "compulsory_training", ["event_id"])
    op.create_index(op.f("ix_compulsory_training_series_id"), "compulsory_training", ["series_id"])
    op.create_table(
        "event_training",
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("minutes", NUMBER, nullable=False),
        sa.Column("framework_id", NUMBER, nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column(
            "item",
            words(
                "research_integrity",
                "health_and_safety",
                "edi",
                "data_protection",
                "responsible_research",
                name="trainingitem",
            ),
            nullable=True,
        ),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_event_training_minutes")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_training_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["training_framework.id"], name=op.f("fk_event_training_framework_id_training_framework")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_training")),
    )
    op.create_index(op.f("ix_event_training_framework_id"), "event_training", ["framework_id"])
    op.create_table(
        "training_entry",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("event_id", NUMBER, nullable=True),
        sa.Column(
            "evidence",
            words("check_in", "organiser", "self_declared", "certificate", name="trainingevidence"),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("minutes", NUMBER, nullable=False),
        sa.Column("framework_id", NUMBER, nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column(
            "item",
            words(
                "research_integrity",
                "health_and_safety",
                "edi",
                "data_protection",
                "responsible_research",
                name="trainingitem",
            ),
            nullable=True,
        ),
        sa.Column("organiser", sa.String(length=500), nullable=False),
        sa.Column("link", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("state", words("handed_in", "agreed", "refused", name="trainingstate"), nullable=False),
        sa.Column("handed_in_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint("ends_on >= begins_on", name=op.f("ck_training_entry_days")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_training_entry_minutes")),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_training_entry_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_training_entry_event_id_event"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["training_framework.id"], name=op.f("fk_training_entry_framework_id_training_framework")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_entry")),
        sa.UniqueConstraint("candidature_id", "event_id", name=op.f("uq_training_entry_candidature_id_event_id")),
    )
    op.create_index(op.f("ix_training_entry_event_id"), "training_entry", ["event_id"])
    op.create_index(op.f("ix_training_entry_framework_id"), "training_entry", ["framework_id"])
    op.create_table(
        "training_exemption",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_training_exemption_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_training_exemption_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_exemption")),
        sa.UniqueConstraint("candidature_id", "event_id", name=op.f("uq_training_exemption_candidature_id_event_id")),
    )
    op.create_index(op.f("ix_training_exemption_event_id"), "training_exemption", ["event_id"])


def downgrade() -> None:
    """Take them out; what was recorded is lost."""
    op.drop_index(op.f("ix_training_exemption_event_id"), table_name="training_exemption")
    op.drop_table("training_exemption")
    op.drop_index(op.f("ix_training_entry_framework_id"), table_name="training_entry")
    op.drop_index(op.f("ix_training_entry_event_id"), table_name="training_entry")
    op.drop_table("training_entry")
    op.drop_index(op.f("ix_event_training_framework_id"), table_name="event_training")
    op.drop_table("event_training")
    op.drop_index(op.f("ix_compulsory_training_series_id"), table_name="compulsory_training")
    op.drop_index(op.f("ix_compulsory_training_event_id"), table_name="compulsory_training")
    op.drop_table("compulsory_training")
    op.drop_table("training_subdomain")
    op.drop_table("training_framework")
