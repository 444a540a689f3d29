"""Every kind of letter there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programme.engines.mail.ports import Letter

LETTERS: tuple[Letter, ...] = ()
