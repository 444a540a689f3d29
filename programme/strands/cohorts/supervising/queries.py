"""Named reads of supervision: who supervises, and how a supervision stands on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.states import KeyState
from programme.strands.cohorts.models import Candidature, Supervision
from programme.strands.cohorts.states import UNDER_WAY, SupervisionRole
from programme.strands.cohorts.supervising.rule import Held, Place

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import FundingAward
    from programme.strands.cohorts.rulebooks.queries import Book

USUAL_LEAST = 2
ORDER = {role: place for place, role in enumerate(SupervisionRole)}


def supervisions(session: Session, ids: Collection[int]) -> dict[int, list[Supervision]]:
    """Return who supervises, supervised or will, by candidature, the primary first, in one statement."""
    found: dict[int, list[Supervision]] = {one: [] for one in ids}
    wanted = select(Supervision).where(Supervision.candidature_id.in_(found)).order_by(Supervision.id)
    loaded = wanted.options(joinedload(Supervision.person), joinedload(Supervision.organisation))
    for row in session.scalars(loaded.execution_options(populate_existing=True)) if found else ():
        found[row.candidature_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (ORDER[row.role], row.begins_on, row.id))
    return found


def supervised_in(cohort_id: int) -> Select[Candidature]:
    """Return the records of a cohort that are under way, with what their standing is reckoned from."""
    names = (Candidature.person, Candidature.approver, Candidature.home, Candidature.partner)
    own = select(Candidature).where(Candidature.cohort_id == cohort_id, Candidature.state.in_(UNDER_WAY))
    loaded = own.options(*(joinedload(name) for name in names))
    return loaded.order_by(Candidature.home_organisation_id, Candidature.id)


def held(row: Supervision) -> Held:
    """Return a supervision as the rule reads it."""
    name = row.person.name or row.person.address
    return Held(row.person_id, name, row.role, row.organisation_id, row.share, row.begins_on, row.ends_on)


def place_of(row: Candidature, books: Mapping[int, Book]) -> Place:
    """Return where a researcher is, as the rule reads it."""
    book = books.get(row.home_organisation_id)
    return Place(
        researcher=row.person_id,
        home=row.home_organisation_id,
        home_name=row.home.short_name,
        partner=row.partner_organisation_id,
        partner_name=row.partner.short_name if row.partner else "",
        least=book.row.least_supervisors if book else USUAL_LEAST,
    )


def counting_from(row: Candidature, today: date) -> date:
    """Return the day for which a supervision is judged: today, or the first day of a course that has yet to begin."""
    return max(today, row.registered_on)


def keys_waiting(session: Session, award: FundingAward, person_id: int) -> Sequence[ApprovalKey]:
    """Return the keys of what the award's organisations decide that were given to somebody, and wait for them."""
    organisations = [award.lead_organisation_id, *(one.id for one in award.co_owners)]
    found = select(ApprovalKey).join(Approval, Approval.id == ApprovalKey.approval_id)
    own = found.where(ApprovalKey.delegate_id == person_id, ApprovalKey.state == KeyState.WAITING)
    shared = or_(Approval.organisation_id.in_(organisations), ApprovalKey.organisation_id.in_(organisations))
    return session.scalars(own.where(shared).order_by(ApprovalKey.id)).all()
