"""approvals by keys, how openings decide, decisions that may be undone, and notes between organisers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move up."""
    add_approval()
    add_approval_key()
    add_sign_off_link()
    add_decision_terms()
    add_key_holder()
    add_decision_round()
    add_decision_line()
    add_registration_note()


def add_approval() -> None:
    """Approvals."""
    op.create_table(
        "approval",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("strand", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("escalation_address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_approval_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_approval_subject", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index(
            "uq_approval_open",
            ["subject_kind", "subject_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )


def add_approval_key() -> None:
    """Their keys."""
    op.create_table(
        "approval_key",
        sa.Column("id", BIG, nullable=False),
        sa.Column("approval_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delegate_id", BIG, nullable=True),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turned_by_id", BIG, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_approval_key_approval_id_approval"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["person.id"], name=op.f("fk_approval_key_delegate_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_approval_key_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["turned_by_id"], ["person.id"], name=op.f("fk_approval_key_turned_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_key")),
        sa.UniqueConstraint("approval_id", "organisation_id", name=op.f("uq_approval_key_approval_id_organisation_id")),
    )
    with op.batch_alter_table("approval_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_key_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_key_turned_by_id"), ["turned_by_id"], unique=False)
        batch_op.create_index(
            "ix_approval_key_waiting",
            ["organisation_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def add_sign_off_link() -> None:
    """The links by which keys are turned."""
    op.create_table(
        "sign_off_link",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_id"], ["approval_key.id"], name=op.f("fk_sign_off_link_key_id_approval_key"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_off_link_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_off_link_token_hash")),
    )
    with op.batch_alter_table("sign_off_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_off_link_key_id"), ["key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_off_link_person_id"), ["person_id"], unique=False)


def add_decision_terms() -> None:
    """How openings decide."""
    op.create_table(
        "decision_terms",
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("days", BIG, nullable=False),
        sa.Column("escalation_address", sa.String(length=254), nullable=False),
        sa.Column("answers_change", sa.String(length=40), nullable=False),
        sa.Column("answers_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asks_anew", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_decision_terms_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", name=op.f("pk_decision_terms")),
    )


def add_key_holder() -> None:
    """Who turns an organisation's keys."""
    op.create_table(
        "key_holder",
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_key_holder_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_key_holder_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_key_holder_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "organisation_id", name=op.f("pk_key_holder")),
    )
    with op.batch_alter_table("key_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_holder_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_key_holder_person_id"), ["person_id"], unique=False)


def add_decision_round() -> None:
    """Decisions about many at once."""
    op.create_table(
        "decision_round",
        sa.Column("id", BIG, nullable=False),
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letters_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_decision_round_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_decision_round_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_round")),
    )
    with op.batch_alter_table("decision_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_round_opening_id"), ["opening_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_round_person_id"), ["person_id"], unique=False)


def add_decision_line() -> None:
    """What they did to each."""
    op.create_table(
        "decision_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("state_before", sa.String(length=40), nullable=False),
        sa.Column("state_after", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("letter_ids", sa.JSON(), nullable=False),
        sa.Column("key_ids", sa.JSON(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_decision_line_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["decision_round.id"],
            name=op.f("fk_decision_line_round_id_decision_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_line")),
    )
    with op.batch_alter_table("decision_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_line_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_line_round_id"), ["round_id"], unique=False)


def add_registration_note() -> None:
    """Notes between organisers."""
    op.create_table(
        "registration_note",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_registration_note_author_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_note_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_note")),
    )
    with op.batch_alter_table("registration_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_note_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_registration_note_thread", ["registration_id", "id"], unique=False)


def downgrade() -> None:
    """Move down."""
    with op.batch_alter_table("sign_off_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_off_link_person_id"))
        batch_op.drop_index(batch_op.f("ix_sign_off_link_key_id"))
    op.drop_table("sign_off_link")
    with op.batch_alter_table("registration_note", schema=None) as batch_op:
        batch_op.drop_index("ix_registration_note_thread")
        batch_op.drop_index(batch_op.f("ix_registration_note_author_id"))
    op.drop_table("registration_note")
    with op.batch_alter_table("decision_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_line_round_id"))
        batch_op.drop_index(batch_op.f("ix_decision_line_registration_id"))
    op.drop_table("decision_line")
    with op.batch_alter_table("key_holder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_key_holder_person_id"))
        batch_op.drop_index(batch_op.f("ix_key_holder_organisation_id"))
    op.drop_table("key_holder")
    op.drop_table("decision_terms")
    with op.batch_alter_table("decision_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_round_person_id"))
        batch_op.drop_index(batch_op.f("ix_decision_round_opening_id"))
    op.drop_table("decision_round")
    with op.batch_alter_table("approval_key", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_approval_key_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_approval_key_turned_by_id"))
        batch_op.drop_index(batch_op.f("ix_approval_key_delegate_id"))
    op.drop_table("approval_key")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_approval_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index("ix_approval_subject")
        batch_op.drop_index(batch_op.f("ix_approval_organisation_id"))
    op.drop_table("approval")
