"""Who may register: a group, a list of addresses, those who were invited."""
