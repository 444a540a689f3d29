"""The pages of a form filled in one section a page: which there are, and where one is after those that are skipped."""

from programme.engines.questionnaire.kinds import Asked
from programme.engines.registration.drafts.sections import page_at, pages_of, to_fill

FORM = [
    Asked(id=1, kind="yes_no", label="Do you stay overnight?"),
    Asked(id=2, kind="section", label="Overnight"),
    Asked(id=3, kind="short_text", label="Which nights?"),
    Asked(id=4, kind="section", label="Talk"),
    Asked(id=5, kind="short_text", label="Title"),
    Asked(id=6, kind="section", label="Travel"),
    Asked(id=7, kind="short_text", label="From where?"),
]
ALL = pages_of(FORM)


def test_what_stands_before_any_section_is_on_the_first_page() -> None:
    assert [(page.number, page.title, page.questions) for page in ALL] == [
        (1, "About you", (1,)),
        (2, "Overnight", (3,)),
        (3, "Talk", (5,)),
        (4, "Travel", (7,)),
    ]


def test_a_section_of_which_nothing_is_asked_is_skipped_and_the_numbers_stay() -> None:
    assert [page.number for page in to_fill(ALL, {1, 5, 7})] == [1, 3, 4]
    assert [page.number for page in to_fill(ALL, set())] == [1]


def test_instead_of_a_page_that_is_skipped_comes_the_next_and_at_the_end_the_last() -> None:
    pages = to_fill(ALL, {1, 5})
    assert [page_at(pages, number).number for number in (1, 2, 3, 4, 99)] == [1, 3, 3, 3, 3]
