"""The catalogue of letters: what the programme sends, as it reaches people, and its wording."""
