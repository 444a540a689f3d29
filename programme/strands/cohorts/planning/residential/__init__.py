"""Joint residentials: a week of days made from a template, looked at before anything is made."""
