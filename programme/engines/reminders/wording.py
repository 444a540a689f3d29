"""Rules in plain words: when, from what, to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.web.words import plural
from programme.engines.reminders.models import Audience, OffsetUnit, ReminderRule

if TYPE_CHECKING:
    from programme.engines.reminders.models import UsualRule
    from programme.engines.reminders.ports import ReminderSubject


def rule_words(subject: ReminderSubject, rule: ReminderRule | UsualRule) -> str:
    """Say a rule in one line: 1 day before the start, to everybody with a place."""
    return f"{offset_words(subject, rule)}, to {audience_words(subject, rule)}"


def offset_words(subject: ReminderSubject, rule: ReminderRule | UsualRule) -> str:
    """Say when: 1 day before the start; 2 hours after the end; at the end; and again every 7 days."""
    anchor = subject.anchors.get(rule.anchor, rule.anchor.value)
    unit = "day" if rule.unit is OffsetUnit.DAYS else "hour"
    way = "before" if rule.offset < 0 else "after"
    first = f"{plural(abs(rule.offset), unit)} {way} {anchor}" if rule.offset else f"at {anchor}"
    return f"{first}, and again every {plural(rule.repeat_days, 'day')}" if rule.repeat_days else first


def audience_words(subject: ReminderSubject, rule: ReminderRule | UsualRule) -> str:
    """Say to whom, with what narrows it; which group it is, is for those who look after the group."""
    reach = subject.audiences.get(rule.audience)
    given = rule.parameters or {} if isinstance(rule, ReminderRule) else {}
    if rule.audience is Audience.ANSWERED and given:
        return f"those who answered “{given.get('choice', '')}” to “{given.get('label', '')}”"
    if rule.audience is Audience.TAGGED and given:
        return f"those tagged “{given.get('tag', '')}”"
    return reach.words if reach else rule.audience.value
