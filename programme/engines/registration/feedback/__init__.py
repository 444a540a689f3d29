"""What those who came are asked afterwards: answered once a person, and kept without a name."""
