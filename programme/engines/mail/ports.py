"""What the mail room asks of the rooms that queue letters: the catalogue it is handed at start."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.config import MailServer
    from programme.engines.mail.models import OutboxMessage


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
    """What a letter says now: the variables of its three templates, and its files."""

    variables: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = ()


class Compose(Protocol):
    """Reckon a letter at the moment of sending from what is true now; None where it is no longer wanted."""

    def __call__(self, session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
        """Return what the letter says, or None."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of letter: templates live in `letters/<name>/{subject,text,html}`.

    `is_private` is between the programme and one person: it never belongs to an organisation.
    """

    name: str
    title: str
    purpose: Purpose
    compose: Compose
    example: Callable[[], Mapping[str, Any]] | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class MailRoom:
    """Everything delivery needs, put together once by the factory.

    `render(template name, variables)` gives text; `base_url` has no trailing slash; `secret` makes Message-IDs.
    """

    letters: Mapping[str, Letter]
    server: MailServer
    mail_from: str
    base_url: str
    secret: str
    render: Callable[[str, Mapping[str, Any]], str]
    limits: Mapping[str, int] = field(default_factory=dict)
