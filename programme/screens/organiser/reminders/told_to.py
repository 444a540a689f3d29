"""To whom a reminder goes, in words: which group that is, and who is in it, only for those who look after the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.openings.rights import opening_scope
from programme.engines.reminders.models import Audience
from programme.engines.reminders.wording import audience_words
from programme.extensions import database_session
from programme.people.groups.models import Group
from programme.people.groups.queries import scope_of
from programme.people.guards import actor
from programme.people.permissions import Verb, may

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from programme.engines.registration.models import Opening
    from programme.engines.reminders.models import ReminderRule
    from programme.engines.reminders.ports import ReminderSubject

OF_THE_THING = frozenset({Audience.ORGANISERS, Audience.SPEAKERS})
"""Who belongs to an event itself, whatever admits to it."""


def to_words(subject: ReminderSubject, rule: ReminderRule) -> str:
    """Say to whom; of a group of others not which one it is."""
    group = group_of(rule)
    return f"those of “{group.title}” who have not registered" if group else audience_words(subject, rule)


def group_of(rule: ReminderRule) -> Group | None:
    """Return the group that a rule is for, where the acting person looks after it."""
    number = (rule.parameters or {}).get("group") if rule.audience is Audience.GROUP else None
    group = database_session().get(Group, number) if number else None
    return group if group is not None and may(actor(), Verb.EDIT, scope_of(group)) else None


def may_read_names(rule: ReminderRule, openings: Sequence[Opening]) -> bool:
    """Whether the acting person, who sees the people of a thing, may see to whom this rule of it goes.

    Who shares an event sees nobody of an opening to it that they do not share.
    """
    if rule.audience is Audience.GROUP:
        return group_of(rule) is not None
    return rule.audience in OF_THE_THING or len(seen_here(openings)) == len(openings)


def seen_here(openings: Iterable[Opening]) -> list[Opening]:
    """Return the openings whose people the acting person may see."""
    return [one for one in openings if may(actor(), Verb.SEE_PEOPLE, opening_scope(one))]
