"""The main job, step by step: import, publish, open, sign up, wait, cancel, promote, move, remind."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.bed.servers.smtp import Received
from tests.rehearsal.stage import Stage, calendar_in, link_in, text_of
from tests.rehearsal.visitor import Page, Visitor

DATA = Path(__file__).parent.parent / "data"
OMAR = "omar@oxford.ox.ac.uk"
TALK, SECOND = "On lanterns, part 1", "On tides, part 1"
PLACES = 20
BRITISH_DATE = re.compile(r"\b(\d\d)/(\d\d)/(\d{4})\b")
FIRST_OF_FILE = date(2027, 2, 1)
WEEKS_AHEAD = 6


def play(stage: Stage) -> None:
    """Play the whole job; the first difference ends it."""
    stage.command("grant", OMAR, "organiser", "--organisation", "oxford", "--name", "Omar Otterbrook")
    stage.run_due()
    omar = stage.sign_in(OMAR)
    import_talks(stage, omar)
    talk = open_registration(stage, omar, TALK)
    letters = sign_up_all(stage, talk)
    promote_the_waiting(stage, letters)
    moved(stage, omar, talk)
    there_and_back(stage, omar)
    import_archive(stage, omar)


def ahead(text: str) -> str:
    """Move every British date of a file on by whole weeks, so that the first lies some weeks ahead."""
    weeks = max(0, ((date.today() - FIRST_OF_FILE).days // 7) + WEEKS_AHEAD)  # noqa: DTZ011  a day, not an instant

    def later(found: re.Match[str]) -> str:
        day = date(int(found[3]), int(found[2]), int(found[1])) + timedelta(weeks=weeks)
        return day.strftime("%d/%m/%Y")

    return BRITISH_DATE.sub(later, text)


def import_talks(stage: Stage, omar: Visitor) -> None:
    """The spreadsheet comes in through the browser, with a preview and a report; twice makes nothing new."""
    content = ahead((DATA / "invented-talks.csv").read_text(encoding="utf-8-sig")).encode("utf-8-sig")
    page = omar.get("/organise/imports")
    preview = omar.upload(page.form(having="file"), field_name="file", filename="talks.csv", content=content)
    stage.expect("preview of the spreadsheet", preview.status, 200)
    stage.say("it reports", sentence_with(preview, "odd"))
    done = omar.send(preview.form(going_to="confirmation"), publish="yes")
    stage.expect("confirmed", done.status, 200)
    stage.say("it says", sentence_with(done, "import"))
    stage.expect("letters about it", len(stage.run_due()), 0)
    again = omar.upload(page.form(having="file"), field_name="file", filename="talks.csv", content=content)
    stage.say("the same file again", sentence_with(again, "same"))
    stage.expect(
        "the talk is listed for everybody", TALK in Visitor(stage.base).get("/events?q=lanterns").text, wanted=True
    )


def sentence_with(page: Page, word: str) -> str:
    """Return a few words of the page around one."""
    words = page.words
    place = words.lower().find(word)
    return words[max(0, place - 60) : place + 40] if place >= 0 else f"(no {word!r} in: {words[:200]})"


def open_registration(stage: Stage, omar: Visitor, title: str) -> str:
    """An organiser opens registration for a talk, with twenty places and a short form; returns the talk's address."""
    event_id, address = find_talk(omar, title)
    page = omar.get(f"/organise/openings/new?event={event_id}")
    made = omar.send(page.form(having="capacity"), capacity=str(PLACES), eligibility="anyone")
    stage.expect(f"an opening for “{title}”", made.status, 200)
    opening_id = re.search(r"/organise/openings/(\d+)", made.address + made.text)
    assert opening_id is not None
    home = f"/organise/openings/{opening_id[1]}"
    questions = omar.get(f"{home}/questions")
    ask = {"kind": "short_text", "label": "What would you like to hear about?"}
    questions = omar.send(questions.form(having="kind"), **ask)
    omar.send(questions.form(having="kind"), kind="yes_no", label="Will you stay for tea?")
    omar.post(f"{home}/publication", {})
    stage.expect("its form is open to all", Visitor(stage.base).get(f"{address}/registration").status, 200)
    return address


def find_talk(omar: Visitor, title: str) -> tuple[str, str]:
    """Return a talk's id and public address."""
    words = title.partition(",")[0].rpartition(" ")[2]
    page = omar.get(f"/events?q={words}")
    found = re.search(rf'href="(/events/[^"]*?-(\d+))"[^>]*>\s*{re.escape(title)}', page.text)
    assert found is not None, page.words[:400]
    return found[2], found[1]


def sign_up_all(stage: Stage, talk: str) -> list[Received]:
    """Twenty-one people of both universities sign up; each follows the letter's link and keeps the place."""
    for number in range(PLACES + 1):
        sign_up(stage, talk, number)
    letters = sorted(stage.run_due(), key=number_of)
    stage.expect("letters after 21 sign-ups", len(letters), PLACES + 1)
    confirmed, waiting = letters[:PLACES], letters[PLACES:]
    stage.expect("with a calendar file", sum("BEGIN:VEVENT" in calendar_in(one) for one in confirmed), PLACES)
    stage.expect("the 21st waits", "waiting list" in text_of(waiting[0]), wanted=True)
    kept = [keep_place(stage, letter) for letter in letters]
    stage.expect("everybody keeps the place by the link", kept.count(200), PLACES + 1)
    stage.letters()
    return letters


