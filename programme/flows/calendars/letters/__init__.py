"""Calendar invitations: what letters bring for calendars, and how each person's calendar learns of their places."""
