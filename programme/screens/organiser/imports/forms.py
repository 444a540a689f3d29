"""What an importing organiser is asked: the file and whose it is, then what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from wtforms import FileField, RadioField, SelectChoice, ValidationError

from programme.core.web.forms import Form
from programme.engines.calendar.forms.choices import Choice, Radios
from programme.flows.importing.fitting import shortened
from programme.flows.importing.values import Answer, Likeness
from programme.people.models import Organisation
from programme.people.permissions import may_create_for
from programme.people.roles import STRAND_WORDS
from programme.people.states import Strand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session
    from wtforms import Field

    from programme.flows.importing.values import ImportPlan, Question
    from programme.people.permissions import Actor

ENDINGS = ".csv,.tsv,.txt,.xlsx,.ics"
ONE_BY_ONE = "each"
MOST_QUESTIONS = 100
"""More are answered together."""
SAME_WORDS = {
    Likeness.MOVED: "The same event at another time",
    Likeness.ELSEWHERE: "The same event at another place",
    Likeness.RENAMED: "The same event under another title",
}


class UploadForm(Form):
    """A file, and into whose programme it goes."""

    file = FileField(
        "File",
        description="A spreadsheet (CSV or XLSX) or a calendar (.ics), 20 MB at most.",
        render_kw={"accept": ENDINGS},
    )
    organisation = Choice("Organisation", coerce=int)
    strand = Choice("Strand", choices=[SelectChoice(strand.value, words) for strand, words in STRAND_WORDS.items()])

    def __init__(self, typed: Any = None, *, actor: Actor, **rest: Any) -> None:
        super().__init__(typed, **rest)
        self.actor = actor
        self.file.flags.required = True

    def validate_file(self, field: Field) -> None:
        """Ask for a file."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError("Choose the file to import.")

    def validate_strand(self, field: Field) -> None:
        """Refuse a strand that is somebody else's."""
        is_one = field.data in set(Strand) and isinstance(self.organisation.data, int)
        if is_one and not may_create_for(self.actor, self.organisation.data, Strand(field.data)):
            raise ValidationError("You do not organise this strand there. Choose another.")

    @property
    def filename(self) -> str:
        """Return the file's own name, as a line that can be kept."""
        name = self.file.data.filename.replace("\\", "/").rpartition("/")[2]
        return shortened("".join(letter for letter in name if letter.isprintable()).strip() or "file")


def upload_form(session: Session, actor: Actor, typed: Any = None) -> UploadForm:
    """Return the form with the organisations and strands that `actor` organises for."""
    form = UploadForm(typed, actor=actor, data={"strand": first_strand(actor)})
    rows = session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.position))
    form.organisation.choices = [
        SelectChoice(row.id, row.name)
        for row in rows
        if any(may_create_for(actor, row.id, strand) for strand in Strand)
    ]
    return form


def first_strand(actor: Actor) -> str:
    """Return the strand that is chosen beforehand: the only one, else knowledge exchange, where most talks are."""
    theirs = {strand for strand in Strand for lead in actor.organises_for if may_create_for(actor, lead, strand)}
    return (Strand.EXCHANGE if Strand.EXCHANGE in theirs or not theirs else min(theirs)).value


class ConfirmForm(Form):
    """What becomes of the rows."""

    publish = Radios(
        "What the file does not call a draft",
        choices=[SelectChoice("yes", "Publish at once"), SelectChoice("no", "Keep as drafts")],
        default="yes",
    )

    questions: tuple[Question, ...] = ()
    together: Any = None

    @property
    def wants_publishing(self) -> bool:
        """Whether all but what the file calls a draft is published."""
        return bool(self.publish.data == "yes")

    @property
    def answers(self) -> Mapping[str, Answer]:
        """Return what was said about each question."""
        if self.together and self.together.data in set(Answer):
            return {question.key: Answer(self.together.data) for question in self.questions}
        return {question.key: Answer(self[question.key].data) for question in self.questions}


class Answers(RadioField):
    """One answer of two, to be given."""

    def pre_validate(self, form: ConfirmForm) -> None:
        """Ask for an answer, unless one was given for all."""
        together = form.together.data if form.together else None
        if together not in set(Answer) and self.data not in set(Answer):
            raise ValidationError(f"Say what {self.label.text} is.")


def confirm_form(plan: ImportPlan, typed: Any = None) -> ConfirmForm:
    """Return the form for a plan, with a field for each of its questions, or one for all where they are many."""
    fields: dict[str, Any] = {"questions": plan.questions}
    if len(plan.questions) > 1:
        fields["together"] = together(len(plan.questions))
    if len(plan.questions) <= MOST_QUESTIONS:
        fields |= {question.key: answer_field(question) for question in plan.questions}
    made: ConfirmForm = type("ConfirmFormOfPlan", (ConfirmForm,), fields)(typed)
    return made


def together(count: int) -> Radios:
    """Return the field that answers all questions at once."""
    choices = [
        SelectChoice(Answer.SAME.value, "All are the same events, changed"),
        SelectChoice(Answer.NEW.value, "All are new events"),
    ]
    if count > MOST_QUESTIONS:
        return Radios(f"All {count:,} rows together", choices=choices)
    return Radios("All of them", choices=[SelectChoice(ONE_BY_ONE, "One by one"), *choices], default=ONE_BY_ONE)


def answer_field(question: Question) -> Answers:
    """Return the field for one question."""
    same = SelectChoice(Answer.SAME.value, SAME_WORDS[question.likeness])
    return Answers(f"line {question.row.row.line}", choices=[same, SelectChoice(Answer.NEW.value, "A new event")])
