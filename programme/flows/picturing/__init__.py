"""Pictures of events: taken in as files, drawn afresh, shown with an event, and swept away when none shows them."""
