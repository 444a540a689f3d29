"""What an address asks of a roll, and the links that ask for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from programme.core.database import LARGEST_ID
from programme.core.web.forms import LONGEST_LINE, has_surrogate
from programme.core.web.lists import address_with, here_with, note_unread, one_of
from programme.engines.calendar.replies.reading import Answer
from programme.engines.registration.replies.queries import SILENT
from programme.engines.registration.roll.counts import homes_of
from programme.engines.registration.roll.filters import ELSEWHERE, FOLLOW_UPS, SORTS, STATES, UNPROVED, Wanted
from programme.engines.registration.states import Attendance
from programme.flows.sharing.words import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from programme.engines.registration.places import Tally
    from programme.engines.registration.roll.counts import Tallies
    from programme.flows.sharing.words import Home

MOST_IDS = 200
LONGEST_ID = 19
BOTH_WAYS = {way + name for name in SORTS for way in ("", "-")}


def wanted(args: MultiDict[str, str]) -> Wanted:
    """Read an address; what makes no sense is left aside, and noted."""
    asked = [one_of(word, {*STATES, UNPROVED}, label="state") for word in args.getlist("state")]
    sort = one_of(args.get("sort", ""), BOTH_WAYS, label="order")
    return Wanted(
        states=tuple(dict.fromkeys(word for word in asked if word in STATES)),
        home=text_in(args.get("home", "")),
        attendance=attendance_in(args.get("attendance", "")),
        words=text_in(args.get("q", "")),
        tag=text_in(args.get("tag", "")),
        question=next(iter(ids_in(args.getlist("answer"))), 0),
        said=text_in(args.get("said", "")),
        share=text_in(args.get("share", "")),
        event=next(iter(ids_in(args.getlist("event"))), None),
        unproved=UNPROVED in asked,
        follow_up=one_of(args.get("follow_up", ""), set(FOLLOW_UPS), label="follow-up"),
        reply=one_of(args.get("reply", ""), {*Answer, SILENT}, label="calendar"),
        version=next(iter(ids_in(args.getlist("version"))), 0),
        ids=tuple(ids_in(args.getlist("id"))),
        sort=sort.removeprefix("-") or "joined",
        descending=sort.startswith("-"),
    )


def text_in(text: str) -> str:
    """Read words to search for; what no database can hold is found nowhere and asked of none."""
    return "" if "\0" in text or has_surrogate(text) else text.strip()[:LONGEST_LINE]


def attendance_in(text: str) -> Attendance | None:
    """Read a mark; anything else asks for nothing, and is noted."""
    return Attendance(text) if one_of(text, set(Attendance), label="attendance") else None


def ids_in(texts: Iterable[str]) -> list[int]:
    """Read ids, each once, at most a page of them and some more; what no row can have is noted."""
    given = [text for text in texts if text]
    plain = [text for text in given if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID]
    found = [number for number in map(int, plain) if 0 < number <= LARGEST_ID]
    if len(found) < len(given):
        note_unread("numbers of what was ticked")
    return list(dict.fromkeys(found))[:MOST_IDS]


def tally(found: Tallies, asked: Wanted) -> list[dict[str, Any]]:
    """Return the counts that are filters: all, then each state that there is."""
    whole = {
        "count": found.all,
        "word": "all",
        "url": here_with(state=None, page=None),
        "current": not (asked.states or asked.unproved),
    }
    lines = [whole]
    for word, (name, states) in STATES.items():
        count = sum(found.states[state] for state in states)
        if count or word == "confirmed" or word in asked.states:
            lines.append(count_line(word, name, count, asked))
    if found.unproved:
        lines.append({**count_line(UNPROVED, "not proved", found.unproved, asked), "current": asked.unproved})
    return lines


def count_line(word: str, name: str, count: int, asked: Wanted) -> dict[str, Any]:
    """Return one count."""
    return {
        "count": count,
        "word": name,
        "url": here_with(state=word, page=None),
        "current": word in asked.states,
        "kind": "wait" if word in {"pending", "waiting"} and count else "",
    }


def ends(session: Session, found: Tallies, capacity: int | None) -> list[dict[str, str]]:
    """Say how many hold a place from each university, each figure leading to those it counts."""
    homes = homes_of(session, [one for one in found.homes if one is not None])
    lines = [
        {
            "end": home.end.value if home.end else "",
            "words": f"{home.short_name} {found.homes[key]}",
            "url": holders(home=home.slug),
        }
        for key, home in homes.items()
    ]
    if found.homes[None]:
        lines.append({"end": "", "words": f"{found.homes[None]} from elsewhere", "url": holders(home=ELSEWHERE)})
    of = f"{found.holding} of {capacity} places taken" if capacity is not None else f"{found.holding} places taken"
    return [{"end": "", "words": of, "url": holders()}, *lines]


def shares(tally: Tally, homes: Mapping[int, Home], slugs: Mapping[str, str]) -> list[dict[str, str]]:
    """Say how much of each share is taken, and of what is for anybody; nothing where nothing is kept.

    A share leads to those who count for its organisation (`slugs` by short name) and hold a place. Who of them draws on
    what is for anybody nobody could say, so that figure leads nowhere.
    """
    return [
        {
            "end": part.end,
            "words": f"{part.name + '’s share' if part.end else part.name}: {part.taken} of {part.size}",
            "url": holders(share=slugs[part.name]) if part.name in slugs else "",
        }
        for part in parts_of(tally, homes)
    ]


def holders(**more: str) -> str:
    """Return the address of those with a place, of some home or share."""
    return address_with(
        request.path, {"state": ["confirmed", "offered"], **{key: [it] for key, it in more.items()}}, {}
    )


def head(word: str, key: str, asked: Wanted) -> dict[str, Any]:
    """Return one head that sorts; pressed again it turns round."""
    here = asked.sort == key
    direction = ("descending" if asked.descending else "ascending") if here else ""
    turned = f"-{key}" if here and not asked.descending else key
    return {"word": word, "url": here_with(sort=turned, page=None), "direction": direction}


HOMES_BESIDES = ((ELSEWHERE, "Elsewhere"),)
