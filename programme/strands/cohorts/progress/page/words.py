"""What the pages of milestones say: when something is due, what moves, what somebody has to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.web.words import join_words
from programme.strands.cohorts.milestones.moves import plain_day
from programme.strands.cohorts.progress.handing.signers import WORDS, following, signers_of
from programme.strands.cohorts.states import MilestoneState, SignatureState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from programme.strands.cohorts.milestones.moves import Move
    from programme.strands.cohorts.milestones.units import Units
    from programme.strands.cohorts.models import Milestone, MilestoneRule, Signature

UNKNOWN, SENT_BACK = "dates not known", "Sent back: "


def title_of(milestone: Milestone) -> str:
    """Say what a milestone is called, with its year where it comes every year."""
    return f"{milestone.rule.title} {milestone.occurrence}" if milestone.occurrence else milestone.rule.title


def due_words(milestone: Milestone, units: Units) -> str:
    """Say when a milestone is due: its day, else its term."""
    return plain_day(milestone.due_on) if milestone.due_on else f"{units.name(milestone.unit)}, {UNKNOWN}"


def move_words(move: Move, rules: Mapping[str, MilestoneRule]) -> tuple[str, str, str, bool]:
    """Say what moves: its title, from when, to when, and whether the new term has no dates yet."""
    rule = rules.get(move.code)
    title = rule.title if rule else move.code
    title = f"{title} {move.occurrence}" if move.occurrence else title
    before = move.before.words if move.before else "not asked for"
    after = move.after.words if move.after else "not asked for any more"
    return title, before, after, move.after is not None and not move.after.is_dated


def next_words(milestone: Milestone, signatures: Sequence[Signature], *, is_own: bool) -> str:
    """Say what has to be done about a milestone: by the researcher first, then by each of those who sign."""
    signers = signers_of(milestone.rule)
    if milestone.state is MilestoneState.HANDED_IN:
        turn = following(signers, [one.signer for one in signatures if one.state is SignatureState.AGREED])
        return f"It waits for {WORDS[turn]} to sign." if turn else ""
    if milestone.state is not MilestoneState.OPEN:
        return ""
    back = next((one for one in signatures if one.state is SignatureState.REFUSED), None)
    again = f"{SENT_BACK}“{back.reason}” " if back else ""
    form = f" with form {milestone.rule.form}" if milestone.rule.form else ""
    proof = ", and the file that shows it" if milestone.rule.needs_evidence else ""
    first = f"{again}{'You hand' if is_own else 'The researcher hands'} it in{form}{proof}."
    if not signers:
        return f"{first} Nobody has to sign it."
    verb = "signs" if len(signers) == 1 else "sign, in this order"
    return f"{first} Then {join_words(WORDS[one] for one in signers)} {verb}."
