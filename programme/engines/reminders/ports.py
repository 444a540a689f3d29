"""What the rules of reminders ask of the rooms whose things they remind of: plugs by kind, handed down at start."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import BindParameter, FromClause, Select

    from programme.engines.reminders.models import Anchor, Audience


class Side(StrEnum):
    """Whether a reminder goes out before its instant, or at it and afterwards."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Reach:
    """What a kind of subject says of one audience.

    `words` says to whom ("everybody with a place"), `why` in the letter itself why its reader gets it. `letters` are
    the sides on which a rule for them may stand, each with its kind of letter. `parameter` names what narrows the
    audience: a question, a tag or a group.
    """

    words: str
    why: str
    letters: Mapping[Side, str]
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Only:
    """Whom to look at alone: registrations, and people where the letter is about no registration.

    As ids, or as a parameter that is told when the statement is executed.
    """

    registrations: Collection[int] | BindParameter[int]
    people: Collection[int] | BindParameter[int]


class ReminderSubject(Protocol):
    """A kind of thing that reminds: an event, an opening, whatever comes.

    A plug keeps no state of its own: the statements it builds are kept and asked again with other ids.
    """

    @property
    def kind(self) -> str:
        """Return the word by which rules name it."""

    @property
    def anchors(self) -> Mapping[Anchor, str]:
        """Return the instants it has, in words."""

    @property
    def audiences(self) -> Mapping[Audience, Reach]:
        """Return who can be reminded, in the order of a list of choices."""

    @property
    def may_repeat(self) -> bool:
        """Whether a reminder can come again while the thing is overdue."""

    def moments(self, anchor: Anchor, *, drafts: bool = False) -> Select[Any]:
        """Select `subject_id` and `instant` of the things that remind now; with `drafts`, of those that would."""

    def recipients(self, audience: Audience, due: FromClause, *, only: Only | None = None) -> Select[Any]:
        """Select who is of an audience now, and was before its rule fell due: one row for each and each row of `due`.

        `due` has rule_id, subject_id, number and word (what narrows the audience), anchor (the instant counted from),
        due_at, until, now, today (the London day of now) and stamp. The columns
        are `who` (what stands for them in the key), recipient, recipient_name, person_id, subject_kind, subject_id,
        organisation_id, strand, sender_name and reply_to; rule_id, stamp and link_version for the letters. `once`, if
        there is one, is the key of a letter that goes once, whatever rule or button it is sent by.
        """
