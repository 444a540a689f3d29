"""Between other universities the agreement is signed anew; a correction of anything else leaves it."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from programme.people.identity import actor_of
from programme.strands.cohorts.candidatures.actions import edit
from programme.strands.cohorts.candidatures.details import Details
from programme.strands.cohorts.signing.actions import ask
from programme.strands.cohorts.states import SignatureState, Signer
from programme.strands.cohorts.supervising.signed import AGREEMENT
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import assemble


@pytest.mark.parametrize(("partner", "state"), [("oxford", SignatureState.ASKED), ("", SignatureState.NOT_ASKED)])
def test_another_partner_lets_everybody_sign_again(
    session: Session, clock: Clock, partner: str, state: SignatureState
) -> None:
    cast = assemble(session)
    award = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford])
    cohort = cohorts.cohort(session, award=award)
    row = cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.liverpool, partner=cast.oxford)
    olga = actor_of(cast.olga)
    signature = ask(
        session,
        row,
        subject=(AGREEMENT, row.id),
        signer=Signer.RESEARCHER,
        person=cast.alice,
        actor=olga,
        now=clock.now,
    )
    details = Details(
        home_id=cast.liverpool.id,
        partner_id=cast.oxford.id if partner else None,
        registered_on=date(2026, 10, 1),
        department="Physics",
    )
    edit(session, row.id, details, actor=olga, now=clock.now)
    session.refresh(signature)
    assert signature.state is state
