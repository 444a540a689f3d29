"""How headers are folded into lines."""

from __future__ import annotations

from email.header import Header
from email.headerregistry import AddressHeader, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, SMTPUTF8
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from email.policy import Policy


class Literal(UnstructuredHeader, BaseHeader):
    """A header that is written as it is, however long: a folded address of the web is one that nobody follows."""

    def fold(self, *, policy: Policy[Any]) -> str:
        """Return its line."""
        return f"{self.name}: {self}{policy.linesep}"


class Words(UnstructuredHeader, BaseHeader):
    """A header of words that people typed, encoded whole.

    Python's newer way encodes word by word where a line ends among them, and loses the spaces between encoded words.
    """

    def fold(self, *, policy: Policy[Any]) -> str:
        """Return its lines."""
        return f"{self.name}: {encoded(str(self), header=self.name, policy=policy)}{policy.linesep}"


class Mailbox(AddressHeader, BaseHeader):  # type: ignore[misc]  # as the registry joins them itself
    """A header of one name and address, the name encoded whole for the same reason."""

    def fold(self, *, policy: Policy[Any]) -> str:
        """Return its lines."""
        (address,) = self.addresses
        if address.display_name.isascii():
            return super().fold(policy=policy)
        name = encoded(address.display_name, header=self.name, policy=policy)
        return f"{self.name}: {name}{policy.linesep} <{address.addr_spec}>{policy.linesep}"


def encoded(text: str, *, header: str, policy: Policy[Any]) -> str:
    """Return `text` as it stands in a header of this name, over as many lines as it takes."""
    return Header(text, None if text.isascii() else "utf-8", header_name=header).encode(linesep=policy.linesep)


class Kinds(HeaderRegistry):
    """What headers are by their names, each class made once.

    Python makes one anew for every header of every letter: rubbish that only the search for cycles takes away.
    """

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        """Return the class of a header."""
        key = name.lower()
        if key not in self.made:
            self.made[key] = super().__getitem__(name)
        return self.made[key]


def written_as_they_are(*names: str) -> HeaderRegistry:
    """Return how headers are made, some of them literally."""
    registry = Kinds()
    registry.map_to_type("subject", Words)
    for name in ("from", "to", "reply-to"):
        registry.map_to_type(name, Mailbox)
    for name in names:
        registry.map_to_type(name, Literal)
    return registry


LITERAL = written_as_they_are("list-unsubscribe", "list-unsubscribe-post", "list-id")
WIRE, WIRE_UTF8 = SMTP.clone(header_factory=LITERAL), SMTPUTF8.clone(header_factory=LITERAL)
