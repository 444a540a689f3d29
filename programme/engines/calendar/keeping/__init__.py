"""What the calendar keeps on people."""
