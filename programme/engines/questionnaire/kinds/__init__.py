"""What each kind of question accepts, keeps and says. Pure: the texts a browser sends in, a value or a refusal out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.questionnaire.kinds.asked import Asked, Condition
from programme.engines.questionnaire.kinds.choices import Consent, Country, ManyOf, OneOf, Parts, YesNo
from programme.engines.questionnaire.kinds.days import Date, Time
from programme.engines.questionnaire.kinds.files import File
from programme.engines.questionnaire.kinds.kind import Kind
from programme.engines.questionnaire.kinds.needs import Access, Dietary
from programme.engines.questionnaire.kinds.numbers import Number, decimal, whole
from programme.engines.questionnaire.kinds.silent import SECTION, Note, Section
from programme.engines.questionnaire.kinds.texts import (
    LONGEST_ADDRESS,
    LONGEST_LINE,
    Email,
    LongText,
    Organisation,
    Phone,
    ShortText,
    WebAddress,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "LONGEST_ADDRESS", "LONGEST_LINE", "SECTION", "Asked", "Condition", "Kind", "decimal", "whole"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        ShortText(),
        LongText(),
        YesNo(),
        OneOf(),
        ManyOf(),
        Number(),
        Date(),
        Time(),
        Email(),
        Phone(),
        WebAddress(),
        Country(),
        Organisation(),
        Dietary(),
        Access(),
        File(),
        Parts(),
        Consent(),
        Section(),
        Note(),
    )
}
