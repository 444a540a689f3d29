"""Organisers’ screens of groups: the list, and who is in one."""
