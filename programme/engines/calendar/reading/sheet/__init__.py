"""Cells, headings and dates of spreadsheets, in text files and workbooks."""
