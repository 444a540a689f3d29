"""The form of a destination: four questions, one of them only for those who work."""

from __future__ import annotations

from wtforms import SelectChoice

from programme.core.web.forms import Form, line
from programme.engines.calendar.forms.choices import Choice, Radios
from programme.strands.cohorts.states import Occupation, Region, Sector
from programme.strands.cohorts.talent.actions import Whereabouts
from programme.strands.cohorts.talent.words import OCCUPATIONS, REGIONS, SECTORS


class DestinationForm(Form):
    """Where somebody is now."""

    occupation = Radios(
        "What do you do now?", choices=[SelectChoice(one.value, words) for one, words in OCCUPATIONS.items()]
    )
    region = Radios("Where?", choices=[SelectChoice(one.value, words) for one, words in REGIONS.items()])
    sector = Choice(
        "In which sector, if you work",
        choices=[SelectChoice("", "–"), *(SelectChoice(one.value, words) for one, words in SECTORS.items())],
        is_optional=True,
    )
    employer = line("For whom, if you like to say")

    def whereabouts(self) -> Whereabouts:
        """Return what was said; the form is valid."""
        return Whereabouts(
            occupation=Occupation(self.occupation.data),
            region=Region(self.region.data),
            sector=Sector(self.sector.data) if self.sector.data else None,
            employer=self.employer.data or "",
        )
