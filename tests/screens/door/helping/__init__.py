"""Who helps at the door, and whom they let in."""
