"""Who may register: groups, lists and invitations."""
