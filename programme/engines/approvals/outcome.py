"""The rule: what the keys that were turned come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.approvals.states import ApprovalState, KeyState

if TYPE_CHECKING:
    from collections.abc import Iterable

TURNED = frozenset({KeyState.YES, KeyState.NO})


def outcome(keys: Iterable[KeyState]) -> ApprovalState:
    """Say what keys come to: one no refuses, whatever the others say; every yes grants; else it stays open.

    Without any key nothing is granted: nobody has decided.
    """
    found = set(keys)
    if KeyState.NO in found:
        return ApprovalState.REFUSED
    return ApprovalState.GRANTED if found == {KeyState.YES} else ApprovalState.OPEN
