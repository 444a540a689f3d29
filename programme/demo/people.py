"""The people of the demonstration: plainly invented, at example addresses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Somebody:
    """An invented person; `organisation` is the slug they belong to, empty for the public."""

    name: str
    address: str
    organisation: str = ""


LIVERPOOL, OXFORD = "liverpool", "oxford"


def at(name: str, organisation: str = "") -> Somebody:
    """Return somebody with an address made of their name."""
    local = name.lower().replace(" ", ".").replace("’", "")
    host = f"{organisation}.example.ac.uk" if organisation else "people.example.ac.uk"
    return Somebody(name, f"{local}@{host}", organisation)


ADMINISTRATOR = at("Ada Ashdown", LIVERPOOL)
LIVERPOOL_ORGANISER = at("Olga Oakhurst", LIVERPOOL)
OXFORD_ORGANISER = at("Omar Otterbrook", OXFORD)
HELPER = at("Hollis Heathermoor", LIVERPOOL)
PARTNER = Somebody("Cressida Quayside", "cressida.quayside@lcrca.example.ac.uk")

RESEARCHERS = (
    at("Rowan Fenwright", LIVERPOOL),
    at("Juniper Marlstone", LIVERPOOL),
    at("Tamsin Quarrygate", LIVERPOOL),
    at("Idris Merseyfold", LIVERPOOL),
    at("Linnea Cherwellby", OXFORD),
    at("Hamza Birkdalesby", OXFORD),
    at("Wren Quillanton", OXFORD),
    at("Bilal Otterholt", OXFORD),
    at("Saoirse Canalside", LIVERPOOL),
    at("Pascoe Isisvale", OXFORD),
    at("Yusra Dockfield", LIVERPOOL),
    at("Emrys Portmeadow", OXFORD),
    at("Nell Sandstoneby", LIVERPOOL),
    at("Cosmo Begbrookes", OXFORD),
    at("Fern Waverleigh", LIVERPOOL),
    at("Otis Radcliveson", OXFORD),
)
PUBLIC = (at("Marigold Tidewell"), at("Barnaby Lockgate"), at("Dilys Ropewalk"), at("Kit Thamesbank"))
GUESTS = (
    at("Maud Wardenhall"),
    at("Gethin Sluicebridge"),
    at("Orla Ferrywright"),
    at("Ines Bellwether"),
    at("Tobias Greenwharf"),
    at("Perpetua Lanternway"),
)
"""People of hospitals in both regions, who come as guests."""
FOUNDERS = (at("Petra Sparkwright"), at("Jago Forgefield"), at("Amina Kilnworth"))
SUPERVISORS = (
    at("Alder Whitcombe", LIVERPOOL),
    at("Isolde Farrowgate", LIVERPOOL),
    at("Bevis Tollbridge", OXFORD),
    at("Merryn Cloisterham", OXFORD),
    at("Tarquin Eastbrook", OXFORD),
    at("Sunniva Dalewell", LIVERPOOL),
)
"""Who supervises doctoral researchers. The first, and the fourth, have an account in which something waits."""
APPROVERS = {LIVERPOOL: at("Greta Lanewater", LIVERPOOL), OXFORD: at("Corin Quadrangle", OXFORD)}
"""Who signs for a department of each university."""
COLLEGE_ADVISOR = at("Odile Staircase", OXFORD)
LEFT = (
    at("Sorrel Aldgrove", OXFORD),
    at("Isaura Penstock", LIVERPOOL),
    at("Piran Wharfedale", LIVERPOOL),
)
"""Who were doctoral researchers: two took their doctorate, one withdrew."""
APPLICANTS = tuple(
    map(
        at,
        (
            "Bryony Hartsmere",
            "Caspian Rookwood",
            "Dervla Stonebank",
            "Ewan Firthdale",
            "Fleur Orchardsea",
            "Gwil Tarnside",
            "Hesper Lowfield",
            "Inigo Marshgate",
            "Jorah Peatmoor",
        ),
    )
)
"""Who apply to the doctoral cohort; the last one has not sent it yet."""
REFEREES = tuple(map(at, ("Ottoline Greybeck", "Lorcan Thistlewood", "Zillah Hobbard", "Fitz Alderney")))
REVIEWERS = (
    at("Xanthe Mossbank", LIVERPOOL),
    at("Lucian Sefton-Vale", LIVERPOOL),
    at("Verity Broadmead", OXFORD),
    at("Anselm Hythe", OXFORD),
)
EVERYBODY = (*RESEARCHERS, *PUBLIC, *GUESTS, *FOUNDERS)
