"""Upload, look, confirm, read the report."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event, ImportFile
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.flows.importing.files import folder
from tests.data.invented import FEED
from tests.factories.cast import Cast
from tests.screens.organiser.imports.conftest import HOME, Upload, answers_in, sheet

MOSS = "On moss,Moss,02/02/2027 13:00,02/02/2027 14:00"
MOVED = "On moss,Moss,03/02/2027 13:00,03/02/2027 14:00"


def events(session: Session) -> int:
    """Return how many events there are."""
    session.rollback()  # what was read before is not read again
    return session.scalar(select(func.count()).select_from(Event)) or 0


def waiting_files(app: Flask) -> int:
    """Return how many files wait in the store."""
    return len(list(folder(app.extensions["settings"].store).glob("*")))


def test_uploading_shows_what_would_happen_and_does_nothing(
    session: Session, omar: FlaskClient, upload: Upload
) -> None:
    answer = upload()
    assert (answer.status_code, answer.location) == (303, f"{HOME}/1")
    page = omar.get(answer.location).text
    assert "<b>60</b> read" in page
    assert "<b>60</b> new" in page
    assert "<b>8</b> odd" in page
    assert "Import 60 events" in page
    assert "There is no venue." in page
    assert "Left open: venue to be announced." in page
    assert "1st Wk HT27" in page or "3rd Wk HT27" in page
    assert "dates not confirmed" in page
    assert events(session) == 0


def test_confirming_imports_everything_and_keeps_a_report(
    app: Flask, session: Session, omar: FlaskClient, upload: Upload
) -> None:
    address = upload().location
    assert waiting_files(app) == 1
    answer = omar.post(f"{address}/confirmation", data={"publish": "yes"})
    assert (answer.status_code, answer.location) == (303, address)
    page = omar.get(address).text
    assert "60 events imported." in page
    assert "55 events published." in page
    assert "5 events stay drafts: 5 as the file calls them drafts." in page
    assert "There is no venue." in page
    assert "Invented Grand Rounds" in page
    assert events(session) == 60
    assert waiting_files(app) == 0
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_keeping_drafts_publishes_nothing(session: Session, omar: FlaskClient, upload: Upload) -> None:
    omar.post(f"{upload().location}/confirmation", data={"publish": "no"})
    assert set(session.scalars(select(Event.state))) == {EventState.DRAFT}


def test_same_file_again_has_nothing_to_do(session: Session, omar: FlaskClient, upload: Upload) -> None:
    omar.post(f"{upload().location}/confirmation", data={"publish": "yes"})
    page = omar.get(upload().location).text
    assert "Nothing to do" in page
    assert "<b>60</b> same" in page
    omar.post(f"{HOME}/2/confirmation", data={"publish": "yes"})
    assert events(session) == 60


def test_confirming_twice_imports_once(session: Session, omar: FlaskClient, upload: Upload) -> None:
    address = upload().location
    omar.post(f"{address}/confirmation", data={"publish": "yes"})
    again = omar.post(f"{address}/confirmation", data={"publish": "yes"})
    assert again.location == address
    assert "imported already" in omar.get(address).text
    assert events(session) == 60


def test_past_calendar_says_that_it_is_an_archive(session: Session, omar: FlaskClient, upload: Upload) -> None:
    address = upload(FEED.read_bytes(), FEED.name).location
    page = omar.get(address).text
    assert "24 of them are over already: archive, no mail, no reminders" in page
    assert "24 new events do not say who can attend" in page
    omar.post(f"{address}/confirmation", data={"publish": "yes"})
    assert "24 events went into the archive" in omar.get(address).text
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_likely_move_must_be_answered(session: Session, omar: FlaskClient, upload: Upload) -> None:
    omar.post(f"{upload(sheet(MOSS)).location}/confirmation", data={"publish": "yes"})
    address = upload(sheet(MOVED)).location
    page = omar.get(address).text
    assert "Are these the same events?" in page
    assert "Tue 2 Feb 2027, 13:00 GMT" in page
    [question] = answers_in(page)
    unanswered = omar.post(f"{address}/confirmation", data={"publish": "yes"})
    assert unanswered.status_code == 422
    assert "Say what line 2 is." in unanswered.text
    assert omar.post(f"{address}/confirmation", data={"publish": "yes", question: "maybe"}).status_code == 422
    assert events(session) == 1
    omar.post(f"{address}/confirmation", data={"publish": "yes", question: "same"})
    assert events(session) == 1
    assert "1 changed." in omar.get(address).text
    assert session.scalars(select(Event.starts_at)).one().day == 3


def test_likely_move_may_be_new(session: Session, omar: FlaskClient, upload: Upload) -> None:
    omar.post(f"{upload(sheet(MOSS)).location}/confirmation", data={"publish": "yes"})
    address = upload(sheet(MOVED)).location
    [question] = answers_in(omar.get(address).text)
    omar.post(f"{address}/confirmation", data={"publish": "yes", question: "new"})
    assert events(session) == 2


def test_many_likely_moves_are_answered_together(session: Session, omar: FlaskClient, upload: Upload) -> None:
    talks = [f"Talk {number},Moss,{{}}/02/2027 13:{number % 60:02}," for number in range(130)]
    omar.post(f"{upload(sheet(*(talk.format('02') for talk in talks))).location}/confirmation", data={"publish": "yes"})
    address = upload(sheet(*(talk.format("03") for talk in talks))).location
    assert "All 130 rows together" in omar.get(address).text
    assert omar.post(f"{address}/confirmation", data={"publish": "yes"}).status_code == 422
    omar.post(f"{address}/confirmation", data={"publish": "yes", "together": "same"})
    assert events(session) == 130
    assert {start.day for start in session.scalars(select(Event.starts_at))} == {3}


def test_changed_rows_show_before_and_after(omar: FlaskClient, upload: Upload) -> None:
    omar.post(f"{upload(sheet(MOSS)).location}/confirmation", data={"publish": "yes"})
    address = upload(sheet(MOSS.replace("14:00", "15:30"))).location
    page = omar.get(f"{address}?show=changed").text
    assert "Change 1 event" in page
    assert "13:00 to 14:00 GMT" in page
    assert "13:00 to 15:30 GMT" in page


def test_columns_not_understood_are_told(omar: FlaskClient, upload: Upload) -> None:
    data = b"Title,Start,Cost code,Colour\nOn moss,02/02/2027 13:00,X1,green\n"
    assert "Cost code and Colour" in omar.get(upload(data).location).text


def test_odd_rows_come_as_a_spreadsheet(omar: FlaskClient, upload: Upload) -> None:
    address = upload().location
    waiting = omar.get(f"{address}/odd-rows.csv")
    omar.post(f"{address}/confirmation", data={"publish": "yes"})
    done = omar.get(f"{address}/odd-rows.csv")
    assert waiting.mimetype == "text/csv"
    assert waiting.data == done.data
    assert waiting.text.count("\r\n") == 9


def test_file_can_be_thrown_away(app: Flask, session: Session, omar: FlaskClient, upload: Upload) -> None:
    omar.post(f"{upload().location}/removal")
    assert waiting_files(app) == 0
    assert session.scalar(select(func.count()).select_from(ImportFile)) == 0


def test_done_import_stays(session: Session, omar: FlaskClient, upload: Upload) -> None:
    address = upload().location
    omar.post(f"{address}/confirmation", data={"publish": "yes"})
    omar.post(f"{address}/removal")
    assert session.scalar(select(func.count()).select_from(ImportFile)) == 1


def test_list_tells_what_each_file_did(cast: Cast, omar: FlaskClient, upload: Upload) -> None:
    assert "No file yet" in omar.get(HOME).text
    omar.post(f"{upload().location}/confirmation", data={"publish": "yes"})
    upload(sheet(MOSS), "more.csv")
    page = omar.get(HOME).text
    assert "60 new, 0 changed, 8 odd" in page
    assert "To be confirmed" in page
    assert cast.omar.name in page


def test_file_whose_bytes_are_gone_is_told(app: Flask, omar: FlaskClient, upload: Upload) -> None:
    address = upload().location
    [file] = folder(app.extensions["settings"].store).glob("*")
    file.rename(file.with_name("elsewhere"))
    omar.get(upload(sheet(MOSS)).location)
    omar.get(upload(sheet(MOVED)).location)
    page = omar.get(address)
    assert page.status_code == 200
    assert "The file is not kept any more" in page.text
    assert omar.post(f"{address}/confirmation", data={"publish": "yes"}).status_code == 303


def test_pages_of_rows_stay_within_bounds(omar: FlaskClient, upload: Upload) -> None:
    address = upload().location
    for query in ("page=2", "page=9999999", "show=odd", "show=same&page=3"):
        assert omar.get(f"{address}?{query}").status_code == 200
    for query in ("page=x", "show=nonsense"):
        assert omar.get(f"{address}?{query}").status_code == 400


def test_preview_says_what_becomes_of_drafts_that_are_cancelled_or_postponed_now(
    omar: FlaskClient, upload: Upload
) -> None:
    head = "Title,Series,Start,End,Status\n"
    rows = ("On moss", "On bells", "On tides", "On wells")

    def talks(*states: str) -> bytes:
        lines = [
            f"{title},Moss,0{n}/02/2027 13:00,,{state}"
            for n, (title, state) in enumerate(zip(rows, states, strict=True), 1)
        ]
        return (head + "\n".join(lines)).encode()

    omar.post(f"{upload(talks('draft', 'draft', 'draft', 'draft')).location}/confirmation", data={"publish": "no"})
    page = omar.get(upload(talks("published", "cancelled", "postponed", "draft")).location).text
    assert "1 draft of an earlier import that can be published now" in page
    assert "2 rows say cancelled or postponed: none is shown as taking place, whatever you choose" in page
    assert "A draft here: published if you choose to publish, else it stays one." in page
    assert "Never shown as taking place: shown as cancelled if you choose to publish" in page
    assert "shown as postponed, without a date, if you choose to publish" in page
