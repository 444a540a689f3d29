"""Tests of cells, headings and dates of spreadsheets."""
