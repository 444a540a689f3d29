"""What destinations are called, and the figure that ours stand beside."""

from __future__ import annotations

from programme.strands.cohorts.states import Occupation, Region, Sector

OCCUPATIONS = {
    Occupation.RESEARCH: "Work in research or teaching",
    Occupation.OTHER_WORK: "Other work",
    Occupation.OWN_COMPANY: "My own company, or one I helped to start",
    Occupation.STUDY: "Further study",
    Occupation.LOOKING: "Looking for work",
    Occupation.ELSE: "Something else: care, travel, rest",
}
REGIONS = {
    Region.LIVERPOOL: "Liverpool City Region",
    Region.OXFORDSHIRE: "Oxfordshire",
    Region.UK: "Elsewhere in the United Kingdom",
    Region.ABROAD: "Outside the United Kingdom",
}
SECTORS = {
    Sector.UNIVERSITY: "A university or research institute",
    Sector.MATERIALS: "Physical sciences and advanced materials",
    Sector.HEALTH: "Health and life sciences",
    Sector.CLIMATE: "Climate and sustainable technologies",
    Sector.CREATIVE: "Heritage, creative industries, social sciences",
    Sector.DIGITAL: "Digital and artificial intelligence",
    Sector.PUBLIC: "Public or third sector",
    Sector.OTHER: "Another sector",
}
NATIONAL_STAYING = 58
"""Per cent who stay in the United Kingdom, as the partnership's aims of February 2026 name the national figure."""
