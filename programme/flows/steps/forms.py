"""The step of a form that waits for its person: to begin one, to go on with it, to answer a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.flows.steps.step import Act, Kind, Step

if TYPE_CHECKING:
    from datetime import datetime

    from programme.engines.registration.models import Opening


def form_step(
    opening: Opening, act: Act, *, about: str, look: str, words: str, why: tuple[str, ...], due: datetime | None
) -> Step:
    """Return the step of one form of an opening: its page is where the act leads."""
    return Step(
        kind=Kind.DO,
        about=about,
        title=opening.title,
        look=look,
        words=words,
        url=act.address,
        strand=opening.strand.value,
        why=why,
        due=due,
        next=act,
    )
