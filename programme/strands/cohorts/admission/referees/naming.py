"""Which referees an applicant may name: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.strands.cohorts.admission.states import ReferenceState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MOST_EVER = 6
"""How many people an applicant may have asked in all, those who declined among them: letters go to them."""


@dataclass(frozen=True, slots=True)
class Named:
    """Whom an applicant names; `key` is the folded address."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """Return the address as it is compared."""
        return self.address.casefold()


@dataclass(frozen=True, slots=True)
class Known:
    """Who is named already, and where it stands."""

    key: str
    state: ReferenceState

    @property
    def stays(self) -> bool:
        """Whether this referee was asked: whom we have written to is not changed any more."""
        return self.state is not ReferenceState.NOT_ASKED


def check_named(named: Sequence[Named], known: Collection[Known], *, wanted: int, own_key: str) -> None:
    """Refuse referees without a name or an address, the applicant, one twice, and more than are wanted."""
    asked = {one.key for one in known if one.stays}
    open_places = wanted - sum(one.stays and one.state is not ReferenceState.DECLINED for one in known)
    seen: set[str] = set()
    for place, one in enumerate(named, start=1):
        if not one.name or not one.address:
            raise Refusal(
                "Enter both the name and the e-mail address.", field=f"{'address' if one.name else 'name'}{place}"
            )
        if one.key == own_key:
            raise Refusal("Name somebody else: you cannot write your own reference.", field=f"address{place}")
        if one.key in seen or one.key in asked:
            raise Refusal("This person is named already. Name another one.", field=f"address{place}")
        seen.add(one.key)
    if len(named) > max(0, open_places) or len(asked) + len(named) > MOST_EVER:
        raise Refusal("These are more referees than are asked for. Leave some lines empty.")
