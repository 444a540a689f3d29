"""`programme import`: a file of events into an organisation's programme, all or nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import select

from programme.commands.ground import writing
from programme.core import clock
from programme.core.refusal import Refusal
from programme.core.web.words import plural
from programme.engines.calendar.reading.reader import MOST_BYTES, read
from programme.flows.importing.doing.carrying_out import carry_out
from programme.flows.importing.plan import plan, take_turn
from programme.flows.importing.report import report, staying
from programme.flows.importing.values import Answer
from programme.people.models import Organisation
from programme.people.roles import OPERATOR
from programme.people.states import Strand

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.commands.chosen import Factory
    from programme.engines.calendar.reading.rows import Reading
    from programme.flows.importing.values import ImportPlan

MOVES = {"new": Answer.NEW, "follow": Answer.SAME}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", required=True, metavar="SLUG", help="Who leads the events: liverpool, oxford, …")
@click.option("--strand", type=click.Choice([strand.value for strand in Strand]), default="exchange", show_default=True)
@click.option("--publish", is_flag=True, help="Publish all but what the file calls a draft; otherwise all stay drafts.")
@click.option(
    "--moves",
    type=click.Choice(sorted(MOVES)),
    default="new",
    show_default=True,
    help="Rows that look like events of an earlier file with another time, place or title: follow them (people with "
    "places are told) or make new events.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def import_file(
    factory: Factory, file: Path, *, organisation: str, strand: str, publish: bool, moves: str, as_json: bool
) -> None:
    """Import the events of FILE (CSV, XLSX or iCalendar): all of them, or none where something is refused."""
    try:
        reading = (
            read(file.name, file.read_bytes(), around=clock.now().date())
            if file.stat().st_size <= MOST_BYTES
            else too_large(file)
        )
        with writing(factory) as session:
            lead = organisation_id(session, organisation)
            told = carried_out(
                session,
                reading,
                lead=lead,
                strand=Strand(strand),
                source=file.name,
                publish=publish,
                moves=MOVES[moves],
            )
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else in_words(told))


def carried_out(
    session: Session, reading: Reading, *, lead: int, strand: Strand, source: str, publish: bool, moves: Answer
) -> dict[str, Any]:
    """Plan and do it, showing how far it is, and return the report."""
    now = clock.now()
    take_turn(session, lead)
    found = plan(session, reading, organisation_id=lead, strand=strand, source=source, now=now)
    answers = {question.key: moves for question in found.questions}
    with click.progressbar(length=len(found.rows), label="Importing", file=sys.stderr) as bar:
        outcome = carry_out(session, found, answers, actor=OPERATOR, publish=publish, now=now, said=bar.update)
    return {**report(found, outcome), "questions": questions(found, moves)}


def organisation_id(session: Session, slug: str) -> int:
    """Return the organisation's id; raises Refusal that names those there are."""
    rows = session.execute(select(Organisation.slug, Organisation.id).order_by(Organisation.position))
    found: dict[str, int] = {row.slug: row.id for row in rows}
    if slug not in found:
        raise Refusal(f"There is no organisation “{slug}”. There are: {', '.join(found) or 'none yet'}.")
    return found[slug]


def too_large(file: Path) -> Reading:
    """Refuse a file that is too large to be read."""
    raise Refusal(f"“{file.name}” is too large: {MOST_BYTES / 1e6:.0f} MB is the most.")


def questions(found: ImportPlan, answer: Answer) -> list[dict[str, Any]]:
    """Return what a person would have been asked, and how it was answered."""
    return [
        {
            "line": one.row.row.line,
            "title": one.row.row.title,
            "likeness": one.likeness.value,
            "before": one.known.starts.isoformat(),
            "now": one.row.row.starts.isoformat(),
            "answer": answer.value,
        }
        for one in found.questions
    ]


def in_words(told: dict[str, Any]) -> str:
    """Say what happened, each odd row on a line of its own."""
    over = f"{told['published']:,} published, {told['drafts']:,} drafts; {told['archived']:,} over already"
    lines = [
        f"{told['file']}: {plural(told['read'], 'row')} read.",
        f"  new      {told['new']:>6}   {over}",
        f"  changed  {told['changed']:>6}",
        f"  moved    {told['moved']:>6}",
        f"  same     {told['same']:>6}",
        f"  odd      {told['odd_rows']:>6}",
    ]
    lines += [f"  left out {told['refused']:>6}"] if told["refused"] else []
    lines += (
        [f"  missing  {told['missing']:>6}   upcoming events of earlier files; they stay"] if told["missing"] else []
    )
    lines += [f"{told['told']} letters queued to people with places."] if told["told"] else []
    lines += [f"Columns not understood: {', '.join(told['columns_left_out'])}."] if told["columns_left_out"] else []
    lines += [staying(told["drafts_that_stay"])] if told["drafts_that_stay"] else []
    lines += [asked(one) for one in told["questions"]]
    lines += [f"line {odd['line']}, {odd['field']}: {odd['reason']} {odd['default']}" for odd in told["odd"]]
    return "\n".join(lines)


def asked(one: dict[str, Any]) -> str:
    """Say what was decided about a row that looks like a known event."""
    done = (
        "made a new event (--moves follow would change the old one)" if one["answer"] == "new" else "changed the event"
    )
    return f"line {one['line']}: “{one['title']}” looks like an event of an earlier file, {one['likeness']}; {done}."
