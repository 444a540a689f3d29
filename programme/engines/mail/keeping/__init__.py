"""What the mail room keeps on people."""
