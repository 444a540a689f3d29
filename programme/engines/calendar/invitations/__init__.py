"""Calendar invitations (iMIP): who invites whom, and by which method a letter tells calendars. Pure."""
