"""Plain text fits a window, loses no word, and breaks no address."""

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.mail.wire.plain import COLUMNS, laid_out

ADDRESS = "https://programme.example.ac.uk/registrations/" + "x" * 90


@given(st.text(alphabet="ab -:\n“”é", max_size=600))
def test_lines_fit_and_no_word_is_lost(text: str) -> None:
    shown = laid_out(text)
    longest = max((len(word) for word in text.split()), default=0)
    assert shown.split() == text.split()
    assert all(len(line) <= max(COLUMNS, longest + 17) for line in shown.splitlines())
    assert "\n\n\n" not in shown
    assert laid_out(shown) == shown


def test_address_stays_whole_on_a_line_of_its_own() -> None:
    assert f"\n{ADDRESS}\n" in laid_out(f"{'See, change or give back your place at the address below. ' * 2}{ADDRESS}")


def test_rest_of_a_long_line_hangs_behind_its_word_or_dash() -> None:
    assert laid_out(f"Where: {'hall ' * 20}").splitlines()[1].startswith("       hall")
    assert laid_out(f"- {'bring ' * 20}").splitlines()[1].startswith("  bring")
