"""Organisers’ screens of letters to many: the list, writing, looking, sending, and what became of them."""
