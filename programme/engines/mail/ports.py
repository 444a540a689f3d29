"""What the mail room asks of the rooms that queue letters: the catalogue it is handed at start."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from programme.engines.mail.wire.stencils import Stencils
from programme.engines.mail.wording.passages import Description

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.states import Scope
    from programme.settings.inbox import Inbox
    from programme.settings.mail import MailServer


class Purpose(StrEnum):
    """Service letters need no consent; marketing does."""

    SERVICE = "service"
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a letter. `method` is set for a calendar part (`PUBLISH`); `content` is bytes as they go."""

    filename: str
    content: bytes
    media_type: str = "text/calendar"
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """What a letter says now: the variables of its three templates, and its files.

    Letters with the same `stencil` say the same but for `blanks`: variables that are plain text, never empty, and
    shown as they stand (no filter, no condition), each person's own. Such letters are written and serialised once.
    `withheld` are variables that take the place of others wherever anybody but the letter's reader reads it.
    """

    variables: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = ()
    blanks: Mapping[str, str] = field(default_factory=dict)
    stencil: str = ""
    withheld: Mapping[str, Any] = field(default_factory=dict)


class Compose(Protocol):
    """Reckon a letter at the moment of sending from what is true now; None where it is no longer wanted."""

    def __call__(self, session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
        """Return what the letter says, or None."""


class ComposeAll(Protocol):
    """Reckon several letters of a kind at once; those that are no longer wanted are left out."""

    def __call__(self, session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Mapping[int, Composed]:
        """Return what each letter says, by the id of its row, in a number of statements that does not grow."""


class StillWanted(Protocol):
    """Ask again, in the transaction that marks letters, which of them are still wanted."""

    def __call__(self, session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
        """Return the ids of those that are, in a number of statements that does not grow."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of letter: templates live in `letters/<name>/{subject,text,html}`.

    `is_private` is between the programme and one person: it never belongs to an organisation. One that `gathers` what
    other letters would have said is stopped as they are, and follows its person as they do. A kind that goes to
    many has `compose_all`, which is asked in the transaction that marks them; any other is composed before, and
    `still_wanted` is asked there. `declinable` is the scope in which its reader may ask for no more of them.
    `description` is what the catalogue tells of it, with the passages that an installation may put in other words.
    """

    name: str
    title: str
    purpose: Purpose
    compose: Compose
    example: Callable[[], Mapping[str, Any]] | None = None
    is_private: bool = False
    gathers: bool = False
    still_wanted: StillWanted | None = None
    compose_all: ComposeAll | None = None
    declinable: Scope | None = None
    description: Description = field(default_factory=Description)

    @property
    def is_for_one_address(self) -> bool:
        """Whether it goes to its address whatever happened, and to no other: it answers whoever asked from there."""
        return self.is_private and not self.gathers


@dataclass(frozen=True, slots=True)
class MailRoom:
    """Everything delivery needs, put together once by the factory.

    `render(template name, variables)` gives text; `base_url` has no trailing slash; `secret` makes Message-IDs. What
    comes back goes to `bounce_address` (nobody reads it where that is empty), and may be read in `inbox`. `limits` are
    those of the mail server: connections, rate (letters a minute), messages_a_connection.
    """

    letters: Mapping[str, Letter]
    server: MailServer
    mail_from: str
    base_url: str
    secret: str
    render: Callable[[str, Mapping[str, Any]], str]
    limits: Mapping[str, int] = field(default_factory=dict)
    stencils: Stencils = field(default_factory=Stencils)
    bounce_address: str = ""
    inbox: Inbox | None = None