def number_of(letter: Received) -> int:
    """Return which of the people a letter went to: letters go side by side, in no order."""
    return int(letter.recipients[0].removeprefix("person").partition("@")[0])


def sign_up(stage: Stage, talk: str, number: int) -> None:
    """One person without an account registers, in two requests."""
    university = ("liverpool.ac.uk", "ox.ac.uk")[number % 2]
    visitor = Visitor(stage.base)
    form = visitor.get(f"{talk}/registration").form(having="form_key")
    address = f"person{number}@{university}"
    sent = visitor.send(form, name=f"Invented Person {number}", email=address)
    if sent.status != 200:
        raise AssertionError(f"{address}: {sent.status} {sent.words[:300]}")


def keep_place(stage: Stage, letter: Received) -> int:
    """Open a letter's link and press the button that keeps the place."""
    visitor = Visitor(stage.base)
    page = visitor.get(link_in(letter, "/registrations/"))
    return visitor.send(page.form(going_to="/proof")).status


def promote_the_waiting(stage: Stage, letters: list[Received]) -> None:
    """One cancels by the link; the waiting one moves up and is told."""
    visitor = Visitor(stage.base)
    page = visitor.get(link_in(letters[0], "/registrations/") + "/cancellation")
    assert page.status == 200, (page.address, text_of(letters[0]))
    given_back = visitor.send(page.form(going_to="/cancellation"))
    stage.say("one gives the place back", sentence_with(given_back, "cancelled"))
    told = {letter.recipients[0]: str(letter.message["Subject"]) for letter in stage.run_due()}
    stage.expect("who hears of it", sorted(told), sorted([letters[0].recipients[0], letters[PLACES].recipients[0]]))
    stage.say("the waiting one reads", told[letters[PLACES].recipients[0]])


def moved(stage: Stage, omar: Visitor, talk: str) -> None:
    """The organiser moves the talk by a day: feeds and letters say so, and the reminder follows."""
    before = feed(stage, talk)
    change_day(omar, talk, days=1)
    after = feed(stage, talk)
    stage.expect("its SEQUENCE rose by", after[1] - before[1], 1)
    stage.expect("its day moved by", after[0] - before[0], timedelta(days=1))
    letters = stage.run_due()
    stage.expect("people told of the move", len(letters), PLACES)
    body = text_of(letters[0])
    days = [f"{moment:%A} {moment.day} {moment:%B}" for moment in (before[0], after[0])]
    stage.expect("the letter says before and after", all(day in body for day in days), wanted=True)
    old, new = (moment - timedelta(days=1) for moment in (before[0], after[0]))
    stage.expect("reminders a day before the old date", len(stage.run_due(f"{old:%Y-%m-%dT%H:%M}")), 0)
    stage.expect("reminders a day before the new date", len(stage.run_due(f"{new:%Y-%m-%dT%H:%M}")), PLACES)
    later = new + timedelta(hours=2)
    stage.expect("and again two hours later", len(stage.run_due(f"{later:%Y-%m-%dT%H:%M}")), 0)


def feed(stage: Stage, talk: str) -> tuple[datetime, int]:
    """Return (start at London wall time, SEQUENCE) of a talk's calendar file."""
    text = Visitor(stage.base).get(f"{talk}.ics").text
    start, sequence = re.search(r"DTSTART;TZID=Europe/London:(\w+)", text), re.search(r"SEQUENCE:(\d+)", text)
    assert start is not None, text
    return datetime.strptime(start[1], "%Y%m%dT%H%M%S"), int(sequence[1]) if sequence else 0  # noqa: DTZ007  wall time


def change_day(omar: Visitor, talk: str, *, days: int) -> None:
    """Move a talk through the organisers' form, its preview and the confirmation."""
    home = f"/organise/events/{talk.rpartition('-')[2]}/move"
    form = omar.get(home).form(going_to="/move/preview")
    day = date.fromisoformat(dict(form.values)["starts-date"]) + timedelta(days=days)
    preview = omar.send(form, **{"starts-date": day.isoformat(), "ends-date": ""})
    if preview.status != 200:
        raise AssertionError(preview.words[:400])
    omar.send(preview.form(going_to="/move"))


def there_and_back(stage: Stage, omar: Visitor) -> None:
    """A talk moved there and back again still reminds, once."""
    talk = open_registration(stage, omar, SECOND)
    sign_up(stage, talk, 100)
    letters = stage.run_due()
    keep_place(stage, letters[0])
    change_day(omar, talk, days=2)
    stage.run_due()
    change_day(omar, talk, days=-2)
    stage.run_due()
    eve = feed(stage, talk)[0] - timedelta(days=1)
    at = f"{eve:%Y-%m-%dT%H:%M}"
    reminders = [one for one in stage.run_due(at) if one.recipients == letters[0].recipients]
    stage.expect("moved there and back, reminded", len(reminders), 1)
    stage.expect("and not twice", len([one for one in stage.run_due(at) if one.recipients == letters[0].recipients]), 0)


def import_archive(stage: Stage, omar: Visitor) -> None:
    """A calendar of the past comes in as an archive: no letter, no reminder."""
    content = (DATA / "invented-feed.ics").read_bytes()
    page = omar.get("/organise/imports")
    preview = omar.upload(page.form(having="file"), field_name="file", filename="feed.ics", content=content)
    stage.expect("preview of the past calendar", preview.status, 200)
    done = omar.send(preview.form(going_to="confirmation"))
    stage.say("it says", sentence_with(done, "archive"))
    stage.expect("letters about the past", len(stage.run_due()), 0)
