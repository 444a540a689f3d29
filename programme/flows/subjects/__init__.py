"""The things that remind, as the rules of reminders see them: whom, when, and whether at all."""
