"""By choice: reminders of a day in one letter, quiet hours, and organisers' letter of what needs them."""
