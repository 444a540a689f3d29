"""What the letters are that ask for something: a form, an answer, a yes."""
