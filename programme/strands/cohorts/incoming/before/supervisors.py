"""Who supervises, as cells say it: one to a column, or several in one cell with what is said of each. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from programme.core.web.words import plural
from programme.strands.cohorts.candidatures.rule import folded
from programme.strands.cohorts.incoming.before.headings import SLOTS, SUPERVISOR, WHO, label_of
from programme.strands.cohorts.incoming.facts import OddRow, day_in, in_order, shown, university_in
from programme.strands.cohorts.states import SupervisionRole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

ADDRESS = re.compile(r"[^\s,;<>()\[\]]+@[^\s,;<>()\[\]]+")
BRACKETS = re.compile(r"[<>()\[\]]")
BETWEEN = re.compile(r"\s*;\s*|\s+(?:&|and|\+)\s+|\s*(?<![\d%])/(?!\d)\s*")
SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
BEGINS, ENDS = (re.compile(rf"(?:{words})\s+(.*)", re.IGNORECASE) for words in ("from|since", "until|till|to"))
BOTH = re.compile(r"(?:from\s+)?(.+?)\s+(?:to|until|till)\s+(.+)", re.IGNORECASE)
LISTED = re.compile(r"\s*;\s*|\s+&\s+|\s+and\s+")
SHARES = re.compile(r"\s*[;/,]\s*|\s+&\s+|\s+and\s+")
R = SupervisionRole
ROLE_WORDS: Mapping[str, SupervisionRole] = {
    **{folded(word): role for role in R for word in (role.value, role.value.replace("_", " "), *SLOTS[role.value])},
    **dict.fromkeys(("main", "lead", "principal", "first", "home"), R.PRIMARY),
    **dict.fromkeys(("co-supervisor", "second", "secondary", "joint"), R.CO),
    **dict.fromkeys(("atthepartner", "supervisoratthepartner"), R.PARTNER),
    **dict.fromkeys(("industry", "external"), R.INDUSTRIAL),
    **dict.fromkeys(("adviser", "mentor"), R.ADVISOR),
    "college": R.COLLEGE_ADVISOR,
}
ROLE_SLOTS: Mapping[str, SupervisionRole] = {role.value: role for role in R}
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Named:
    """A supervisor as a row says it; None is what it does not say. `field` is the column it stands in."""

    field: str
    name: str = ""
    address: str = ""
    role: SupervisionRole | None = None
    university: int | None = None
    share: int | None = None
    begins_on: date | None = None
    ends_on: date | None = None


@dataclass(slots=True)
class Gathered:
    """The parts of one person that were written with commas between."""

    words: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    @property
    def has_address(self) -> bool:
        """Whether their e-mail is there."""
        return any(ADDRESS.search(word) for word in self.words)


def supervisors_in(cells: Mapping[str, str], universities: Mapping[str, int]) -> Iterator[Named | tuple[str, str]]:
    """Give who supervises, in the order of the columns; a field and a sentence for each cell that cannot be read."""
    for slot in SLOTS:
        parts = {
            part: text
            for name, text in cells.items()
            if name.startswith(f"{SUPERVISOR}:{slot}:")
            for part in [name.rpartition(":")[2]]
        }
        if parts:
            yield from slot_in(slot, parts, universities)


def slot_in(slot: str, parts: Mapping[str, str], universities: Mapping[str, int]) -> Iterator[Named | tuple[str, str]]:
    """Give who stands in the columns of one supervisor, who may be several."""
    where = f"{SUPERVISOR}:{slot}:{WHO}"
    try:
        people = people_in(where, parts.get(WHO, ""), parts.get("address", ""), universities)
    except OddRow as odd:
        yield where, str(odd)
        return
    people = [replace(one, role=one.role or ROLE_SLOTS.get(slot)) for one in people]
    for part, read in READ.items():
        name = f"{SUPERVISOR}:{slot}:{part}"
        try:
            people = spread(people, part, [read(text, universities) for text in listed(part, parts.get(part, ""))])
        except OddRow as odd:
            yield name, str(odd)
    if not people and any(parts.values()):
        yield where, f"There is nobody in this column. Enter a name and an e-mail, or clear {label_of(where)}."
    yield from people


def people_in(where: str, text: str, addresses: str, universities: Mapping[str, int]) -> list[Named]:
    """Return the people whom a cell names; `addresses` are those of a column of their own, in the same order."""
    besides = ADDRESS.findall(addresses)
    if addresses and not besides:
        raise OddRow(f"{shown(addresses)} is no e-mail address. Write it like name@example.ac.uk.")
    pieces = [piece for piece in BETWEEN.split(text) if piece]
    several = len(besides) > 1 and len(pieces) == 1
    split = [part.strip() for part in text.split(",")] if several else []
    pieces = split if several and len(split) == len(besides) else pieces
    found = [person(where, one, universities) for piece in pieces for one in grouped(piece, universities)]
    if not found:
        return [Named(where, address=one) for one in besides]
    if len(found) == len(besides):
        return [replace(one, address=one.address or mail) for one, mail in zip(found, besides, strict=True)]
    if besides:
        counts = f"{plural(len(found), 'name')} and {plural(len(besides), 'e-mail')}"
        raise OddRow(f"There are {counts}. Write as many of one as of the other.")
    return found


def grouped(piece: str, universities: Mapping[str, int]) -> list[Gathered]:
    """Part what is written with commas between into people: another begins after one whose e-mail was there."""
    people = [Gathered()]
    plain = BRACKETS.sub(lambda found: "," if found[0] in "()[]" else found[0], piece)
    for part in filter(None, (part.strip() for part in plain.split(","))):
        if is_detail(part, universities):
            people[-1].details.append(part)
            continue
        if people[-1].has_address:
            people.append(Gathered())
        people[-1].words.append(part)
    return people


def is_detail(part: str, universities: Mapping[str, int]) -> bool:
    """Whether a part says something of somebody, rather than who they are."""
    known = SHARE.fullmatch(part) or BEGINS.fullmatch(part) or ENDS.fullmatch(part) or is_span(part)
    return bool(known) or folded(part) in ROLE_WORDS or folded(part) in universities


def is_span(part: str) -> bool:
    """Whether a part is two days."""
    found = BOTH.fullmatch(part)
    return bool(found) and any(letter.isdigit() for letter in part)


def person(where: str, gathered: Gathered, universities: Mapping[str, int]) -> Named:
    """Return one person from the parts that were written of them."""
    text = ", ".join(gathered.words)
    address = ADDRESS.search(text)
    within = SHARE.findall(text)
    name = BRACKETS.sub(" ", SHARE.sub(" ", ADDRESS.sub(" ", text)))
    found = Named(where, in_order(" ".join(name.split()).strip(" ,")), address[0] if address else "")
    for part in (*(f"{share} %" for share in within), *gathered.details):
        found = replace(found, **detail(part, universities))
    return found


def detail(part: str, universities: Mapping[str, int]) -> dict[str, Any]:
    """Return what a part says of somebody."""
    share = SHARE.fullmatch(part)
    if share:
        return {"share": share_in(part)}
    if folded(part) in ROLE_WORDS:
        return {"role": ROLE_WORDS[folded(part)]}
    if folded(part) in universities:
        return {"university": universities[folded(part)]}
    for pattern, name in ((BEGINS, "begins_on"), (ENDS, "ends_on")):
        found = pattern.fullmatch(part)
        both = BOTH.fullmatch(part) if pattern is BEGINS else None
        if found and both is None:
            return {name: day_in(found[1], "day")}
    both = BOTH.fullmatch(part)
    return {"begins_on": day_in(both[1], "day"), "ends_on": day_in(both[2], "day")} if both else {}


def listed(part: str, text: str) -> list[str]:
    """Part a column of its own, in which several stand for several people."""
    return [one for one in (SHARES if part == "share" else LISTED).split(text) if one]


def spread(people: list[Named], part: str, said: list[Any]) -> list[Named]:
    """Say something of everybody: one for all of them, or as many as they are."""
    if not said:
        return people
    if len(said) not in {1, len(people)}:
        raise OddRow(f"{len(said)} stand here for {len(people)} supervisors. Write one for each, or one for all.")
    every = said * len(people) if len(said) == 1 else said
    pairs: Iterable[tuple[Named, Any]] = zip(people, every, strict=True)
    return [replace(one, **{part: value}) for one, value in pairs]


def role_in(text: str, universities: Mapping[str, int]) -> SupervisionRole:
    """Read as what somebody supervises."""
    del universities
    found = ROLE_WORDS.get(folded(text))
    if found is None:
        raise OddRow(f"{shown(text)} is no role here. Write “primary”, “co”, “partner”, “industrial” or “adviser”.")
    return found


def share_in(text: str) -> int:
    """Read a share: 60, "60 %", or 0.6 as sheets keep per cents."""
    plain = text.replace("%", "").strip()
    try:
        number = float(plain)
    except ValueError:
        number = -1.0
    per_cent = number * WHOLE if 0 < number <= 1 and "%" not in text else number
    if not 0 <= per_cent <= WHOLE:
        raise OddRow(f"{shown(text)} is no share of the supervision. Write a number of per cent, like 60.")
    return round(per_cent)


READ: Mapping[str, Callable[[str, Mapping[str, int]], object]] = {
    "role": role_in,
    "university": university_in,
    "share": lambda text, _: share_in(text),
    "begins_on": lambda text, _: day_in(text, "day"),
    "ends_on": lambda text, _: day_in(text, "day"),
}
