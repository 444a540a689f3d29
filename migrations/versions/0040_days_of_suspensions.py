"""The days on which suspensions begin and end, reckoned from their units."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

MONTHS_A_YEAR, YEAR_BEGINS = 12, 9

suspension = sa.table(
    "suspension",
    sa.column("id", sa.BigInteger),
    sa.column("candidature_id", sa.BigInteger),
    sa.column("first_unit", sa.BigInteger),
    sa.column("units", sa.BigInteger),
    sa.column("rests_from", sa.Date),
    sa.column("back_on", sa.Date),
)
candidature = sa.table("candidature", sa.column("id", sa.BigInteger), sa.column("home_organisation_id", sa.BigInteger))
rulebook = sa.table(
    "rulebook",
    sa.column("id", sa.BigInteger),
    sa.column("organisation_id", sa.BigInteger),
    sa.column("counting", sa.String),
)
rulebook_term = sa.table("rulebook_term", sa.column("rulebook_id", sa.BigInteger))


def upgrade() -> None:
    """Add the days; those of terms are rough until their dates, or the course, are changed next."""
    op.add_column("suspension", sa.Column("rests_from", sa.Date(), nullable=True))
    op.add_column("suspension", sa.Column("back_on", sa.Date(), nullable=True))
    bind = op.get_bind()
    terms = sa.select(sa.func.count()).where(rulebook_term.c.rulebook_id == rulebook.c.id).scalar_subquery()
    rows = bind.execute(
        sa.select(suspension.c.id, suspension.c.first_unit, suspension.c.units, rulebook.c.counting, terms)
        .join(candidature, candidature.c.id == suspension.c.candidature_id)
        .join(rulebook, rulebook.c.organisation_id == candidature.c.home_organisation_id)
    ).all()
    for one, first, units, counting, number in rows:
        a_year = MONTHS_A_YEAR if counting == "months" else number or 1
        begins = 0 if counting == "months" else YEAR_BEGINS - 1
        days = [first_day(unit, a_year, begins) for unit in (first, first + units)]
        bind.execute(suspension.update().where(suspension.c.id == one).values(rests_from=days[0], back_on=days[1]))


def first_day(unit: int, a_year: int, begins: int) -> date:
    """Return the first day of a unit, all units of a year being alike; `begins` is the first month, from 0."""
    year, place = divmod(unit, a_year)
    months = begins + -(-place * MONTHS_A_YEAR // a_year)
    return date(year + months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)


def downgrade() -> None:
    """Take them out; they can be reckoned."""
    op.drop_column("suspension", "back_on")
    op.drop_column("suspension", "rests_from")
