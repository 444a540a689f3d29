"""Who may register for an opening: invitations, and the list of addresses."""
