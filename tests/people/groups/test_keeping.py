"""What groups keep on somebody: told, foretold, and taken out."""

from sqlalchemy.orm import Session

from programme.people.affiliations import address_key
from programme.people.groups.models import Group, GroupMember
from programme.people.groups.plugs import GROUPS
from programme.people.keeping.ports import Subject, Times
from tests.factories.cast import LONG_AGO, assemble


def test_groups_tell_who_is_in_them_and_let_go(session: Session) -> None:
    cast = assemble(session)
    group = Group(title="Steering group", organisation_id=cast.liverpool.id, created_at=LONG_AGO)
    group.members = [GroupMember(person_id=who.id, added_at=LONG_AGO) for who in (cast.alice, cast.bob)]
    session.add(group)
    session.commit()
    alice = Subject(cast.alice.id, cast.alice.name, cast.alice.address, address_key(cast.alice.address))
    (section,) = GROUPS.held(session, alice)
    assert list(section.rows) == [{"group": "Steering group", "since": LONG_AGO.isoformat()}]
    assert [fate.what for fate in GROUPS.fates(session, alice)] == ["Being in 1 group"]
    for _ in range(2):
        GROUPS.erase(session, alice, now=LONG_AGO)
    session.commit()
    session.expire_all()
    assert [member.person_id for member in group.members] == [cast.bob.id]
    assert list(GROUPS.fates(session, alice)) == []
    assert GROUPS.retire(session, Times(), now=LONG_AGO) == 0
