"""Tables as files: CSV and XLSX, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask import Response

from programme.core.lazy import load
from programme.core.web.converters import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file: UTF-8 with byte-order mark (Excel reads it right), CRLF, formula-safe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless(str(cell)) if isinstance(cell, str) else cell for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


def xlsx_bytes(sheet: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return an XLSX file with one sheet; texts stay texts."""
    return workbook_bytes([(sheet, head, rows)])


def workbook_bytes(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """Return an XLSX file with several sheets, each with its name, its head and its rows; texts stay texts."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = load("xlsxwriter").Workbook(out, options)
    bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "d mmmm yyyy"})
    for name, head, rows in sheets:
        page = book.add_worksheet(name[:31] or "Sheet")
        page.freeze_panes(1, 0)
        page.write_row(0, 0, head, bold)
        for number, row in enumerate(rows, start=1):
            write_row(page, number, row, days=days)
        page.autofit()
    book.close()
    return out.getvalue()


def write_row(page: Any, number: int, row: Sequence[object], *, days: Any) -> None:
    """Write one row; a day is a day that the spreadsheet can reckon with."""
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            page.write_string(number, column, cell)
        elif isinstance(cell, date) and not isinstance(cell, datetime):
            page.write_datetime(number, column, cell, days)
        elif cell is not None:
            page.write(number, column, cell)


def download(content: bytes, *, title: str, ending: str, media_type: str) -> Response:
    """Answer with a file to keep; its name is plain ASCII made of `title`."""
    name = f"{slug(title, 0).removesuffix('-0') or 'download'}.{ending}"
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
