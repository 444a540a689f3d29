"""Places kept for one university where both decide by their keys: a yes gives the place of one's own share."""

from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Quota
from programme.people.models import Person
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for, states
from tests.flows.deciding.conftest import YES, say


def test_whoever_both_keys_admit_has_the_place_kept_for_their_own_university(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    """Two places, one of them kept for Oxford: the pool goes to Charlie, so that Alice waits and Bob need not."""
    opening.capacity = 2
    opening.quotas = [Quota(organisation_id=people.oxford.id, places=1, release_at=opening.events[0].starts_at)]
    session.commit()

    def admitted(who: Person) -> str:
        row = enter(opening, who.address, actor=actor_for(who), now=NOW).registration
        say(session, row, people.olga, people.liverpool.id, YES)
        say(session, row, people.omar, people.oxford.id, YES)
        return states(session)[who.address]

    assert [admitted(who) for who in (people.charlie, people.alice, people.bob)] == [
        "confirmed",
        "waitlisted",
        "confirmed",
    ]
