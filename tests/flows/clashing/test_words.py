"""What clashes, said so that everybody can reckon it again: the time that both take, the day where it is another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from programme.engines.calendar.clashes.rule import Clash, Kind, Severity, Stay
from programme.flows.clashing.words import MOST_TOLD, sentence, span, warnings_of

TWO = datetime(2027, 2, 16, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLINIC = Stay(event_id=1, title="Clinic", site="LIV", starts_at=TWO, ends_at=TWO + 2 * HOUR)
TALK = Stay(event_id=2, title="Talk", site="OXF", starts_at=TWO + HOUR, ends_at=TWO + 3 * HOUR)
OVERLAP = Clash(severity=Severity.HARD, kind=Kind.OVERLAP, mine=CLINIC, wanted=TALK)


def test_of_two_that_overlap_in_part_the_time_that_both_take_is_told() -> None:
    assert sentence(OVERLAP) == (
        "“Clinic” is at the same time as “Talk”: Tuesday 16 February, 14:00 to 16:00 GMT."
        " Both are on from 15:00 to 16:00 GMT."
    )


def test_where_that_is_the_whole_of_it_the_time_is_told_once() -> None:
    whole = replace(OVERLAP, wanted=replace(TALK, starts_at=TWO, ends_at=TWO + 3 * HOUR))
    assert sentence(whole) == "“Clinic” is at the same time as “Talk”: Tuesday 16 February, 14:00 to 16:00 GMT."


def test_a_way_past_midnight_names_both_days() -> None:
    late = replace(CLINIC, starts_at=TWO + 7 * HOUR, ends_at=TWO + 9 * HOUR)
    early = replace(TALK, starts_at=TWO + 11 * HOUR, ends_at=TWO + 12 * HOUR)
    by_night = Clash(
        severity=Severity.TIGHT, kind=Kind.TRAVEL, mine=late, wanted=early, gap=2 * HOUR, needed=timedelta(minutes=245)
    )
    assert sentence(by_night).replace("\N{NO-BREAK SPACE}", " ") == (
        "“Clinic” ends 23:00 GMT in Liverpool on Tuesday 16 February, “Talk” begins 01:00 GMT on Wednesday 17 February"
        " in Oxford: 2 h between, 4 h 05 needed."
    )


def test_how_long_is_said_in_minutes_below_an_hour_and_without_them_at_a_full_one() -> None:
    said = [span(timedelta(minutes=number)).replace("\N{NO-BREAK SPACE}", " ") for number in (59, 60, 61)]
    assert said == ["59 min", "1 h", "1 h 01"]


def test_the_first_are_told_and_the_others_counted() -> None:
    for number, more in ((MOST_TOLD, 0), (MOST_TOLD + 2, 2)):
        told = warnings_of([OVERLAP] * number)
        assert (len(told.told), told.more, told.is_hard) == (MOST_TOLD, more, True)
    assert not warnings_of([replace(OVERLAP, severity=Severity.TIGHT)]).is_hard
    assert not warnings_of([])
