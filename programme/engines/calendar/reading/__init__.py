"""Reading other people's spreadsheets and calendar files."""
