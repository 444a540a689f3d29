"""Claims on an opening, written down."""
