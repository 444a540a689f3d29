"""Demonstration: a roundtable that nobody sees but those invited: some come, one is silent, one is asked no more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.demo import openings, people, signing_up
from programme.demo.happenings import Comer
from programme.demo.strands.exchange import ROUNDTABLE
from programme.engines.registration.eligibility.invitations import revoke
from programme.engines.registration.roll.pasted import people_in
from programme.flows.inviting.inviting import invite_people

if TYPE_CHECKING:
    from programme.demo.stage import Stage

INVITED = people.GUESTS[:5]
COME, GONE = INVITED[:3], INVITED[4]
ASKED, LATELY, EACH = timedelta(days=9), timedelta(days=1), timedelta(hours=9)


def invite(stage: Stage) -> None:
    """Oxford's organiser invites a list and takes one invitation back; three come."""
    session, opening, actor = stage.session, stage.openings[ROUNDTABLE], stage.actors[people.OXFORD]
    asked = stage.now - ASKED
    lines = people_in("\n".join(f"{one.name} <{one.address}>" for one in INVITED))
    made = {row.address: row.id for row in invite_people(session, opening.id, lines, actor=actor, now=asked)}
    openings.open_it(stage, opening, actor=actor, now=asked)
    for turn, one in enumerate(COME):
        then = asked + (turn + 1) * EACH
        signing_up.register(session, opening, Comer(one), turn=turn, now=then, invitation_id=made[one.address])
    revoke(session, opening.id, [made[GONE.address]], actor=actor, now=stage.now - LATELY)
