"""What calendar clients take: feeds, files, and the page of all calendars."""
