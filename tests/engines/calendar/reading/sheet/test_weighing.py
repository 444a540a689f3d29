"""A small workbook that would fill the memory is refused before the library opens it."""

import io
import zipfile

import pytest

from programme.engines.calendar.reading.rows import ReadingRefused
from programme.engines.calendar.reading.sheet.workbook import workbook_lines

LONG = 30_000
SHARES = '<c r="A{n}" t="s"><v>2</v></c>'
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def test_one_long_text_in_a_few_cells_is_read() -> None:
    lines = workbook_lines(crafted(cells=100))
    assert [len(str(line.cells[0])) for line in lines] == [LONG] * 100


def test_one_long_text_in_very_many_cells_is_refused_before_it_unfolds() -> None:
    data = crafted(cells=2_000)
    assert len(data) < 20_000
    with pytest.raises(ReadingRefused, match="more than 50,000,000 characters together"):
        workbook_lines(data)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A{n}" t="s"><f>1</f><v>2</v></c>',
        "<c t='s' r='A{n}' s=\"&gt;\"><v><![CDATA[2]]></v></c>",
        '<c r="A{n}" t="&#115;"><v>&#50;</v></c>',
        '<c r="A{n}" t="s"><v>0<!-- 1 -->2</v></c>',
        '<x:c xmlns:x="urn:x" r="A{n}" t="s"><x:v>2</x:v></x:c>',
    ],
)
def test_writing_it_otherwise_hides_nothing(cell: str) -> None:
    with pytest.raises(ReadingRefused, match="50,000,000 characters"):
        workbook_lines(crafted(cells=2_000, cell=cell))


@pytest.mark.parametrize(
    "given",
    [
        {"cell": '<c r="A{n}" t="s"><v>2<v>0</v></v></c>'},
        {"cell": '<c r="A{n}" t="s"><v>2</v>'},
        {"declared": '<!DOCTYPE sst [<!ENTITY e "eeeeeeee">]>'},
        {"declared": "<!-- <si> --><si x='<si>'></si>"},
        {"twice": True},
    ],
)
def test_what_two_readers_could_read_differently_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ReadingRefused, match="damaged"):
        workbook_lines(crafted(cells=10, **given))  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["<c><v>1</v></c>", "<c/>"])
def test_cells_without_a_place_count_as_well(cell: str) -> None:
    with pytest.raises(ReadingRefused, match="1,000,001 rows and 5 columns"):
        workbook_lines(crafted(cells=2, row='<row r="1000000"/><row>', cell=cell * 5))


def test_of_very_many_sheets_the_first_are_looked_at() -> None:
    lines = workbook_lines(crafted(cells=10, cell='<c r="A{n}"><v>1</v></c>', sheets=5_000))
    assert len(lines) == 10


def crafted(
    *,
    cells: int,
    cell: str = SHARES,
    row: str = '<row r="{n}">',
    declared: str = "",
    sheets: int = 1,
    twice: bool = False,
) -> bytes:
    """Pack a workbook by hand: `cells` rows, texts that they share, and as many sheets that are the same part."""
    rows = "".join(row.format(n=n) + cell.format(n=n) + "</row>" for n in range(1, cells + 1))
    names = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, sheets + 1))
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("Title", "Start", "x" * LONG))
    parts = [
        (
            "xl/workbook.xml",
            f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>',
        ),
        ("xl/_rels/workbook.xml.rels", related(r1=("worksheet", "s.xml"), r2=("sharedStrings", "sharedStrings.xml"))),
        ("_rels/.rels", related(r1=("officeDocument", "xl/workbook.xml"))),
        ("xl/SharedStrings.xml", f'{declared}<sst xmlns="{SPREADSHEET}">{texts}</sst>'),
        ("xl/s.xml", f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>'),
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*parts, *([("XL/sharedstrings.xml", "<sst/>")] if twice else [])]:
            archive.writestr(name, f'<?xml version="1.0"?>{content}')
    return packed.getvalue()


def related(**targets: tuple[str, str]) -> str:
    """Say where the parts of a part are."""
    found = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{to}"/>' for key, (kind, to) in targets.items()
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{found}</Relationships>'
    )
