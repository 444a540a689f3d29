"""Admission to cohorts: references, reviewers and their scores, and who was admitted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def words(*kinds: str, name: str) -> sa.Enum:
    """Return the type of a closed list of words."""
    return sa.Enum(*kinds, name=name, native_enum=False, length=40)


def upgrade() -> None:
    """Move up: no call admits to a cohort yet."""
    op.create_table(
        "admission",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cohort_id", NUMBER, nullable=False),
        sa.Column("opening_id", NUMBER, nullable=False),
        sa.Column("references_wanted", NUMBER, nullable=False),
        sa.Column("references_by", INSTANT, nullable=True),
        sa.Column("reviews_by", INSTANT, nullable=True),
        sa.Column("hides_names", sa.Boolean(), nullable=False),
        sa.Column("home_question_id", NUMBER, nullable=True),
        sa.Column("project_question_id", NUMBER, nullable=True),
        sa.Column("studies_question_id", NUMBER, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.CheckConstraint("references_wanted BETWEEN 0 AND 3", name=op.f("ck_admission_references_wanted")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_admission_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["home_question_id"],
            ["question.id"],
            name=op.f("fk_admission_home_question_id_question"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_admission_opening_id_opening")),
        sa.ForeignKeyConstraint(
            ["project_question_id"],
            ["question.id"],
            name=op.f("fk_admission_project_question_id_question"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["studies_question_id"],
            ["question.id"],
            name=op.f("fk_admission_studies_question_id_question"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
        sa.UniqueConstraint("opening_id", name=op.f("uq_admission_opening_id")),
    )
    op.create_index(op.f("ix_admission_cohort_id"), "admission", ["cohort_id"])
    op.create_index(op.f("ix_admission_home_question_id"), "admission", ["home_question_id"])
    op.create_index(op.f("ix_admission_project_question_id"), "admission", ["project_question_id"])
    op.create_index(op.f("ix_admission_studies_question_id"), "admission", ["studies_question_id"])
    op.create_table(
        "admission_criterion",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("admission_id", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("weight", NUMBER, nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name=op.f("ck_admission_criterion_weight")),
        sa.ForeignKeyConstraint(
            ["admission_id"],
            ["admission.id"],
            name=op.f("fk_admission_criterion_admission_id_admission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_criterion")),
    )
    op.create_index(op.f("ix_admission_criterion_admission_id"), "admission_criterion", ["admission_id"])
    op.create_table(
        "admission_reviewer",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("admission_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("named_at", INSTANT, nullable=False),
        sa.Column("open_until", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["admission_id"],
            ["admission.id"],
            name=op.f("fk_admission_reviewer_admission_id_admission"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_admission_reviewer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_admission_reviewer_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_reviewer")),
        sa.UniqueConstraint("admission_id", "person_id", name=op.f("uq_admission_reviewer_admission_id_person_id")),
    )
    op.create_index(op.f("ix_admission_reviewer_organisation_id"), "admission_reviewer", ["organisation_id"])
    op.create_index(op.f("ix_admission_reviewer_person_id"), "admission_reviewer", ["person_id"])
    op.create_table(
        "admitted",
        sa.Column("registration_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("admitted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_admitted_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_admitted_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_admitted")),
        sa.UniqueConstraint("candidature_id", name=op.f("uq_admitted_candidature_id")),
    )
    op.create_table(
        "reference",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("registration_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column(
            "state", words("not_asked", "asked", "begun", "received", "declined", name="referencestate"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("link_version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_reference_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference")),
        sa.UniqueConstraint("registration_id", "address_key", name=op.f("uq_reference_registration_id_address_key")),
    )
    op.create_index(op.f("ix_reference_address_key"), "reference", ["address_key"])
    op.create_index("ix_reference_asked", "reference", ["state", "reminded_at"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("reviewer_id", NUMBER, nullable=False),
        sa.Column("registration_id", NUMBER, nullable=False),
        sa.Column("assigned_at", INSTANT, nullable=False),
        sa.Column(
            "conflict",
            words(
                "none",
                "supervisor_or_mentor",
                "same_department",
                "financial",
                "personal",
                "competitor",
                name="conflict",
            ),
            nullable=True,
        ),
        sa.Column("conflict_words", sa.String(length=500), nullable=False),
        sa.Column("declared_at", INSTANT, nullable=True),
        sa.Column("ruling", words("may_review", "recused", name="ruling"), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_review_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["admission_reviewer.id"],
            name=op.f("fk_review_reviewer_id_admission_reviewer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("reviewer_id", "registration_id", name=op.f("uq_review_reviewer_id_registration_id")),
    )
    op.create_index(op.f("ix_review_registration_id"), "review", ["registration_id"])
    op.create_table(
        "review_score",
        sa.Column("review_id", NUMBER, nullable=False),
        sa.Column("criterion_id", NUMBER, nullable=False),
        sa.Column("half_points", NUMBER, nullable=False),
        sa.CheckConstraint("half_points BETWEEN 0 AND 10", name=op.f("ck_review_score_half_points")),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["admission_criterion.id"],
            name=op.f("fk_review_score_criterion_id_admission_criterion"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_score_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "criterion_id", name=op.f("pk_review_score")),
    )
    op.create_index(op.f("ix_review_score_criterion_id"), "review_score", ["criterion_id"])


def downgrade() -> None:
    """Move down: what was asked, said and scored about applications goes; the calls stay."""
    op.drop_index(op.f("ix_review_score_criterion_id"), table_name="review_score")
    op.drop_table("review_score")
    op.drop_index(op.f("ix_review_registration_id"), table_name="review")
    op.drop_table("review")
    op.drop_index("ix_reference_asked", table_name="reference")
    op.drop_index(op.f("ix_reference_address_key"), table_name="reference")
    op.drop_table("reference")
    op.drop_table("admitted")
    op.drop_index(op.f("ix_admission_reviewer_person_id"), table_name="admission_reviewer")
    op.drop_index(op.f("ix_admission_reviewer_organisation_id"), table_name="admission_reviewer")
    op.drop_table("admission_reviewer")
    op.drop_index(op.f("ix_admission_criterion_admission_id"), table_name="admission_criterion")
    op.drop_table("admission_criterion")
    op.drop_index(op.f("ix_admission_studies_question_id"), table_name="admission")
    op.drop_index(op.f("ix_admission_project_question_id"), table_name="admission")
    op.drop_index(op.f("ix_admission_home_question_id"), table_name="admission")
    op.drop_index(op.f("ix_admission_cohort_id"), table_name="admission")
    op.drop_table("admission")
