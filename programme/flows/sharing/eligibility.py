"""Who may register, in the plain words of public pages: which group, or who is on a list, they do not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.states import Eligibility

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.registration.models import Opening

IN_BRIEF: Mapping[Eligibility, str] = {
    Eligibility.MEMBERS: "Only for members: use your university address.",
    Eligibility.GROUP: "Only for the people of one group, by the address that the organisers know.",
    Eligibility.ADDRESSES: "Only for people on the organisers’ list, by the address that is on it.",
    Eligibility.INVITED: "By invitation only, at the address that was invited.",
}
"""Who may register, in a line; nothing is said where anybody may."""
IN_FULL: Mapping[Eligibility, str] = {
    Eligibility.GROUP: "This is for the people of one group. Register with the address that the organisers know.",
    Eligibility.ADDRESSES: "This is for people on a list of the organisers. Register with the address that is on it.",
    Eligibility.INVITED: "This is by invitation. Use the link in your letter, or register with the address that was"
    " invited.",
}


def who_may(opening: Opening) -> str:
    """Say above a form who may register."""
    if opening.eligibility is Eligibility.MEMBERS:
        names = " or ".join(f"the {row.name}" for row in opening.members_of)
        return f"This is for members of {names}. Register with your address there."
    return IN_FULL.get(opening.eligibility, "")
