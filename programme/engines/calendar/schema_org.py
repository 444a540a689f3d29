"""An event as schema.org's Event in JSON-LD, for search engines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from programme.engines.calendar.times import LONDON

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

_SCHEMA = "https://schema.org"

type_of_json = dict[str, Any]
