"""How an opening decides: its rules."""
