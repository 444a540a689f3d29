"""Frameworks by which training is sorted: the one there is, and another version loaded beside it."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.people.models import Strand
from programme.strands.cohorts.models import Candidature, TrainingFramework
from programme.strands.cohorts.training.frameworks.loading import TABLE, found_framework
from programme.strands.cohorts.training.frameworks.queries import framework_now
from programme.strands.cohorts.training.frameworks.sorting import MOST_PARTS, parts_in
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.strands.cohorts.training.conftest import Browse

NEXT = "Domain\tDomain name\tSub-domain\tName\nK\tKnowing\tK1\tReading\nM\tMaking\tM1\tBuilding\n"


def test_an_installation_starts_with_twelve_parts_of_four_domains(session: Session, cast: Cast) -> None:
    assert not found_framework(session, now=LONG_AGO), "a second time changes nothing"
    row = framework_now(session)
    assert row.version == "RDF 2010"
    assert [part.code for part in row.subdomains] == [f"{domain}{n}" for domain in "ABCD" for n in (1, 2, 3)]
    assert len({part.domain for part in row.subdomains}) == 4
    assert "Vitae" in row.source


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_however_its_cells_are_apart(delimiter: str) -> None:
    head = delimiter.join(("code", "name", "domain", "domain_name"))
    line = delimiter.join(("A1", '"Fire, and care"', "A", "Safety"))
    (part,) = parts_in(f"\ufeff{head}\r\n\r\n{line}\r\n")
    assert (part.domain, part.domain_name, part.code, part.name) == ("A", "Safety", "A1", "Fire, and care")
    assert len(parts_in(TABLE.read_text(encoding="utf-8"))) == 12


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "heads"),
        ("code,name\nA1,x", "heads"),
        ("domain,domain_name,code,name\n", "no lines"),
        ("domain,domain_name,code,name\nA,Safety,A1,", "Line 2"),
        ("domain,domain_name,code,name\nA,Safety,A1,Fire\nA,Safety,A1,Water", "twice"),
        ("domain,domain_name,code,name\n" + "A,Safety,A1,Fire\n" * (MOST_PARTS + 1), "more than"),
        ("x" * 70_000, "characters"),
        ('domain,domain_name,code,name\nA,Safety,"A1', "Line 2"),
    ],
)
def test_an_odd_table_is_refused_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        parts_in(text)


def test_another_version_stands_beside_the_old_one(session: Session, cast: Cast, browse: Browse) -> None:
    client = browse(cast.ada)
    assert "A1 Knowledge base" in client.get("/organise/frameworks").text
    answer = client.post("/organise/frameworks", data={"version": "RDF 2010", "source": "Ours", "table": NEXT})
    assert answer.status_code == 422
    assert "There is a framework called" in answer.text
    assert "Building" in answer.text, "what was typed is kept"
    client.post("/organise/frameworks", data={"version": "RDF 2026", "source": "Ours", "table": NEXT})
    session.rollback()
    assert [row.version for row in session.scalars(select(TrainingFramework).order_by(TrainingFramework.id))] == [
        "RDF 2010",
        "RDF 2026",
    ]
    assert [part.code for part in framework_now(session).subdomains] == ["K1", "M1"]
    page = client.get("/organise/frameworks").text
    assert "RDF 2026, in use" in page
    assert "A1 Knowledge base" in page
    assert "loaded the framework “RDF 2026”" in " ".join(client.get("/organise/audit").text.split()).replace("</a>", "")


def test_frameworks_are_loaded_by_administrators_alone(cast: Cast, browse: Browse) -> None:
    for person in (cast.olga, cast.alice):
        assert browse(person).get("/organise/frameworks").status_code == 403
        assert browse(person).post("/organise/frameworks", data={"table": NEXT}).status_code == 403


@pytest.mark.one_database
def test_without_a_framework_pages_say_who_loads_one(
    session: Session, cast: Cast, alice: Candidature, browse: Browse
) -> None:
    event = things.event(session, lead=cast.liverpool, strand=Strand.COHORTS)
    session.execute(delete(TrainingFramework))
    session.commit()
    for person, page in (
        (cast.alice, f"/records/{alice.id}/training/new"),
        (cast.olga, f"/organise/events/{event.id}/training"),
    ):
        assert "no framework to sort training by yet" in browse(person).get(page, follow_redirects=True).text
