"""files that are handed in with answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move up."""
    make_documents()
    make_drafts()
    make_profiles()
    make_follow_ups()


def make_documents() -> None:
    """Know of files; their bytes lie in the store."""
    op.create_table(
        "document",
        sa.Column("id", BIG, nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", BIG, nullable=True),
        sa.Column("part", BIG, nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("token", name=op.f("uq_document_token")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_subject", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_uploaded_at"), ["uploaded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_forgotten_at"), ["forgotten_at"], unique=False)


def make_drafts() -> None:
    """Keep forms that are not sent yet."""
    op.create_table(
        "draft",
        sa.Column("id", BIG, nullable=False),
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("asked_as", sa.String(length=64), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("link_version", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_of", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_draft_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_draft_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        for column in ("opening_id", "person_id", "address_key", "saved_at"):
            batch_op.create_index(batch_op.f(f"ix_draft_{column}"), [column], unique=False)


def make_profiles() -> None:
    """Keep answers in accounts."""
    op.create_table(
        "profile_answer",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_profile_answer_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_profile_answer")),
    )


def make_follow_ups() -> None:
    """Ask a second form of those who have a place."""
    op.create_table(
        "follow_up",
        sa.Column("id", BIG, nullable=False),
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("questionnaire_id", BIG, nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_from", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_follow_up_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_follow_up_questionnaire_id_questionnaire")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("opening_id", name=op.f("uq_follow_up_opening_id")),
    )
    op.create_table(
        "follow_up_request",
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("follow_up_id", BIG, nullable=False),
        sa.Column("sheet_id", BIG, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_of", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_follow_up_request_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_follow_up_request_follow_up_id_follow_up"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["answer_sheet.id"], name=op.f("fk_follow_up_request_sheet_id_answer_sheet")
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_follow_up_request")),
    )
    with op.batch_alter_table("follow_up_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_request_follow_up_id"), ["follow_up_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_request_sheet_id"), ["sheet_id"], unique=False)


def downgrade() -> None:
    """Move down."""
    op.drop_table("follow_up_request")
    op.drop_table("follow_up")
    op.drop_table("profile_answer")
    op.drop_table("draft")
    op.drop_table("document")
