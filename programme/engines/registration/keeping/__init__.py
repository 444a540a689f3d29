"""What registration keeps on people."""
