"""Rulebooks, awards, cohorts and candidatures, with milestones, supervision and signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def words(*kinds: str, name: str) -> sa.Enum:
    """Return the type of a closed list of words."""
    return sa.Enum(*kinds, name=name, native_enum=False, length=40)


def upgrade() -> None:
    """Move up: no cohort is known yet, and no rulebook: `programme init` adds those of the two universities."""
    op.create_table(
        "funding_award",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column(
            "kind",
            words(
                "landscape",
                "focal",
                "dtp",
                "cdt",
                "icase",
                "other_ukri",
                "charity",
                "industry",
                "university",
                "self",
                name="awardtype",
            ),
            nullable=False,
        ),
        sa.Column("funder", sa.String(length=500), nullable=False),
        sa.Column("grant_reference", sa.String(length=100), nullable=False),
        sa.Column("lead_organisation_id", NUMBER, nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("placement_days", NUMBER, nullable=False),
        sa.Column("training_target", NUMBER, nullable=False),
        sa.Column("training_unit", words("days", "hours", "credits", name="trainingunit"), nullable=False),
        sa.Column("hours_a_day", NUMBER, nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_funding_award_lead_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_award")),
    )
    op.create_index(op.f("ix_funding_award_lead_organisation_id"), "funding_award", ["lead_organisation_id"])
    op.create_table(
        "rulebook",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("counting", words("terms", "months", name="counting"), nullable=False),
        sa.Column("part_time_rate", NUMBER, nullable=False),
        sa.Column("least_supervisors", NUMBER, nullable=False),
        sa.Column("shortest_suspension", NUMBER, nullable=False),
        sa.Column("longest_suspension", NUMBER, nullable=True),
        sa.Column("suspension_in_all", NUMBER, nullable=True),
        sa.Column("meetings_counting", words("terms", "months", name="counting"), nullable=False),
        sa.Column("meetings_every_full", NUMBER, nullable=False),
        sa.Column("meetings_every_part", NUMBER, nullable=False),
        sa.Column("meetings_year_month", NUMBER, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_rulebook_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_rulebook_organisation_id")),
    )
    op.create_table(
        "signature",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", NUMBER, nullable=False),
        sa.Column(
            "signer",
            words(
                "researcher", "supervisor", "partner_supervisor", "department", "college", "organiser", name="signer"
            ),
            nullable=False,
        ),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("state", words("not_asked", "asked", "agreed", "refused", name="signaturestate"), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("link_version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signature_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "signer",
            "person_id",
            name=op.f("uq_signature_subject_kind_subject_id_signer_person_id"),
        ),
    )
    op.create_index(op.f("ix_signature_person_id"), "signature", ["person_id"])
    op.create_table(
        "cohort",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("award_id", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("entry_year", NUMBER, nullable=False),
        sa.Column("entry_on", sa.Date(), nullable=False),
        sa.Column("target_size", NUMBER, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["funding_award.id"], name=op.f("fk_cohort_award_id_funding_award")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("award_id", "entry_year", name=op.f("uq_cohort_award_id_entry_year")),
    )
    op.create_table(
        "funding_award_co_owner",
        sa.Column("award_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["award_id"],
            ["funding_award.id"],
            name=op.f("fk_funding_award_co_owner_award_id_funding_award"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_funding_award_co_owner_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("award_id", "organisation_id", name=op.f("pk_funding_award_co_owner")),
    )
    op.create_index(op.f("ix_funding_award_co_owner_organisation_id"), "funding_award_co_owner", ["organisation_id"])
    op.create_table(
        "milestone_rule",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("rulebook_id", NUMBER, nullable=False),
        sa.Column("award_id", NUMBER, nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("reckoned", words("counted", "yearly", "before", name="reckoned"), nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column("weeks", NUMBER, nullable=False),
        sa.Column("falls", words("last day", "friday of noughth week of the next", name="falls"), nullable=False),
        sa.Column("is_last", sa.Boolean(), nullable=False),
        sa.Column("is_key", sa.Boolean(), nullable=False),
        sa.Column("needs_evidence", sa.Boolean(), nullable=False),
        sa.Column("signers", sa.JSON(), nullable=False),
        sa.Column("longest_extension_full", NUMBER, nullable=True),
        sa.Column("longest_extension_part", NUMBER, nullable=True),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["award_id"],
            ["funding_award.id"],
            name=op.f("fk_milestone_rule_award_id_funding_award"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rulebook_id"], ["rulebook.id"], name=op.f("fk_milestone_rule_rulebook_id_rulebook"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_rule")),
    )
    op.create_index(op.f("ix_milestone_rule_award_id"), "milestone_rule", ["award_id"])
    op.create_index(
        "uq_milestone_rule_award_code",
        "milestone_rule",
        ["rulebook_id", "code", "award_id"],
        unique=True,
        sqlite_where=sa.text("award_id IS NOT NULL"),
        postgresql_where=sa.text("award_id IS NOT NULL"),
    )
    op.create_index(
        "uq_milestone_rule_code",
        "milestone_rule",
        ["rulebook_id", "code"],
        unique=True,
        sqlite_where=sa.text("award_id IS NULL"),
        postgresql_where=sa.text("award_id IS NULL"),
    )
    op.create_table(
        "rulebook_term",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("rulebook_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("years_later", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["rulebook_id"], ["rulebook.id"], name=op.f("fk_rulebook_term_rulebook_id_rulebook"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook_term")),
        sa.UniqueConstraint("rulebook_id", "position", name=op.f("uq_rulebook_term_rulebook_id_position")),
    )
    op.create_table(
        "candidature",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("cohort_id", NUMBER, nullable=False),
        sa.Column("home_organisation_id", NUMBER, nullable=False),
        sa.Column("partner_organisation_id", NUMBER, nullable=True),
        sa.Column("department", sa.String(length=500), nullable=False),
        sa.Column("college", sa.String(length=500), nullable=False),
        sa.Column("project", sa.String(length=500), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("entry_unit", NUMBER, nullable=False),
        sa.Column("funded_until", sa.Date(), nullable=True),
        sa.Column("submission_deadline", sa.Date(), nullable=True),
        sa.Column("has_sponsored_visa", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            words(
                "admitted",
                "active",
                "placement",
                "leave",
                "writing_up",
                "submitted",
                "completed",
                "withdrawn",
                name="candidaturestate",
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("approver_id", NUMBER, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["person.id"], name=op.f("fk_candidature_approver_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_candidature_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["home_organisation_id"], ["organisation.id"], name=op.f("fk_candidature_home_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["partner_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_candidature_partner_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_candidature_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidature")),
        sa.UniqueConstraint("person_id", "cohort_id", name=op.f("uq_candidature_person_id_cohort_id")),
    )
    op.create_index(op.f("ix_candidature_approver_id"), "candidature", ["approver_id"])
    op.create_index(op.f("ix_candidature_cohort_id"), "candidature", ["cohort_id"])
    op.create_index(op.f("ix_candidature_home_organisation_id"), "candidature", ["home_organisation_id"])
    op.create_index(op.f("ix_candidature_partner_organisation_id"), "candidature", ["partner_organisation_id"])
    op.create_index(op.f("ix_candidature_state"), "candidature", ["state"])
    op.create_table(
        "extension",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_extension_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_candidature_id"), "extension", ["candidature_id"])
    op.create_table(
        "milestone",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("rule_id", NUMBER, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("occurrence", NUMBER, nullable=False),
        sa.Column("unit", NUMBER, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=True),
        sa.Column("set_reason", sa.Text(), nullable=False),
        sa.Column("state", words("open", "handed_in", "done", "exempt", name="milestonestate"), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sequence", NUMBER, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_milestone_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["milestone_rule.id"], name=op.f("fk_milestone_rule_id_milestone_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint(
            "candidature_id", "code", "occurrence", name=op.f("uq_milestone_candidature_id_code_occurrence")
        ),
    )
    op.create_index("ix_milestone_due", "milestone", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_milestone_rule_id"), "milestone", ["rule_id"])
    op.create_table(
        "study_rate",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("first_unit", NUMBER, nullable=False),
        sa.Column("per_cent", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_study_rate_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_rate")),
        sa.UniqueConstraint("candidature_id", "first_unit", name=op.f("uq_study_rate_candidature_id_first_unit")),
    )
    op.create_table(
        "supervision",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column(
            "role",
            words("primary", "co", "partner", "industrial", "advisor", "college_advisor", name="supervisionrole"),
            nullable=False,
        ),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("share", NUMBER, nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_supervision_share")),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_supervision_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_supervision_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_supervision_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
    )
    op.create_index(op.f("ix_supervision_candidature_id"), "supervision", ["candidature_id"])
    op.create_index(op.f("ix_supervision_organisation_id"), "supervision", ["organisation_id"])
    op.create_index(op.f("ix_supervision_person_id"), "supervision", ["person_id"])
    op.create_table(
        "suspension",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("first_unit", NUMBER, nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_suspension_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
        sa.UniqueConstraint("candidature_id", "first_unit", name=op.f("uq_suspension_candidature_id_first_unit")),
    )


def downgrade() -> None:
    """Move down: take the tables away."""
    op.drop_table("suspension")
    op.drop_index(op.f("ix_supervision_person_id"), table_name="supervision")
    op.drop_index(op.f("ix_supervision_organisation_id"), table_name="supervision")
    op.drop_index(op.f("ix_supervision_candidature_id"), table_name="supervision")
    op.drop_table("supervision")
    op.drop_table("study_rate")
    op.drop_index(op.f("ix_milestone_rule_id"), table_name="milestone")
    op.drop_index("ix_milestone_due", table_name="milestone")
    op.drop_table("milestone")
    op.drop_index(op.f("ix_extension_candidature_id"), table_name="extension")
    op.drop_table("extension")
    op.drop_index(op.f("ix_candidature_state"), table_name="candidature")
    op.drop_index(op.f("ix_candidature_partner_organisation_id"), table_name="candidature")
    op.drop_index(op.f("ix_candidature_home_organisation_id"), table_name="candidature")
    op.drop_index(op.f("ix_candidature_cohort_id"), table_name="candidature")
    op.drop_index(op.f("ix_candidature_approver_id"), table_name="candidature")
    op.drop_table("candidature")
    op.drop_table("rulebook_term")
    op.drop_index(
        "uq_milestone_rule_code",
        table_name="milestone_rule",
        sqlite_where=sa.text("award_id IS NULL"),
        postgresql_where=sa.text("award_id IS NULL"),
    )
    op.drop_index(
        "uq_milestone_rule_award_code",
        table_name="milestone_rule",
        sqlite_where=sa.text("award_id IS NOT NULL"),
        postgresql_where=sa.text("award_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_milestone_rule_award_id"), table_name="milestone_rule")
    op.drop_table("milestone_rule")
    op.drop_index(op.f("ix_funding_award_co_owner_organisation_id"), table_name="funding_award_co_owner")
    op.drop_table("funding_award_co_owner")
    op.drop_table("cohort")
    op.drop_index(op.f("ix_signature_person_id"), table_name="signature")
    op.drop_table("signature")
    op.drop_table("rulebook")
    op.drop_index(op.f("ix_funding_award_lead_organisation_id"), table_name="funding_award")
    op.drop_table("funding_award")
